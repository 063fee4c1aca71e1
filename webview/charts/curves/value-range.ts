import { niceStep } from '../../../src/shared/figures/scale.js';
import type { Curves } from './curves.js';

export interface ValueRange {
  readonly min: number;
  readonly max: number;
  /** Distance of the gridlines. */
  readonly step: number;
}

/** The start of the lines may add this many times the height of the rest before it leaves the picture. */
const maxStart = 2;
/** A line with fewer points has no start of its own. */
const minPoints = 4;
/** The share of a line's points that is its start. */
const startShare = 0.05;

/**
 * Returns what the vertical axis shows, between round numbers; null without values. An untrained network can
 * be so bad that all that follows would be a flat line. Its values do not count then.
 */
export function valueRange({ series }: Curves): ValueRange | null {
  const whole = extent(series, 0);
  if (whole === null) return null;
  const rest = extent(series, startShare) ?? whole;
  const [low, high] =
    whole.high - whole.low > (1 + maxStart) * (rest.high - rest.low) && rest.high > rest.low
      ? [rest.low, rest.high]
      : [whole.low, whole.high];
  const room = high > low ? high - low : Math.abs(high) * 0.1 || 1;
  const step = niceStep(room / 5);
  const [min, max] = [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
  return { min: min === max ? min - step : min, max: min === max ? max + step : max, step };
}

/** Returns the least and the largest value after this share of each series; null: there is none. */
function extent(series: Curves['series'], share: number): { low: number; high: number } | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { raw } of series)
    for (let at = raw.length < minPoints ? 0 : Math.ceil(raw.length * share); at < raw.length; at++) {
      const value = raw[at] ?? null;
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? { low, high } : null;
}
