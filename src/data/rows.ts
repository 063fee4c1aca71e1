import type { DuckDBResult } from '@duckdb/node-api';
import { letGo } from './collect.js';
import { name, type Database } from './database.js';
import type { Dictionary } from './dictionary.js';
import type { SourceTable } from './source-table.js';
import { itemsOf, type Items } from './vector.js';

/** DuckDB types that numbers are read as; a missing one needs a type that has NaN. */
export type NumberType = 'utinyint' | 'usmallint' | 'float' | 'double';

/** What to read of every row, from a table's view or its raw rows. */
export type Wanted =
  /** A number, as a double where nothing else is said; NaN where it is missing. */
  | { readonly kind: 'number'; readonly sql: string; readonly as?: NumberType }
  /** 1 where a condition is true, else 0. */
  | { readonly kind: 'flag'; readonly sql: string }
  /** The code of a text: 0 where it is missing. */
  | { readonly kind: 'text'; readonly dictionary: Dictionary };

export interface ReadRows {
  readonly rows: number;
  /** As wanted, in order, each [rows]. */
  readonly columns: readonly Items[];
}

/** Reads columns into typed arrays, in the order of the rows. `where`: an SQL condition. */
export async function readRows(db: Database, table: SourceTable, wanted: readonly Wanted[], where: string | null): Promise<ReadRows> {
  const columns = emptyColumns(wanted, table.rows);
  let rows = 0;
  for await (const chunk of chunksOf(await db.stream(queryFor(table, wanted, where)), wanted)) {
    chunk.columns.forEach((items, i) => columns[i]!.set(items, rows));
    rows += chunk.rows;
    letGo(chunk.columns.reduce((sum, items) => sum + items.byteLength, 0));
  }
  return { rows, columns: rows === table.rows ? columns : columns.map((column) => column.subarray(0, rows)) };
}

function queryFor(table: SourceTable, wanted: readonly Wanted[], where: string | null): string {
  const list = wanted.length === 0 ? ['0::utinyint as c0'] : wanted.map((one, i) => `${sqlOf(one)} as c${i}`);
  return `select ${list.join(', ')} from ${name(table.view)}${where === null ? '' : ` where ${where}`}`;
}

async function* chunksOf(result: DuckDBResult, wanted: readonly Wanted[]): AsyncGenerator<ReadRows> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield { rows: chunk.rowCount, columns: wanted.map((_, i) => itemsOf(chunk.getColumnVector(i))) };
  }
}

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

const arrayOfNumbers = { utinyint: Uint8Array, usmallint: Uint16Array, float: Float32Array, double: Float64Array } as const;

type ItemsConstructor = (typeof arrayOfNumbers)[NumberType] | Uint32ArrayConstructor;

function arrayOf(wanted: Wanted): ItemsConstructor {
  if (wanted.kind === 'number') return arrayOfNumbers[wanted.as ?? 'double'];
  if (wanted.kind === 'flag') return Uint8Array;
  const size = wanted.dictionary.texts.length + 1;
  return size <= 0xff ? Uint8Array : size <= 0xffff ? Uint16Array : Uint32Array;
}

/** The same in batches of a size, of which only the last is smaller. Arrays are good until the next batch is asked for. */
export async function* readBatches(db: Database, table: SourceTable, wanted: readonly Wanted[], size: number): AsyncGenerator<ReadRows> {
  let columns: Items[] = [];
  let rows = 0;
  for await (const chunk of chunksOf(await db.stream(queryFor(table, wanted, null)), wanted)) {
    for (let from = 0; from < chunk.rows;) {
      const taken = Math.min(size - rows, chunk.rows - from);
      if (rows === 0) columns = emptyColumns(wanted, size);
      chunk.columns.forEach((items, i) => columns[i]!.set(items.subarray(from, from + taken), rows));
      rows += taken;
      from += taken;
      if (rows < size) continue;
      yield { rows, columns };
      rows = 0;
    }
  }
  if (rows > 0) yield { rows, columns: columns.map((column) => column.subarray(0, rows)) };
}
