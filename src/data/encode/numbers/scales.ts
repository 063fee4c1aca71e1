import type { ScaleName } from '../../../experiment/schema/columns.js';
import type { Scale } from '../encoder.js';

/** The largest absolute number that is told from larger ones: an engine has single precision only. */
export const largestSingle = 3.4e38;
/** The largest absolute number that enters a network: within one, layers and squares make it larger still. */
export const largestInput = 1e15;

/**
 * Clips a number to single precision, so that sums and differences of such numbers stay finite in double.
 * There is no −0, which JSON loses.
 */
export const toSingle = (value: number): number =>
  Math.max(-largestSingle, Math.min(largestSingle, value)) + 0;

/** Numbers to learn from, which may be more than fit into memory. */
export interface Numbers {
  /** Hands on all of them, in their order, as one or as several arrays, each good until the next. */
  each(use: (values: Float64Array) => void): void;
  /** Returns them, or so many of them as fit, evenly from all; they may be changed or reordered. */
  some(): Float64Array;
}

/** Learns a scale from numbers. */
export function fitScale(scale: ScaleName, numbers: Numbers): Scale {
  switch (scale) {
    case 'none':
      return { kind: 'none' };
    case 'standard':
      return { kind: 'standard', ...moments(numbers) };
    case 'log':
      return { kind: 'log', ...moments(numbers, signedLog) };
    case 'minmax':
      return { kind: 'minmax', ...(rangeOf(numbers) ?? { low: 0, high: 1 }) };
    case 'quantile':
      return { kind: 'quantile', quantiles: quantiles(numbers.some().sort()) };
    case 'robust':
      return { kind: 'robust', ...robustMoments(numbers.some().sort()) };
  }
}

/** How a scale computes. */
export interface Scaling {
  readonly scaled: (value: number) => number;
  /** A linear scale is (value − shift) / divisor; null: the scale is not linear. */
  readonly linear: { readonly shift: number; readonly divisor: number } | null;
}

/** Returns how a scale computes. */
export function scalingOf(scale: Scale): Scaling {
  switch (scale.kind) {
    case 'none':
      return linear(0, 1);
    case 'standard':
      return linear(scale.mean, scale.deviation);
    case 'minmax':
      return linear(scale.low, scale.high > scale.low ? scale.high - scale.low : 1);
    case 'log':
      return { scaled: (value) => (signedLog(value) - scale.mean) / scale.deviation, linear: null };
    case 'quantile':
      return { scaled: (value) => shareBelow(scale.quantiles, value), linear: null };
    case 'robust':
      return { scaled: (value) => clipped((value - scale.median) / scale.spread), linear: null };
  }
}

const linear = (shift: number, divisor: number): Scaling => ({
  scaled: (value) => (value - shift) / divisor,
  linear: { shift, divisor },
});

/** Returns the logarithm of 1 + |x| with the sign of x: defined everywhere, linear near 0. */
const signedLog = (value: number): number => Math.sign(value) * Math.log1p(Math.abs(value));

/** Clips a number smoothly to −3 … 3: z / √(1 + (z / 3)²) (Holzmüller et al. 2024, section 3). */
function clipped(z: number): number {
  // Beyond, z would be infinite where a spread is tiny; within single precision its clipped value is 3.
  const finite = Math.max(-1e30, Math.min(1e30, z));
  return finite / Math.hypot(1, finite / 3);
}

/**
 * Returns the median of sorted values, and what is 1 after scaling: the distance of the quartiles; if that is
 * 0, half of the range; if all are equal, 1 (Holzmüller et al. 2024, section 3).
 */
function robustMoments(sorted: Float64Array): { median: number; spread: number } {
  if (sorted.length === 0) return { median: 0, spread: 1 };
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)]!;
    return low + (place % 1) * (sorted[Math.ceil(place)]! - low);
  };
  const quartiles = at(0.75) - at(0.25);
  const half = (sorted.at(-1)! - sorted[0]!) / 2;
  return { median: at(0.5) + 0, spread: quartiles > 0 ? quartiles : half > 0 ? half : 1 };
}

/**
 * Returns mean and standard deviation (of the population), of the numbers or of a function of each; 0 and 1 for no
 * values, and 1 if all are equal.
 */
export function moments(
  numbers: Pick<Numbers, 'each'>,
  of?: (value: number) => number,
): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  numbers.each((values) => {
    count += values.length;
    sum = plusAll(sum, values, of);
  });
  if (count === 0) return { mean: 0, deviation: 1 };
  const mean = sum / count + 0;
  let squares = 0;
  numbers.each((values) => {
    squares = plusSquares(squares, values, mean, of);
  });
  const deviation = Math.sqrt(squares / count);
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

// What is added up is a variable of the loop's own function: one that a closure shares is made anew for each number.

/** Returns a sum and all of the values, or a function of each. */
function plusAll(sum: number, values: Float64Array, of?: (value: number) => number): number {
  if (of === undefined) for (let i = 0; i < values.length; i++) sum += values[i]!;
  else for (let i = 0; i < values.length; i++) sum += of(values[i]!);
  return sum;
}

/** Returns a sum and the squared distance of each of the values, or of a function of each, from the mean. */
function plusSquares(
  sum: number,
  values: Float64Array,
  mean: number,
  of?: (value: number) => number,
): number {
  if (of === undefined) for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  else for (let i = 0; i < values.length; i++) sum += (of(values[i]!) - mean) ** 2;
  return sum;
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** Returns the least and the largest of the numbers; null: there are none. */
export function rangeOf(numbers: Pick<Numbers, 'each'>): Range | null {
  let range: Range = { low: Infinity, high: -Infinity };
  numbers.each((values) => {
    range = withAll(range, values);
  });
  return range.low > range.high ? null : range;
}

/** Returns a range made so wide that it has all of the values. */
function withAll({ low, high }: Range, values: Float64Array): Range {
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return { low, high };
}

/** Returns up to 1001 of the sorted values, at equal shares; at least two. */
function quantiles(sorted: Float64Array): number[] {
  if (sorted.length === 0) return [0, 1];
  const steps = Math.max(1, Math.min(1000, sorted.length - 1));
  return Array.from({ length: steps + 1 }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / steps)]!);
}

/** Returns where a value lies between ascending quantiles, 0 … 1; among equal ones, in their middle. */
function shareBelow(quantiles: readonly number[], value: number): number {
  const first = firstIndex(quantiles, (quantile) => quantile >= value);
  const after = firstIndex(quantiles, (quantile) => quantile > value);
  const steps = quantiles.length - 1;
  if (first < after) return (first + after - 1) / 2 / steps;
  if (first === 0) return 0;
  if (first === quantiles.length) return 1;
  const low = quantiles[first - 1]!;
  const high = quantiles[first]!;
  return (first - 1 + (value - low) / (high - low)) / steps;
}

/** Returns where a value lies between ascending edges: the number of edges at or below it. */
export const placeAmong = (edges: readonly number[], value: number): number =>
  firstIndex(edges, (edge) => edge > value);

/** Returns the first index for which a condition, once true and then always, is true; the length if none. */
function firstIndex(values: readonly number[], isTrue: (value: number) => boolean): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(values[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
