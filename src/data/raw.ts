import type { Wanted } from './rows.js';
import type { Feature } from './selection-rows.js';
import type { Items } from './vector.js';

/** Columns as they are in the data, by name, each [rows]: what an encoder is fitted on and what it encodes. */
export interface RawColumns {
  readonly rows: number;
  /** NaN: missing. */
  readonly numbers: ReadonlyMap<string, Items>;
  readonly texts: ReadonlyMap<string, RawTexts>;
}

export interface RawTexts {
  /** 0: missing; else 1 more than an index into `values`. */
  readonly codes: Items;
  /** Several may be the same text; null: missing. */
  readonly values: readonly (string | null)[];
}

/** One selection's rows, as read. */
export interface SelectionRows {
  readonly raw: RawColumns;
  /** [tasks][rows]: class index or value, NaN where missing. */
  readonly labels: readonly Items[];
  readonly weights: Items | null;
  /** Rows that a split's condition is true for. */
  readonly flags: { readonly validation: Uint8Array | null; readonly test: Uint8Array | null };
}

/** The features' columns by name. */
export function rawColumns(rows: number, features: readonly Feature[], wanted: readonly Wanted[], columns: readonly Items[]): RawColumns {
  const numbers = new Map<string, Items>();
  const texts = new Map<string, RawTexts>();
  features.forEach((feature, i) => {
    const one = wanted[i]!;
    if (one.kind === 'text') texts.set(feature.name, { codes: columns[i]!, values: one.dictionary.texts });
    else numbers.set(feature.name, columns[i]!);
  });
  return { rows, numbers, texts };
}
