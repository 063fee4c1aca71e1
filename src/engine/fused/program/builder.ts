import type { NetworkDescription } from '../../../network/description.js';
import { operation } from '../format/operations.js';
import { Areas, LINE, roundUp, type Bases, type Matrix, type Piece, type Rows } from './areas.js';
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
  /**
   * An expert is computed for the rows that take it alone where at most this share of them is expected to
   * (sparse-plan.ts).
   */
  readonly sparseBelow: number;
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
