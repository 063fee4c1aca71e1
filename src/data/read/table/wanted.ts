import type { Dictionary } from './dictionary.js';

/** DuckDB types that numbers are read as; a missing one needs a type that has NaN. */
export type NumberType = 'utinyint' | 'usmallint' | 'float' | 'double';

/** A value to read of every row, from a table's view or its raw rows. */
export type Wanted =
  /** A number, as a double where nothing else is said; NaN where it is missing. */
  | { readonly kind: 'number'; readonly sql: string; readonly as?: NumberType }
  /** 1 where a condition is true, else 0. */
  | { readonly kind: 'flag'; readonly sql: string }
  /**
   * The code of a text: 0 where it is missing. `type`: DuckDB's type of the column, where the training table
   * has it in another.
   */
  | { readonly kind: 'text'; readonly dictionary: Dictionary; readonly type?: string };
