/**
 * Area under the ROC curve, exact: the share of (positive, negative) pairs in which the positive scores
 * higher, equal scores counting half; a pair weighs the product of its rows' weights. Scratch space is kept
 * between calls.
 */
export class AucCalculator {
  private keys = new Uint32Array(0);
  private otherKeys = new Uint32Array(0);
  private rows = new Uint32Array(0);
  private otherRows = new Uint32Array(0);
  private readonly counts = new Uint32Array(3 * 2048);

  /**
   * `scores` [n · stride], of which those at `column` count; `labels` [n]: a row is positive where its label
   * is `positive`; rows with a NaN label do not count. `weights` [n] or null. NaN where one side is empty or
   * a score is NaN.
   */
  auc(
    scores: Float32Array,
    stride: number,
    column: number,
    labels: Float32Array,
    positive: number,
    weights: Float32Array | null,
  ): number {
    const n = this.collect(scores, stride, column, labels);
    if (n < 0) return NaN;
    this.sort(n);
    const { keys, rows } = this;
    let positives = 0;
    let negatives = 0;
    let pairs = 0;
    for (let i = 0; i < n;) {
      const key = keys[i]!;
      let tiedPositives = 0;
      let tiedNegatives = 0;
      for (; i < n && keys[i] === key; i++) {
        const row = rows[i]!;
        const weight = weights === null ? 1 : weights[row]!;
        if (labels[row] === positive) tiedPositives += weight;
        else tiedNegatives += weight;
      }
      pairs += tiedPositives * (negatives + tiedNegatives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
    }
    return positives > 0 && negatives > 0 ? pairs / (positives * negatives) : NaN;
  }

  /** Fills keys and rows with the labelled rows and returns how many; −1 where a score is NaN. */
  private collect(scores: Float32Array, stride: number, column: number, labels: Float32Array): number {
    if (this.keys.length < labels.length) {
      this.keys = new Uint32Array(labels.length);
      this.otherKeys = new Uint32Array(labels.length);
      this.rows = new Uint32Array(labels.length);
      this.otherRows = new Uint32Array(labels.length);
    }
    const { keys, rows } = this;
    const floats = new Float32Array(keys.buffer);
    let n = 0;
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row]!;
      if (label !== label) continue;
      const score = scores[row * stride + column]!;
      if (score !== score) return -1;
      // Adding 0 makes −0 equal to 0.
      floats[n] = score + 0;
      rows[n++] = row;
    }
    // As unsigned integers the keys must order as the floats do: negatives are flipped whole, the rest only
    // in sign.
    for (let i = 0; i < n; i++) {
      const bits = keys[i]!;
      keys[i] = bits >>> 31 ? ~bits : bits ^ 0x80000000;
    }
    return n;
  }

  /**
   * Radix sort of (keys, rows) by key, least significant digits first: 11, 11 and 10 bits; a digit that all
   * share is skipped.
   */
  private sort(n: number): void {
    const counts = this.counts.fill(0);
    for (let i = 0; i < n; i++) {
      const key = this.keys[i]!;
      counts[key & 2047]!++;
      counts[2048 + ((key >>> 11) & 2047)]!++;
      counts[4096 + (key >>> 22)]!++;
    }
    for (let pass = 0; pass < 3; pass++) {
      const shift = pass * 11;
      const base = pass * 2048;
      const { keys, rows, otherKeys, otherRows } = this;
      if (n === 0 || counts[base + ((keys[0]! >>> shift) & 2047)] === n) continue;
      let start = 0;
      for (let digit = base; digit < base + 2048; digit++) {
        const count = counts[digit]!;
        counts[digit] = start;
        start += count;
      }
      for (let i = 0; i < n; i++) {
        const key = keys[i]!;
        const place = counts[base + ((key >>> shift) & 2047)]!++;
        otherKeys[place] = key;
        otherRows[place] = rows[i]!;
      }
      this.keys = otherKeys;
      this.otherKeys = keys;
      this.rows = otherRows;
      this.otherRows = rows;
    }
  }
}
