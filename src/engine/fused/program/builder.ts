import type { NetworkDescription } from '../../../network/description.js';
import type { TableUpdates } from '../../../network/fields/tables.js';
import { operation } from '../format/operations.js';
import {
  Areas,
  LINE,
  roundUp,
  type Bases,
  type Kept,
  type Matrix,
  type Piece,
  type Rows,
  type Table,
  type TableUse,
} from './areas.js';
import { ImportancePass } from './importance-pass.js';
import { Programs } from './programs.js';

/** The facts that are fixed before a plan is made. */
export interface Limits {
  /** Floats in a vector of the kernel that will run it. */
  readonly width: number;
  readonly threads: number;
  /** Rows of a full block. */
  readonly blockRows: number;
  /** Rows of one call of evaluation. */
  readonly evaluationRows: number;
  /** Weights decay. Default: they do not. */
  readonly decays?: boolean;
  /** How tables are updated. Default: dense, as all else is. */
  readonly tables?: TableUpdates;
  /** The moments that the optimiser has of each weight. Default: 2. */
  readonly moments?: number;
  /**
   * An expert is computed for the rows that take it alone where at most this share of them is expected to
   * (sparse-plan.ts).
   */
  readonly sparseBelow: number;
}

/** A table whose rows move where a batch has them, and the field whose categories they are. */
export interface FieldTable {
  readonly field: number;
  readonly table: Table;
  readonly columns: number;
  readonly accumulates: boolean;
  /** Where several fields or lists choose its rows: all of them. */
  readonly uses?: readonly TableUse[] | undefined;
}

/** Collects a plan: memory, the parameters' places and the programs. */
export class Builder {
  readonly areas: Areas;
  readonly programs = new Programs();
  readonly importance = new ImportancePass();
  /** The places of each named parameter in a flat buffer. */
  readonly pieces = new Map<string, Piece[]>();
  /** The places that evaluation writes to: predictions by task, the others by level. */
  readonly evaluated = {
    predictions: new Array<number>(),
    levels: new Array<{ readonly routes: number; readonly experts: number }>(),
  };

  /** The tables whose rows move where a batch has them, in the order of their updates. */
  readonly tables: FieldTable[] = [];
  /** What is kept of each row of a batch, in floats (kernel/tables/kept.h). */
  private keptFloats = 0;

  constructor(
    readonly network: NetworkDescription,
    readonly limits: Limits,
    bases: Bases,
  ) {
    this.areas = new Areas(bases);
  }

  /** Returns how many columns there are up to the end of the last vector. */
  padded(columns: number): number {
    return roundUp(columns, this.limits.width);
  }

  /** Takes a row of `columns` values for every row of a block, readable to the end of the last vector. */
  rows(columns: number): Rows {
    const stride = apart(this.padded(columns));
    return { at: this.areas.scratch.take(stride * this.limits.blockRows), stride };
  }

  /** Takes the weights of a block's rows for each of `count` experts: p[e, r]. */
  routeRows(count: number): number {
    return this.areas.scratch.take(count * this.limits.blockRows);
  }

  /** Takes room in a share's gradient buffer for a weight's gradient, unit by unit. */
  unitRows(rows: number, columns: number): Rows {
    const stride = apart(this.padded(rows));
    return { at: this.areas.byUnit.take(columns * stride), stride };
  }

  /** Whether the rows of tables move where a batch has them, and rest elsewhere. */
  get movesRows(): boolean {
    return (this.limits.tables ?? 'dense') !== 'dense';
  }

  get keptWidth(): number {
    return this.keptFloats;
  }

  /** Takes a section for what is kept of each row of a batch. */
  keep(columns: number): Kept {
    const stride = roundUp(columns, LINE);
    const before = this.keptFloats;
    this.keptFloats += stride;
    return { before, stride, column: 0 };
  }

  /** Takes a table of rows that move where a batch has them; one-hot columns' never have a sum a row. */
  table(size: number, columns: number, kept: Kept, accumulates = false): Table {
    const { moments = 2 } = this.limits;
    const moment = accumulates ? columns : this.padded(columns);
    const stride = accumulates ? this.padded(columns + 1) : (1 + moments) * moment;
    return { at: this.areas.tables.take(size * stride), stride, moment, kept };
  }

  matrix(rows: number, columns: number): Matrix {
    const { parameters } = this.areas;
    const stride = this.padded(columns);
    return {
      weight: { at: parameters.take(rows * stride), stride },
      bias: parameters.take(stride),
      rows,
      columns,
    };
  }

  /** Notes that the rows of a named parameter, from its row `first` on, lie at this place of the arena. */
  place(name: string, { at, stride }: Rows, rows: number, columns: number, first = 0): void {
    const pieces = this.pieces.get(name) ?? [];
    pieces.push({ first, rows, columns, at: this.gradient(at), stride });
    this.pieces.set(name, pieces);
  }

  /** Notes that rows of a named parameter are those of a table from `row` on. */
  placeTable(
    name: string,
    { field, table, columns, accumulates, uses }: FieldTable,
    { row = 0, size, first = 0 }: { readonly row?: number; readonly size: number; readonly first?: number },
  ): void {
    const pieces = this.pieces.get(name) ?? [];
    const { at, stride, moment, kept } = table;
    pieces.push({
      ...{ first, rows: size, columns, at: at + row * stride, stride },
      table: { field, moment, kept, accumulates, uses },
    });
    this.pieces.set(name, pieces);
  }

  /** Notes where one row of values lies that is all of a named parameter. */
  placeRow(name: string, at: number, columns: number): void {
    this.place(name, { at, stride: columns }, 1, columns);
  }

  /** Returns the place in a share's gradient buffer that belongs to a place of the arena's parameters. */
  gradient(parameter: number): number {
    return parameter - this.areas.parameters.base;
  }

  gradientRows({ at, stride }: Rows): Rows {
    return { at: this.gradient(at), stride };
  }

  /**
   * Lets parameters whose gradient is added row by row start from zeros in every step; all others are set by
   * the share's first block.
   */
  clearGradient(parameter: number, length: number): void {
    this.programs.start.push(operation.clearGradient({ gradient: this.gradient(parameter), length }));
  }

  /** Returns the place of a floor for every column: 0 where it is a ReLU's, −∞ where nothing is cut off. */
  floors(relu: readonly boolean[]): number {
    const count = this.padded(relu.length);
    return this.areas.constants.put(
      Array.from({ length: count }, (_, column) => (relu[column] === true ? 0 : -Infinity)),
    );
  }

  /** Returns the place of floors that are alike for all columns. */
  floorsOf(relu: boolean, columns: number): number {
    return this.floors(Array.from({ length: columns }, () => relu));
  }
}

/** Rows that lie a power of two apart would fall on the same few lines of the nearest cache. */
const apart = (padded: number) => (padded % 128 === 0 ? padded + LINE : padded);
