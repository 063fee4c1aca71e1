import type { EncodedRows } from '../../network/encoded-rows.js';
import { countFields, numericNames, type Encoder } from './encoder.js';

/**
 * Makes room for the encoded rows of several parts, in one buffer. A buffer this large lies apart from memory
 * that is soon freed, and so does not keep that from going back to the system.
 */
export function emptyRows(
  encoder: Encoder,
  parts: readonly { readonly rows: number; readonly weighted: boolean; readonly taught: boolean }[],
): EncodedRows[] {
  const numeric = numericNames(encoder).length;
  const fields = countFields(encoder);
  const tasks = encoder.tasks.length;
  const lengths = parts.map(
    ({ rows, weighted, taught }) =>
      rows * (numeric + fields + tasks + (taught ? tasks : 0) + (weighted ? 1 : 0)),
  );
  const buffer = new ArrayBuffer(4 * lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  const floats = (length: number): Float32Array => {
    const array = new Float32Array(buffer, at, length);
    at += array.byteLength;
    return array;
  };
  return parts.map(({ rows, weighted, taught }) => {
    const dense = floats(rows * numeric);
    const categorical = new Int32Array(buffer, at, rows * fields);
    at += categorical.byteLength;
    return {
      rows,
      numeric: dense,
      categorical,
      labels: floats(rows * tasks),
      ...(taught && { targets: floats(rows * tasks) }),
      weights: weighted ? floats(rows) : null,
    };
  });
}
