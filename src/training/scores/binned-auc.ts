/** Below 2⁻³⁰, and above 1 − 2⁻³⁰, all probabilities lie in one bin. */
const octaves = 30;

/**
 * Area under the ROC curve of probabilities in constant memory, whatever the number of rows. Those below ½, and
 * what others lack to 1, are put into bins of their logarithms, 2^`digits` in each octave; a positive and a
 * negative row of one bin count half, as equal scores do. So it is off by at most `bound`: half the weight of the
 * pairs within bins, as a share of all pairs.
 */
export class BinnedAuc {
  private readonly positives: Float64Array;
  private readonly negatives: Float64Array;
  private readonly half: number;
  private hasNaN = false;
  private readonly float = new Float32Array(1);
  private readonly bits = new Uint32Array(this.float.buffer);

  constructor(private readonly digits: number) {
    this.half = octaves * 2 ** digits + 1;
    this.positives = new Float64Array(2 * this.half);
    this.negatives = new Float64Array(2 * this.half);
  }

  /** The arguments are those of AucCalculator.auc. */
  add(
    scores: Float32Array,
    stride: number,
    column: number,
    labels: Float32Array,
    positive: number,
    weights: Float32Array | null,
  ): void {
    const { positives, negatives } = this;
    for (let row = 0; row < labels.length; row++) {
      const label = labels[row]!;
      if (label !== label) continue;
      const score = scores[row * stride + column]!;
      if (score !== score) {
        this.hasNaN = true;
        return;
      }
      (label === positive ? positives : negatives)[this.binOf(score)]! +=
        weights === null ? 1 : weights[row]!;
    }
  }

  /** NaN where one side is empty or a score was NaN. */
  value(): number {
    return this.sums().auc;
  }

  get bound(): number {
    return this.sums().bound;
  }

  private sums(): { auc: number; bound: number } {
    let positives = 0;
    let negatives = 0;
    let pairs = 0;
    let tied = 0;
    for (let bin = 0; bin < 2 * this.half; bin++) {
      const [own, others] = [this.positives[bin]!, this.negatives[bin]!];
      pairs += own * (negatives + others / 2);
      tied += own * others;
      positives += own;
      negatives += others;
    }
    if (this.hasNaN || positives === 0 || negatives === 0) return { auc: NaN, bound: NaN };
    const all = positives * negatives;
    return { auc: pairs / all, bound: tied / 2 / all };
  }

  /** Bins ascend with the score. */
  private binOf(score: number): number {
    const below = score < 0.5;
    // Exact: from ½ on, a score and 1 are so near that their difference has no more digits.
    const place = this.placeOf(below ? score : 1 - score);
    return below ? place : 2 * this.half - 1 - place;
  }

  /** Returns the place of a number from 0 to ½ among the bins of its half. */
  private placeOf(value: number): number {
    if (!(value >= 2 ** -octaves)) return 0;
    this.float[0] = value;
    // A float's bits ascend with it; the exponent of 2⁻³⁰ is 127 − 30.
    const place = (this.bits[0]! >>> (23 - this.digits)) - ((127 - octaves) << this.digits);
    return Math.min(this.half - 1, place + 1);
  }
}
