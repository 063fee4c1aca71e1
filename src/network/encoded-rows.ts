import type { Lists } from './fields/lists.js';

/**
 * Encoded rows as a network reads them: flat row-major buffers, with categorical columns as indices that are
 * never expanded.
 */
export interface EncodedRows {
  readonly rows: number;
  /** The numeric columns [rows, input.numeric]; all values are finite. */
  readonly numeric: Float32Array;
  /** The categorical columns [rows, input.fields.length]; each index is within its field's size, or a place. */
  readonly categorical: Int32Array;
  /** The lists of fields with several values; absent: there is no such field. */
  readonly lists?: Lists;
  /**
   * The labels [rows, tasks]: 0 or 1, a class index, or a value as the network predicts it. NaN: the row has
   * no label for that task, and no loss.
   */
  readonly labels: Float32Array;
  /**
   * What training rows are taught instead of their labels [rows, tasks]: a label mixed with what another model
   * predicts, NaN where neither is. Default: the labels.
   */
  readonly targets?: Float32Array;
  /** The weights [rows], ≥ 0; null: all are 1. */
  readonly weights: Float32Array | null;
}

/** Returns copies of the rows with these numbers. */
export function takeRows(rows: EncodedRows, numbers: ArrayLike<number>): EncodedRows {
  const taken = <Values extends Float32Array | Int32Array>(
    values: Values,
    empty: (length: number) => Values,
  ): Values => {
    const width = rows.rows === 0 ? 0 : values.length / rows.rows;
    const into = empty(width * numbers.length);
    for (let i = 0; i < numbers.length; i++)
      into.set(values.subarray(numbers[i]! * width, (numbers[i]! + 1) * width), i * width);
    return into;
  };
  const floats = (values: Float32Array): Float32Array => taken(values, (length) => new Float32Array(length));
  return {
    rows: numbers.length,
    numeric: floats(rows.numeric),
    categorical: taken(rows.categorical, (length) => new Int32Array(length)),
    ...(rows.lists !== undefined && { lists: rows.lists }),
    labels: floats(rows.labels),
    ...(rows.targets !== undefined && { targets: floats(rows.targets) }),
    weights: rows.weights && floats(rows.weights),
  };
}
