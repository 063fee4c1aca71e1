import { freeBuffer } from '../../memory/release.js';
import type { Wanted } from '../gather/read-columns.js';
import type { Feature } from '../gather/feature-columns.js';
import type { Items } from '../duckdb/vector.js';

/**
 * Columns as they are in the data, by name, each [rows]: what an encoder is fitted on and what it encodes.
 */
export interface RawColumns {
  readonly rows: number;
  /** NaN: missing. */
  readonly numbers: ReadonlyMap<string, Items>;
  readonly texts: ReadonlyMap<string, RawTexts>;
  /** Called when nobody looks at them any more. */
  readonly free: () => void;
}

export interface RawTexts {
  /** 0: missing; else 1 more than an index into `values`. */
  readonly codes: Items;
  /** Several may be the same text; null: missing. */
  readonly values: readonly (string | null)[];
}

/** One selection's rows, as read. */
export interface SelectionRows {
  readonly rows: number;
  /** Of the features, in order. */
  readonly blocks: readonly RawColumns[];
  /** [tasks][rows]: class index or value, NaN where missing. */
  readonly labels: readonly Items[];
  readonly weights: Items | null;
  /** Rows that a split's condition is true for. */
  readonly flags: { readonly validation: Uint8Array | null; readonly test: Uint8Array | null };
}

/** The texts of features, by name. */
export function textsOf(
  features: readonly Feature[],
  wanted: readonly Wanted[],
): Map<string, Pick<RawTexts, 'values'>> {
  const texts = new Map<string, Pick<RawTexts, 'values'>>();
  features.forEach((feature, i) => {
    const one = wanted[i]!;
    if (one.kind === 'text') texts.set(feature.name, { values: one.dictionary.texts });
  });
  return texts;
}

/** The features' columns by name. */
export function rawColumns(
  rows: number,
  features: readonly Feature[],
  wanted: readonly Wanted[],
  columns: readonly Items[],
): RawColumns {
  const numbers = new Map<string, Items>();
  const texts = new Map<string, RawTexts>();
  features.forEach((feature, i) => {
    const one = wanted[i]!;
    if (one.kind === 'text') texts.set(feature.name, { codes: columns[i]!, values: one.dictionary.texts });
    else numbers.set(feature.name, columns[i]!);
  });
  const [first] = columns;
  return { rows, numbers, texts, free: () => (first === undefined ? undefined : freeBuffer(first.buffer)) };
}

/**
 * Ascending rows by the blocks that they lie in: those from `from` to `to` of the list, and the first row of
 * the block itself.
 */
export function* byBlock(
  blocks: readonly RawColumns[],
  rows: Uint32Array,
): Generator<{
  readonly block: RawColumns;
  readonly first: number;
  readonly from: number;
  readonly to: number;
}> {
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
