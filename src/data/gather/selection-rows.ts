import type { Items } from '../duckdb/vector.js';
import type { Texts } from '../texts/texts.js';
import type { HeldOutPart } from '../read/table/selection.js';

/** The rows of a selection in memory. */
export interface SelectionRows {
  readonly rows: number;
  /** The features, block after block. */
  readonly blocks: readonly RawColumns[];
  /** [tasks][rows]: class index or value, NaN where missing. */
  readonly labels: readonly Items[];
  /** [tasks][rows]: what another model predicts, in the label's units, NaN where missing; null: nothing. */
  readonly teachers: readonly (Items | null)[];
  readonly weights: Items | null;
  /** 1 for the rows that a split's condition is true for. */
  readonly flags: Readonly<Record<HeldOutPart, Uint8Array | null>>;
}

/**
 * Columns as they are in the data, by name, each [rows]: what an encoder is fitted on and what it encodes.
 */
export interface RawColumns {
  readonly rows: number;
  /** Numbers; NaN where one is missing. */
  readonly numbers: Columns<Items>;
  readonly texts: Columns<RawTexts>;
  /** Takes all columns into memory; absent: they are there. */
  readonly held?: () => RawColumns;
  /** Frees the columns; to be called when nobody will read them again. */
  readonly free: () => void;
}

/** Columns that are all in memory. */
export interface ColumnsInMemory extends RawColumns {
  readonly numbers: ReadonlyMap<string, Items>;
  readonly texts: ReadonlyMap<string, RawTexts>;
}

/** Columns by name: in memory or in a file, from which each is read when it is asked for. */
export type Columns<Column> = Pick<ReadonlyMap<string, Column>, 'get'>;

/** A column of texts as codes. */
export interface RawTexts {
  /** 0 where a text is missing, else 1 more than an index into `values`. */
  readonly codes: Items;
  /** Texts, of which several may be the same; null: missing. */
  readonly values: Texts;
  /** DuckDB's type of the column, where the training table has it in another. */
  readonly type?: string;
}

/** Rows of a list that lie in one block. */
export interface RowsInBlock {
  readonly block: RawColumns;
  /** The number of the block's first row. */
  readonly first: number;
  /** The part of the list, from `from` to before `to`. */
  readonly from: number;
  readonly to: number;
}

/** Groups ascending rows by the blocks that they lie in. */
export function* byBlock(blocks: readonly RawColumns[], rows: Uint32Array): Generator<RowsInBlock> {
  let first = 0;
  let from = 0;
  for (const block of blocks) {
    const end = first + block.rows;
    let to = from;
    while (to < rows.length && rows[to]! < end) to++;
    if (to > from) yield { block, first, from, to };
    first = end;
    from = to;
  }
}
