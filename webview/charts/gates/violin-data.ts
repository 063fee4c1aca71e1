import type { RouteStream } from '../routes/routes-data.js';

/** A point of a violin's outline: its half width at a height, both 0 … 1. */
export interface ViolinPoint {
  readonly value: number;
  readonly width: number;
}

/**
 * Returns the outline of a distribution, which is given as shares of equal bins over 0 … 1: the density at
 * the bins' centres, relative to the widest. A few rows at both ends are left out, because they would be
 * hairlines. Binomial smoothing only takes the edge off the bins.
 */
export function violinOutline(distribution: readonly number[]): ViolinPoint[] {
  const bins = distribution.length;
  const { first, last } = drawnBins(distribution);
  if (first < 0) return [];
  const soft = distribution.map(
    (share, bin) => ((distribution[bin - 1] ?? share) + 2 * share + (distribution[bin + 1] ?? share)) / 4,
  );
  const highest = Math.max(...soft.slice(first, last + 1));
  const inside = soft
    .slice(first, last + 1)
    .map((share, index) => ({ value: (first + index + 0.5) / bins, width: share / highest }));
  return [
    { value: first / bins, width: inside[0]!.width * 0.4 },
    ...inside,
    { value: (last + 1) / bins, width: inside.at(-1)!.width * 0.15 },
  ];
}

/** The share of rows that may be left out at either end. */
const endShare = 0.002;

/** Returns the first and the last bin that is drawn; -1 where there are no rows. */
function drawnBins(distribution: readonly number[]): { first: number; last: number } {
  const end = (bins: readonly number[]): number => {
    let sum = 0;
    return bins.findIndex((share) => (sum += share) > endShare);
  };
  const first = end(distribution);
  return { first, last: first < 0 ? -1 : distribution.length - 1 - end(distribution.toReversed()) };
}

/** Returns the top of the axis: the highest value drawn, rounded up to a twentieth or a quarter. */
export function weightLimit(streams: readonly RouteStream[]): number {
  let highest = 0;
  for (const { mean, sd, distribution } of streams) {
    mean.forEach((value, expert) => {
      const bins = distribution?.[expert];
      const top = bins ? (drawnBins(bins).last + 1) / bins.length : 0;
      highest = Math.max(highest, value + (sd[expert] ?? 0), top);
    });
  }
  const unit = highest > 0.25 ? 4 : 20;
  return highest <= 0 ? 1 : Math.ceil(highest * unit - 1e-9) / unit;
}

/** Returns the bottom of the axis: below 0 for negative constants, rounded down to a tenth; otherwise 0. */
export function weightFloor(streams: readonly RouteStream[]): number {
  const lowest = Math.min(0, ...streams.flatMap(({ mean }) => [...mean]));
  return Math.floor(lowest * 10) / 10;
}
