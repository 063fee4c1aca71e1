import { setImmediate } from 'node:timers/promises';
import { takeRows, type EncodedRows } from './encoded-rows.js';
import type { StreamedRows } from './streamed-rows.js';

/** Rows in memory that are read as those of a file are, in blocks. `read`: hears the rows that are asked for. */
export function streamedFrom(
  rows: EncodedRows,
  blockRows: number,
  onRead: (first: number, count: number) => void = () => undefined,
): StreamedRows {
  const width = (values: Float32Array | Int32Array): number => values.length / rows.rows;
  return {
    rows: rows.rows,
    blockRows,
    rowBytes: 4 * (width(rows.numeric) + width(rows.categorical) + width(rows.labels)),
    room: (count) => takeRows(rows, new Uint32Array(count)),
    async read(first, count, into, at) {
      onRead(first, count);
      // Answers come late and in another order, as from a disk.
      for (let turn = 0; turn < first % 3; turn++) await setImmediate();
      const taken = takeRows(
        rows,
        Uint32Array.from({ length: count }, (_, i) => first + i),
      );
      into.numeric.set(taken.numeric, at * width(rows.numeric));
      into.categorical.set(taken.categorical, at * width(rows.categorical));
      into.labels.set(taken.labels, at * width(rows.labels));
      if (taken.targets) into.targets!.set(taken.targets, at * width(taken.targets));
      if (taken.weights) into.weights!.set(taken.weights, at);
    },
  };
}
