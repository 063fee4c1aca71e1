import { formatTick } from '../numbers.js';

/** Where the values of an axis are drawn. */
export interface Scale {
  at(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Returns the next larger of 1, 2 and 5 times a power of ten. */
export function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= wanted * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Returns the least and the largest of values; null: there is none. */
export function extentOf(values: Iterable<number>): readonly [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** Returns a scale from `from` to `to` pixels with about `count` ticks. On a logarithmic one all is above 0. */
export function scaleOf(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  { log = false, count = 5, room = 0 }: { log?: boolean; count?: number; room?: number } = {},
): Scale {
  if (log && low > 0) return logScale(low, high, from, to, count);
  const size = high - low || Math.abs(high) * 0.1 || 1;
  const [least, most] =
    high > low ? [low - room * size, high + room * size] : [low - size / 2, high + size / 2];
  const at = (value: number): number => from + ((value - least) / (most - least)) * (to - from);
  const step = niceStep((most - least) / count);
  const first = Math.ceil(least / step - 1e-9);
  const ticks = Array.from({ length: Math.floor(most / step + 1e-9) - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, label: formatTick(value, step) };
  });
  return { at, ticks };
}

function logScale(low: number, high: number, from: number, to: number, count: number): Scale {
  const around = high > low ? 1.03 : 1.5;
  const [least, most] = [Math.log(low / around), Math.log(high * around)];
  const at = (value: number): number => from + ((Math.log(value) - least) / (most - least)) * (to - from);
  const [first, last] = [Math.floor(least / Math.LN10), Math.ceil(most / Math.LN10)];
  const within = (factors: readonly number[]): number[] =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i)
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((value) => Math.log(value) >= least && Math.log(value) <= most);
  const choices = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]].map(within);
  const values =
    choices.findLast((ticks) => ticks.length <= count + 2 && ticks.length >= 2) ??
    choices.find((ticks) => ticks.length >= 2) ??
    [];
  // Within less than a step of these, a linear scale's ticks are as good.
  if (values.length < 2)
    return { at, ticks: scaleOf([low, high], [from, to], { count }).ticks.filter(({ value }) => value > 0) };
  return { at, ticks: values.map((value) => ({ value, label: logLabel(value) })) };
}

const logLabel = (value: number): string =>
  value >= 1e-4 && value < 1e5 ? String(value) : value.toExponential().replace('-', '−');
