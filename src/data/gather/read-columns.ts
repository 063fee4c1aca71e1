import type { DuckDBResult } from '@duckdb/node-api';
import { countDropped, freeBuffer } from '../../memory/release.js';
import type { Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import type { NumberType, Wanted } from '../read/table/wanted.js';
import type { SourceTable } from '../read/table/source-table.js';
import { itemsOf, type Items } from '../duckdb/vector.js';
import { InputError } from '../../shared/errors.js';

export interface ReadRows {
  readonly rows: number;
  /** The columns as wanted, in order, each [rows]. */
  readonly columns: readonly Items[];
}

/** The approximate size of a block of rows in bytes: this much is in memory twice while it is encoded. */
const blockBytes = 4e6;

/**
 * Reads columns into typed arrays, in the order of the rows, block by block. Each block has its own buffer,
 * so that it can be freed after use, and all but the last have the same number of rows. `where`: an SQL
 * condition.
 */
export async function* blocksOf(
  db: Database,
  table: SourceTable,
  wanted: readonly Wanted[],
  where: string | null,
): AsyncGenerator<ReadRows> {
  // A block consists of whole chunks of DuckDB's.
  const size = 2048 * Math.max(1, Math.floor(blockBytes / (2048 * (1 + bytesOfRow(wanted)))));
  let left = table.rows;
  for await (const batch of batchesOf(db, table, wanted, where, () => Math.max(1, Math.min(size, left)))) {
    left -= batch.rows;
    if (left < 0) throw moreRows(table);
    yield batch;
  }
}

/** Returns the bytes of a row of what is wanted. */
export const bytesOfRow = (wanted: readonly Wanted[]): number =>
  wanted.reduce((sum, one) => sum + arrayOf(one).BYTES_PER_ELEMENT, 0);

/** Reading what each row has gives at most as many rows as there are. */
const moreRows = ({ title, rows }: SourceTable): InputError =>
  new InputError(
    'data.more-rows',
    `an expression of the experiment makes more rows than the ${rows} of ${title}; ` +
      'every row needs one value: make rows in data.source: {"sql": "…"}',
  );

/** Joins one column of all blocks [rows]. */
export function joined(blocks: readonly ReadRows[], column: number): Items {
  const parts = blocks.map(({ columns }) => columns[column]!);
  const [first = new Uint8Array(0)] = parts;
  const items = emptyLike(
    first,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    items.set(part, at);
    at += part.length;
  }
  return items;
}

/** Makes room for so many items of the type of others. */
export function emptyLike(items: Items, length: number): Items {
  if (items instanceof Float64Array) return new Float64Array(length);
  if (items instanceof Float32Array) return new Float32Array(length);
  if (items instanceof Uint8Array) return new Uint8Array(length);
  if (items instanceof Uint16Array) return new Uint16Array(length);
  return items instanceof Uint32Array ? new Uint32Array(length) : new Int32Array(length);
}

function queryFor(table: SourceTable, wanted: readonly Wanted[], where: string | null): string {
  const list = wanted.length === 0 ? ['0::utinyint as c0'] : wanted.map((one, i) => `${sqlOf(one)} as c${i}`);
  return `select ${list.join(', ')} from ${quoted(table.view)}${where === null ? '' : ` where ${where}`}`;
}

async function* chunksOf(result: DuckDBResult, wanted: readonly Wanted[]): AsyncGenerator<ReadRows> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield {
      rows: chunk.rowCount,
      columns: wanted.map((one, i) => itemsFor(one, itemsOf(chunk.getColumnVector(i)))),
    };
  }
}

/** Returns what is wanted of a column's items: codes where they are hashes of texts. */
const itemsFor = (wanted: Wanted, items: Items): Items =>
  wanted.kind === 'text' && wanted.dictionary.hashed !== undefined
    ? wanted.dictionary.hashed.codesOf(items)
    : items;

function sqlOf(wanted: Wanted): string {
  switch (wanted.kind) {
    case 'number':
      return numberAs(wanted.sql, wanted.as ?? 'double');
    case 'flag':
      return `coalesce((${wanted.sql})::boolean, false)::utinyint`;
    case 'text':
      return wanted.dictionary.sql;
  }
}

const numberAs = (sql: string, type: NumberType): string =>
  type === 'float' || type === 'double' ? `coalesce((${sql})::${type}, 'nan'::${type})` : `(${sql})::${type}`;

function emptyColumns(wanted: readonly Wanted[], rows: number): Items[] {
  const kinds = wanted.map(arrayOf);
  const places = kinds.map(({ BYTES_PER_ELEMENT }) => 8 * Math.ceil((rows * BYTES_PER_ELEMENT) / 8));
  const buffer = new ArrayBuffer(places.reduce((sum, bytes) => sum + bytes, 0));
  let at = 0;
  return kinds.map((Kind, i) => {
    const column = new Kind(buffer, at, rows);
    at += places[i]!;
    return column;
  });
}

const arrayOfNumbers = {
  utinyint: Uint8Array,
  usmallint: Uint16Array,
  float: Float32Array,
  double: Float64Array,
} as const;

type ItemsConstructor = (typeof arrayOfNumbers)[NumberType] | Uint32ArrayConstructor;

function arrayOf(wanted: Wanted): ItemsConstructor {
  if (wanted.kind === 'number') return arrayOfNumbers[wanted.as ?? 'double'];
  if (wanted.kind === 'flag') return Uint8Array;
  const size = wanted.dictionary.texts.length + 1;
  return size <= 0xff ? Uint8Array : size <= 0xffff ? Uint16Array : Uint32Array;
}

/**
 * Reads columns in batches of `size` rows, of which only the last is smaller. A batch's arrays are valid
 * until the next batch is asked for.
 */
export async function* readBatches(
  db: Database,
  table: SourceTable,
  wanted: readonly Wanted[],
  size: number,
): AsyncGenerator<ReadRows> {
  for await (const batch of batchesOf(db, table, wanted, null, () => size)) {
    yield batch;
    const [first] = batch.columns;
    if (first !== undefined) freeBuffer(first.buffer);
  }
}

/** Reads columns batch by batch. `sizeNow` returns the maximum number of rows of the next batch. */
async function* batchesOf(
  db: Database,
  table: SourceTable,
  wanted: readonly Wanted[],
  where: string | null,
  sizeNow: () => number,
): AsyncGenerator<ReadRows> {
  let size = sizeNow();
  let columns: Items[] = [];
  let rows = 0;
  for await (const chunk of chunksOf(await db.stream(queryFor(table, wanted, where)), wanted)) {
    for (let from = 0; from < chunk.rows;) {
      if (rows === 0) columns = emptyColumns(wanted, (size = sizeNow()));
      const taken = Math.min(size - rows, chunk.rows - from);
      chunk.columns.forEach((items, i) => columns[i]!.set(items.subarray(from, from + taken), rows));
      rows += taken;
      from += taken;
      if (rows < size) continue;
      yield { rows, columns };
      rows = 0;
    }
    countDropped(chunk.columns.reduce((sum, items) => sum + items.byteLength, 0));
  }
  if (rows > 0) yield { rows, columns: columns.map((column) => column.subarray(0, rows)) };
}
