/** The statistics of values over seeds. */
export interface Summary {
  readonly mean: number | null;
  readonly best: number | null;
  /** Sample standard deviation (n − 1); null below two values. */
  readonly sd: number | null;
  /** The largest minus the smallest; null below two values. */
  readonly spread: number | null;
}

export function summarise(values: readonly number[], isBiggerBetter: boolean): Summary {
  if (values.length === 0) return { mean: null, best: null, sd: null, spread: null };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return {
    mean: meanOf(values),
    best: isBiggerBetter ? high : low,
    sd: standardDeviation(values),
    spread: values.length > 1 ? high - low : null,
  };
}

/** Returns the standard error of the mean, s / √n; null below two values. */
export function errorOfMean(values: readonly number[]): number | null {
  const sd = standardDeviation(values);
  return sd === null ? null : sd / Math.sqrt(values.length);
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Returns Pearson's correlation of two lists of equal length; NaN where one of them does not vary. */
export function correlationOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const count = one.length;
  const mean = (of: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += of[i]!;
    return sum / count;
  };
  const [first, second] = [mean(one), mean(other)];
  let [together, own, others] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const [a, b] = [one[i]! - first, other[i]! - second];
    together += a * b;
    own += a * a;
    others += b * b;
  }
  return together / Math.sqrt(own * others);
}

/** Returns the value below which a share of sorted values lies, between two of them by a straight line. */
export function quantileOf(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
}

/** Returns the standard deviation of a sample (n − 1); null below two values. */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const middle = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/**
 * Returns p-values as they count among so many tests (Holm, 1979): below 0.05, one of all that are is wrong with 5 %
 * at most. Null: there was no test.
 */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const tests = values.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted = values.map((): number | null => null);
  let least = 0;
  tests.forEach(({ p, index }, rank) => {
    least = Math.max(least, Math.min(1, p * (tests.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}
