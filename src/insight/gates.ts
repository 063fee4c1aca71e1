import type { LevelDescription } from '../network/description.js';
import type { EventOf } from '../shared/run/run-events.js';
import type { Grouping, Partition } from './groups.js';
import { short } from './short.js';

/** Equal bins over 0 … 1 of a route's histogram. */
export const histogramBins = 20;

/**
 * Mean, standard deviation (over rows, population), histogram and load of every route of a level, by group of
 * rows, from chunks of rows. Rows count alike, whatever their weight.
 */
export class RouteStatistics {
  private readonly groups: Grouping['groups'];
  private readonly cells: CellSums[];
  private readonly width: number;
  /** Weights of the first row [streams, experts], for routes that no row changes. */
  private first: Float32Array | null = null;

  constructor(
    private readonly level: LevelDescription,
    grouping: Grouping,
  ) {
    this.width = level.streams.length * level.experts.length;
    const gated = level.streams.flatMap(({ route }, k) => (route.kind === 'gate' ? [k] : []));
    const columns = Int32Array.from(
      gated.flatMap((k) => level.experts.map((_, expert) => k * level.experts.length + expert)),
    );
    // A level without gates has the same routes in every group.
    this.groups = gated.length > 0 ? grouping.groups : grouping.groups.slice(0, 1);
    this.cells =
      gated.length > 0
        ? grouping.partitions.map((partition) => new CellSums(partition, columns, this.width))
        : [];
  }

  /** `routes` [rows, streams, experts] of the rows from `firstRow` of those grouped. */
  add(routes: Float32Array, firstRow: number): void {
    this.first ??= routes.slice(0, this.width);
    for (const cells of this.cells) cells.add(routes, firstRow);
  }

  /** The `groups` of a `routes` event. */
  report(): EventOf<'routes'>['groups'] {
    const experts = this.level.experts.length;
    return this.groups.map(({ where, rows }, group) => {
      const sums = this.cells.find((cells) => cells.has(group))?.of(group) ?? [];
      let column = 0;
      const streams = this.level.streams.map(({ route }, k) => {
        if (route.kind !== 'gate') {
          const mean = Array.from(this.first?.subarray(k * experts, (k + 1) * experts) ?? [], short);
          return { mean, sd: mean.map(() => 0) };
        }
        const own = sums.slice(column, (column += experts));
        const load = own.map(({ used }) => short(used));
        const chooses = this.level.gates[route.gate]!.experts.some((expert) => load[expert]! < 1);
        return {
          ...{
            mean: own.map(({ mean }) => short(mean)),
            sd: own.map(({ sd }) => short(sd)),
            histogram: own.map(({ bins }) => bins),
          },
          ...(rows > 0 && chooses && { load }),
        };
      });
      return { where, rows, streams };
    });
  }
}

/** A weight of 1 lies just beyond the last bin. */
const binsKept = histogramBins + 1;

/**
 * Count, Σv, Σv², rows with v = 0 and histogram of some columns by cell of a partition. Doubles suffice
 * without a shift: v lies in 0 … 1.
 */
class CellSums {
  private readonly rows: Float64Array;
  private readonly sums: Float64Array;
  private readonly squares: Float64Array;
  private readonly unused: Uint32Array;
  private readonly bins: Uint32Array;

  constructor(
    private readonly partition: Partition,
    private readonly columns: Int32Array,
    private readonly width: number,
  ) {
    const cells = partition.groupsOf.length;
    this.rows = new Float64Array(cells);
    this.sums = new Float64Array(cells * columns.length);
    this.squares = new Float64Array(cells * columns.length);
    this.unused = new Uint32Array(cells * columns.length);
    this.bins = new Uint32Array(cells * columns.length * binsKept);
  }

  add(values: Float32Array, firstRow: number): void {
    const { columns, width, rows, sums, squares, unused, bins } = this;
    const { cellOf } = this.partition;
    const count = values.length / width;
    for (let row = 0; row < count; row++) {
      const cell = cellOf[firstRow + row]!;
      const start = row * width;
      rows[cell]!++;
      for (let i = 0, place = cell * columns.length; i < columns.length; i++, place++) {
        const value = values[start + columns[i]!]!;
        sums[place]! += value;
        squares[place]! += value * value;
        if (value === 0) unused[place]!++;
        bins[place * binsKept + ((value * histogramBins) | 0)]!++;
      }
    }
  }

  has(group: number): boolean {
    return this.partition.groupsOf.some((groups) => groups.includes(group));
  }

  /** Per column. */
  of(group: number): { mean: number; sd: number; used: number; bins: number[] }[] {
    const cells = this.partition.groupsOf.flatMap((groups, cell) => (groups.includes(group) ? [cell] : []));
    const total = (array: ArrayLike<number>, step: number, at: number) =>
      cells.reduce((sum, cell) => sum + array[cell * step + at]!, 0);
    const rows = Math.max(1, total(this.rows, 1, 0));
    const columns = this.columns.length;
    return Array.from({ length: columns }, (_, i) => {
      const mean = total(this.sums, columns, i) / rows;
      const variance = total(this.squares, columns, i) / rows - mean * mean;
      const binAt = (bin: number) => total(this.bins, columns * binsKept, i * binsKept + bin);
      const last = histogramBins - 1;
      const used = (total(this.rows, 1, 0) - total(this.unused, columns, i)) / rows;
      return {
        mean,
        sd: Math.sqrt(Math.max(0, variance)),
        used,
        bins: Array.from({ length: histogramBins }, (_each, bin) =>
          bin < last ? binAt(bin) : binAt(last) + binAt(last + 1),
        ),
      };
    });
  }
}
