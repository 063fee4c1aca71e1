import type { EncodedRows } from './encoded-rows.js';

/** Encoded rows that lie in a file, block after block, and are read a few at a time. */
export interface StreamedRows {
  readonly rows: number;
  /** The rows of a block; the last block has what is left. */
  readonly blockRows: number;
  /** The bytes of a row. */
  readonly rowBytes: number;
  /** Returns room for so many rows. */
  room(rows: number): EncodedRows;
  /**
   * Reads the `count` rows from `first` on into `into`, from its row `at` on. Throws InputError where the file does
   * not hold what was written.
   */
  read(first: number, count: number, into: EncodedRows, at: number): Promise<void>;
}

/** Rows of a part of the data: in memory, or in a file. */
export type PartOfRows = EncodedRows | StreamedRows;

export const isStreamed = (rows: PartOfRows): rows is StreamedRows => 'read' in rows;

/** Returns rows that are in memory; throws for others, which nobody may take for such. */
export function heldRows(rows: PartOfRows): EncodedRows {
  if (isStreamed(rows)) throw new Error('these rows are in a file');
  return rows;
}

/** Takes a part into memory. */
export async function intoMemory(part: PartOfRows): Promise<EncodedRows> {
  if (!isStreamed(part)) return part;
  const rows = part.room(part.rows);
  await part.read(0, part.rows, rows, 0);
  return rows;
}

/** Returns the first `count` of some rows, in the same memory. */
export function firstRows(rows: EncodedRows, count: number): EncodedRows {
  const of = <Values extends Float32Array | Int32Array>(values: Values): Values =>
    values.subarray(0, rows.rows === 0 ? 0 : (values.length / rows.rows) * count) as Values;
  return {
    rows: count,
    numeric: of(rows.numeric),
    categorical: of(rows.categorical),
    ...(rows.lists !== undefined && { lists: rows.lists }),
    labels: of(rows.labels),
    ...(rows.targets !== undefined && { targets: of(rows.targets) }),
    weights: rows.weights && of(rows.weights),
  };
}

/** Reads the rows with these numbers, ascending, into memory. */
export async function rowsAt(from: StreamedRows, numbers: Uint32Array): Promise<EncodedRows> {
  const into = from.room(numbers.length);
  for (let i = 0; i < numbers.length;) {
    const first = numbers[i]!;
    let count = 1;
    while (numbers[i + count] === first + count) count++;
    await from.read(first, count, into, i);
    i += count;
  }
  return into;
}

/** Reads rows from the first to the last, so many at a time; each piece is good until the next is asked for. */
export async function* pieces(
  from: StreamedRows,
  size: number,
): AsyncGenerator<{ readonly first: number; readonly rows: EncodedRows }> {
  const room = from.room(Math.min(size, from.rows));
  for (let first = 0; first < from.rows; first += size) {
    const count = Math.min(size, from.rows - first);
    await from.read(first, count, room, 0);
    yield { first, rows: firstRows(room, count) };
  }
}
