/**
 * Where the bins of a column end. Edges lie between values of training rows, so every bin has rows to learn
 * from.
 */

/** A value, and how many rows have it. */
interface Run {
  readonly value: number;
  readonly rows: number;
}

/**
 * Returns ascending edges of about `bins` bins of sorted values with about as many rows in each. Up to as many
 * dominating values, which fill a bin or more, are bins of their own beyond them.
 */
export function quantileEdges(sorted: Float64Array, bins: number): number[] {
  const dominating = dominatingValues(sorted, bins);
  let others = sorted.length;
  for (const rows of dominating.values()) others -= rows;
  const perBin = others / bins;
  const edges: number[] = [];
  let filled = 0;
  let full = perBin;
  let before: number | null = null;
  eachRun(sorted, (value, rows) => {
    const own = dominating.has(value);
    if (before !== null && (own || dominating.has(before) || filled >= full))
      edges.push(between(before, value));
    if (!own) {
      if (filled >= full) full = perBin * (Math.floor(filled / perBin) + 1);
      filled += rows;
    }
    before = value;
  });
  return edges;
}

/** Returns the most frequent of sorted values, ascending; each has `minRows` rows or more. */
export const frequentValues = (sorted: Float64Array, minRows: number, most: number): number[] =>
  mostFrequent(sorted, minRows, most)
    .map(({ value }) => value)
    .sort((one, other) => one - other);

/** Returns the values that have more rows than a bin of what is then left, with their rows. */
function dominatingValues(sorted: Float64Array, bins: number): Map<number, number> {
  const dominating = new Map<number, number>();
  let left = sorted.length;
  for (const { value, rows } of mostFrequent(sorted, 2, bins)) {
    if (rows * bins <= left) break;
    dominating.set(value, rows);
    left -= rows;
  }
  return dominating;
}

/** Returns up to `most` of the values with `minRows` rows or more, the most frequent first, then the least. */
function mostFrequent(sorted: Float64Array, minRows: number, most: number): Run[] {
  const kept: Run[] = [];
  const prune = (): void => {
    kept.sort((one, other) => other.rows - one.rows || one.value - other.value);
    kept.length = Math.min(kept.length, most);
  };
  eachRun(sorted, (value, rows) => {
    if (rows < minRows) return;
    kept.push({ value, rows });
    // A column may have as many values as rows.
    if (kept.length >= 4 * most + 1000) prune();
  });
  prune();
  return kept;
}

/** Calls `use` for each different value of sorted ones. */
function eachRun(sorted: Float64Array, use: (value: number, rows: number) => void): void {
  for (let from = 0; from < sorted.length;) {
    const value = sorted[from]!;
    let to = from + 1;
    while (sorted[to] === value) to++;
    use(value, to - from);
    from = to;
  }
}

/** Returns a number above the lower value, and not above the upper one. */
function between(lower: number, upper: number): number {
  const middle = lower + (upper - lower) / 2;
  return middle > lower ? middle : upper;
}
