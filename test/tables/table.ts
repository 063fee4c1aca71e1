/**
 * A table as the test knows it: values, before any file holds them. What a cell is depends on its column's
 * type: truth: boolean; whole: bigint; real: number; decimal: bigint, to be divided by 10 ** scale; date: days
 * since 1970 as bigint; moment: microseconds since 1970 as bigint; text: string. Null: missing.
 */
export type Cell = boolean | bigint | number | string | null;

export type ColumnType =
  | { readonly kind: 'truth' | 'whole' | 'real' | 'date' | 'text' }
  | { readonly kind: 'decimal'; readonly width: number; readonly scale: number }
  | { readonly kind: 'moment'; readonly zone: boolean };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly cells: readonly Cell[];
}

/** The settings of a feature, as an experiment declares them. */
export type Declared =
  | 'ignore'
  | { readonly kind: 'numeric'; readonly scale: ScaleName }
  | { readonly kind: 'categorical'; readonly minCount?: number; readonly encode?: 'onehot' };

export const scaleNames = ['standard', 'minmax', 'log', 'quantile', 'robust', 'none'] as const;
export type ScaleName = (typeof scaleNames)[number];

/** A condition on one column, which both SQL and the test can compute. */
export type Condition =
  | { readonly column: string; readonly test: 'is null' | 'is not null' | 'is true' }
  | { readonly column: string; readonly test: '>' | '='; readonly than: Cell };

export interface Task {
  readonly name: string | null;
  /** A column, or a condition. */
  readonly label: string | Condition;
  readonly kind: 'binary' | 'multiclass' | 'regression' | null;
  readonly scale: 'standard' | 'none';
}

/** The rows of a part: none, a share, a condition, a share of the other part, or a source of its own. */
export type Split =
  | { readonly kind: 'none' }
  | { readonly kind: 'share'; readonly fraction: number }
  | { readonly kind: 'where'; readonly where: Condition }
  | { readonly kind: 'other'; readonly fraction: number }
  | { readonly kind: 'source'; readonly rows: number };

/** A table with an experiment on it. */
export interface Table {
  readonly columns: readonly Column[];
  /** The rows of the experiment's source; those of the splits' own sources follow, validation first. */
  readonly rows: number;
  readonly declared: ReadonlyMap<string, Declared>;
  readonly tasks: readonly Task[];
  readonly validation: Split;
  readonly test: Split;
  readonly where: Condition | null;
  readonly weight: string | null;
  readonly seed: number;
  /** The column whose values may be the names of folders, one after the other; null: there is none. */
  readonly partition: string | null;
}

export const columnOf = (table: Pick<Table, 'columns'>, name: string): Column => {
  const found = table.columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`the table has no column ${name}`);
  return found;
};

/** Where the rows of a source of its own begin, and how many there are. */
export function ownRows({ rows, validation, test }: Table): {
  validation: RowRange | null;
  test: RowRange | null;
} {
  const own = (split: Split, first: number): RowRange | null =>
    split.kind === 'source' ? { first, rows: split.rows } : null;
  const one = own(validation, rows);
  return { validation: one, test: own(test, rows + (one?.rows ?? 0)) };
}

export interface RowRange {
  readonly first: number;
  readonly rows: number;
}
