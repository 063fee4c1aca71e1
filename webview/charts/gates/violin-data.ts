import type { RouteStream } from '../routes/routes-data.js';

/** Half of a violin: how wide it is at each height, both 0 … 1. */
export interface ViolinPoint {
  readonly value: number;
  readonly width: number;
}

/**
 * The outline of a distribution given as shares of equal bins over 0 … 1: the density at the bins' centres,
 * the widest being 1, from the lowest bin to the highest but for a few rows at both ends, which would be
 * hairlines. Binomial smoothing takes the edge off the bins, no more.
 */
export function violinOutline(distribution: readonly number[]): ViolinPoint[] {
  const bins = distribution.length;
  const { first, last } = body(distribution);
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

/** First and last bin of what is drawn; -1 where there are no rows. */
function body(distribution: readonly number[]): { first: number; last: number } {
  const end = (bins: readonly number[]): number => {
    let sum = 0;
    return bins.findIndex((share) => (sum += share) > endShare);
  };
  const first = end(distribution);
  return { first, last: first < 0 ? -1 : distribution.length - 1 - end(distribution.toReversed()) };
}

/** The top of the axis: the highest of what is drawn, rounded up to a twentieth or a quarter. */
export function weightLimit(streams: readonly RouteStream[]): number {
  let highest = 0;
  for (const { mean, sd, distribution } of streams) {
    mean.forEach((value, expert) => {
      const bins = distribution?.[expert];
      const top = bins ? (body(bins).last + 1) / bins.length : 0;
      highest = Math.max(highest, value + (sd[expert] ?? 0), top);
    });
  }
  const unit = highest > 0.25 ? 4 : 20;
  return highest <= 0 ? 1 : Math.ceil(highest * unit - 1e-9) / unit;
}

/** The lowest value drawn, below zero for constants that are no shares; 0 otherwise. */
export function weightFloor(streams: readonly RouteStream[]): number {
  const lowest = Math.min(0, ...streams.flatMap(({ mean }) => [...mean]));
  return Math.floor(lowest * 10) / 10;
}
