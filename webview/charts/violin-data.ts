import type { RouteStream } from './routes-data.js';

/** Half of a violin: how wide it is at each height, both 0 … 1. */
export interface ViolinPoint {
  readonly value: number;
  readonly width: number;
}

/**
 * The outline of a distribution given as shares of equal bins over 0 … 1: the density at the bins' centres, the widest being 1, from the
 * lowest bin with rows to the highest. Binomial smoothing takes the edge off the bins, no more.
 */
export function violinOutline(distribution: readonly number[]): ViolinPoint[] {
  const bins = distribution.length;
  const first = distribution.findIndex((share) => share > 0);
  if (first < 0) return [];
  const last = distribution.findLastIndex((share) => share > 0);
  const soft = distribution.map((share, bin) => ((distribution[bin - 1] ?? share) + 2 * share + (distribution[bin + 1] ?? share)) / 4);
  const highest = Math.max(...soft.slice(first, last + 1));
  const inside = soft.slice(first, last + 1).map((share, index) => ({ value: (first + index + 0.5) / bins, width: share / highest }));
  return [
    { value: first / bins, width: inside[0]!.width * 0.4 },
    ...inside,
    { value: (last + 1) / bins, width: inside.at(-1)!.width * 0.15 },
  ];
}

/** The top of the axis: a quarter above the highest of what is drawn, 1 at most. */
export function weightLimit(streams: readonly RouteStream[]): number {
  let highest = 0;
  for (const { mean, sd, distribution } of streams) {
    mean.forEach((value, expert) => {
      const bins = distribution?.[expert];
      const top = bins ? (bins.findLastIndex((share) => share > 0.002) + 1) / bins.length : 0;
      highest = Math.max(highest, value + (sd[expert] ?? 0), top);
    });
  }
  return highest <= 0 ? 1 : Math.min(1, Math.ceil(highest * 10 + 0.2) / 10);
}

/** The lowest value drawn, below zero for constants that are no shares; 0 otherwise. */
export function weightFloor(streams: readonly RouteStream[]): number {
  const lowest = Math.min(0, ...streams.flatMap(({ mean }) => [...mean]));
  return Math.floor(lowest * 10) / 10;
}
