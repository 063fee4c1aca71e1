import type { LevelDescription } from '../network/description.js';
import type { EventOf } from '../shared/run.js';
import type { Grouping } from './groups.js';
import { short } from './short.js';

/** Equal bins over 0 … 1 of a route's histogram. */
export const histogramBins = 20;

/**
 * Mean, standard deviation (over rows, population) and histogram of every route of a level, by group of rows, from chunks of
 * rows (Welford's running form). Rows count alike, whatever their weight.
 */
export class RouteStatistics {
  private readonly groups: Grouping['groups'];
  private readonly width: number;
  private readonly counts: Float64Array;
  private readonly means: Float64Array;
  private readonly squares: Float64Array;
  private readonly bins: Uint32Array;

  constructor(
    private readonly level: LevelDescription,
    private readonly grouping: Grouping,
  ) {
    const rowDependent = level.streams.some((stream) => stream.route.kind === 'gate');
    // Routes that no row changes are the same in every group.
    this.groups = rowDependent ? grouping.groups : grouping.groups.slice(0, 1);
    this.width = level.streams.length * level.experts.length;
    const size = this.groups.length * this.width;
    this.counts = new Float64Array(this.groups.length);
    this.means = new Float64Array(size);
    this.squares = new Float64Array(size);
    this.bins = new Uint32Array(size * histogramBins);
  }

  /** `routes` [rows, streams, experts] of the rows from `firstRow` of those grouped. */
  add(routes: Float32Array, firstRow: number): void {
    const rows = routes.length / this.width;
    for (let row = 0; row < rows; row++) this.update(0, routes, row * this.width);
    if (this.groups.length === 1) return;
    for (const membership of this.grouping.memberships) {
      for (let row = 0; row < rows; row++) {
        const group = membership[firstRow + row]!;
        if (group > 0) this.update(group, routes, row * this.width);
      }
    }
  }

  private update(group: number, routes: Float32Array, start: number): void {
    const { width, means, squares, bins } = this;
    const share = 1 / ++this.counts[group]!;
    const base = group * width;
    for (let i = 0; i < width; i++) {
      const value = routes[start + i]!;
      const place = base + i;
      const delta = value - means[place]!;
      const mean = means[place]! + delta * share;
      means[place] = mean;
      squares[place]! += delta * (value - mean);
      // Constants may lie outside 0 … 1; their bins are never shown.
      const bin = Math.min(histogramBins - 1, Math.max(0, (value * histogramBins) | 0));
      bins[place * histogramBins + bin]!++;
    }
  }

  /** The `groups` of a `routes` event. */
  report(): EventOf<'routes'>['groups'] {
    return this.groups.map(({ where, rows }, group) => ({
      where,
      rows,
      streams: this.level.streams.map((stream, k) => {
        const experts = this.level.experts.map((_, expert) => group * this.width + k * this.level.experts.length + expert);
        const moments = {
          mean: experts.map((place) => short(this.means[place]!)),
          sd: experts.map((place) => short(Math.sqrt(this.squares[place]! / Math.max(1, this.counts[group]!)))),
        };
        if (stream.route.kind !== 'gate') return moments;
        return {
          ...moments,
          histogram: experts.map((place) => [...this.bins.subarray(place * histogramBins, (place + 1) * histogramBins)]),
        };
      }),
    }));
  }
}
