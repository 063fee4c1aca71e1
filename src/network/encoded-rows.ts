/**
 * Encoded rows, as a network reads them. Row-major flat buffers; categorical columns are indices, never
 * expanded.
 */
export interface EncodedRows {
  readonly rows: number;
  /** [rows, input.numeric], finite. */
  readonly numeric: Float32Array;
  /** [rows, input.fields.length], each within its field's size. */
  readonly categorical: Int32Array;
  /**
   * [rows, tasks]: 0 or 1; a class index; a value as the network predicts it. NaN: no label, no loss for that
   * task.
   */
  readonly labels: Float32Array;
  /** [rows], ≥ 0; null: all 1. */
  readonly weights: Float32Array | null;
}
