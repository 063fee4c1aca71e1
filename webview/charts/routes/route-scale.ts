import type { RouteStream } from './routes-data.js';

/**
 * The widest line's weight, by size: the largest that there is, but at least a quarter, so that even weights
 * look even.
 */
export const mostWeight = (streams: readonly RouteStream[]): number =>
  Math.max(0.25, ...streams.flatMap(({ mean }) => mean.map((weight) => Math.abs(weight))));

export const hasNegative = (streams: readonly RouteStream[]): boolean =>
  streams.some(({ mean }) => mean.some((weight) => weight < 0));
