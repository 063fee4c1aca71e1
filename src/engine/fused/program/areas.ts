/** Memory is handed out in whole cache lines: 16 floats. */
export const LINE = 16;

export const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** A stretch of the arena that is handed out piece by piece. Offsets are in floats. */
export class Area {
  private taken = 0;
  constructor(
    /** Its place in the arena; 0 for an area that each thread or share of rows has of its own. */
    readonly base: number,
  ) {}

  take(floats: number): number {
    const at = this.base + this.taken;
    this.taken += roundUp(floats, LINE);
    return at;
  }

  /** The number of floats handed out. */
  get used(): number {
    return this.taken;
  }
}

/** Numbers that never change; equal ones are kept once. */
export class Constants {
  readonly values: number[] = [];
  private readonly known = new Map<string, number>();
  constructor(readonly base: number) {}

  put(values: readonly number[]): number {
    const key = values.map((value) => (Object.is(value, -0) ? '-0' : value)).join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const at = this.base + this.values.length;
    this.values.push(
      ...values,
      ...Array.from({ length: roundUp(values.length, LINE) - values.length }, () => 0),
    );
    this.known.set(key, at);
    return at;
  }
}

/** The places of a plan's areas in the arena, in floats. */
export interface Bases {
  readonly parameters: number;
  readonly transposed: number;
  readonly constants: number;
  readonly evaluation: number;
  readonly tables: number;
  /** Within a share's gradient buffer, after the parameters. */
  readonly byUnit: number;
}

/** Everything that a plan takes memory from. */
export class Areas {
  readonly parameters: Area;
  /** Weights with rows and columns exchanged, for the products that go backward. */
  readonly transposed: Area;
  readonly constants: Constants;
  /** Predictions, routes and experts' outputs of an evaluation. */
  readonly evaluation: Area;
  /** Tables whose rows move where a batch has them: each row's weights with their moments. */
  readonly tables: Area;
  /**
   * Weights' gradients unit by unit, in a share's gradient buffer, until all of its rows are there
   * (kernel/layers/active.h).
   */
  readonly byUnit: Area;
  /** Each thread's own, for the values of a block. */
  readonly scratch = new Area(0);
  /** A share of rows keeps these from stage to stage (kernel/layers/batch-normalization.h). */
  readonly statistics = new Area(0);

  constructor(bases: Bases) {
    this.parameters = new Area(bases.parameters);
    this.transposed = new Area(bases.transposed);
    this.constants = new Constants(bases.constants);
    this.evaluation = new Area(bases.evaluation);
    this.tables = new Area(bases.tables);
    this.byUnit = new Area(bases.byUnit);
  }
}

/** Row-major values: where the first row begins, and how far it is from one row to the next, in floats. */
export interface Rows {
  readonly at: number;
  readonly stride: number;
}

/** The same rows from a column on. */
export const fromColumn = ({ at, stride }: Rows, column: number): Rows => ({ at: at + column, stride });

/**
 * A layer's weight [rows, columns] and its bias [columns] in the flat parameters. Both are padded to whole
 * vectors with columns that are always 0.
 */
export interface Matrix {
  readonly weight: Rows;
  /** A place in the arena. */
  readonly bias: number;
  readonly rows: number;
  readonly columns: number;
  /** The rows that one-hot fields choose, where they move row by row; else they are the weight's last ones. */
  readonly table?: Table;
}

/** Rows of weights that move where a batch has them, each with its moments beside it. */
export interface Table extends Rows {
  /** Floats from a row's weights to its first moment, and from there to the second, if it has one. */
  readonly moment: number;
  /** Where the gradients of a batch's rows are kept until the table is updated. */
  readonly kept: Kept;
}

/** A section of what is kept of each row of a batch (kernel/tables/kept.h), from a column on. */
export interface Kept {
  readonly before: number;
  readonly stride: number;
  readonly column: number;
}

/** A field whose values choose rows of a table, and where the gradients of a batch's rows are kept for it. */
export interface TableUse {
  readonly field: number;
  /** Its entries are places of lists. */
  readonly several: boolean;
  readonly kept: Kept;
}

/** The same rows of a table, and of what is kept for it, from a column on. */
export const tableFrom = (table: Table, column: number): Table => ({
  ...table,
  at: table.at + column,
  kept: { ...table.kept, column: table.kept.column + column },
});

/** The place of `rows` × `columns` values of a parameter, from its row `first` on. */
export interface Piece {
  readonly first: number;
  readonly rows: number;
  readonly columns: number;
  /** Counted from a flat buffer's start; from the arena's for rows of a table. */
  readonly at: number;
  readonly stride: number;
  /** Where it is a table's: its moments, and the field that chooses its rows. */
  readonly table?: TablePiece;
}

export interface TablePiece {
  readonly field: number;
  readonly moment: number;
  readonly kept: Kept;
  /** Row-wise Adagrad: one sum a row. */
  readonly accumulates: boolean;
  /** The fields that choose rows; absent: the one above alone, and one for each row of a batch. */
  readonly uses?: readonly TableUse[] | undefined;
}

export type Pieces = ReadonlyMap<string, readonly Piece[]>;
