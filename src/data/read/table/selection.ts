import type { Expression } from './expression.js';
import type { SourceTable } from './source-table.js';

/** Rows of a table that are used, still in DuckDB. */
export interface Selection {
  readonly table: SourceTable;
  /** The SQL condition that the rows must meet; null: all rows. */
  readonly where: string | null;
}

/** The parts of the rows that are not trained on. */
export const heldOutParts = ['validation', 'test'] as const;
export type HeldOutPart = (typeof heldOutParts)[number];

/** An experiment's sources, read into DuckDB, and where each part's rows come from. */
export interface Selections {
  /** The experiment's source first, then those of the splits that have their own. */
  readonly selections: readonly Selection[];
  /** The index of the selection that a split brings; null: its rows come from the experiment's source. */
  readonly ownSelection: Readonly<Record<HeldOutPart, number | null>>;
  /** The condition of a split on the experiment's source; null: it has none. */
  readonly conditions: Readonly<Record<HeldOutPart, Expression | null>>;
}
