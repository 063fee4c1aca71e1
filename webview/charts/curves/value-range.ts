import type { Curves } from './curves.js';

export interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** Between gridlines. */
  readonly step: number;
}

/**
 * A line's start may take this many times the height of the rest before it is left to run out of the picture.
 */
const mostStart = 2;
const fewestPoints = 4;
/** Of each line, what counts as its start. */
const startShare = 0.05;

/**
 * What the axis shows, between round numbers. An untrained network can be so bad that all that follows would
 * be a flat line: its values then do not count. Null without values.
 */
export function valueRange({ series }: Curves): ValueRange | null {
  const all = series.flatMap(({ raw }) => known(raw));
  if (all.length === 0) return null;
  const later = series.flatMap(({ raw }) =>
    known(raw.length < fewestPoints ? raw : raw.slice(Math.ceil(raw.length * startShare))),
  );
  const [whole, rest] = [extent(all), extent(later.length > 0 ? later : all)];
  const [low, high] =
    whole.high - whole.low > (1 + mostStart) * (rest.high - rest.low) && rest.high > rest.low
      ? [rest.low, rest.high]
      : [whole.low, whole.high];
  const room = high > low ? high - low : Math.abs(high) * 0.1 || 1;
  const step = niceStep(room / 5);
  const [min, max] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
  return { min: min === max ? min - step : min, max: min === max ? max + step : max, step };
}

/** The next of 1, 2, 5 times a power of ten. */
export function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= wanted * (1 - 1e-9)) ?? 10;
  return factor * power;
}

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

function extent(values: readonly number[]): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
