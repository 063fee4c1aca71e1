import { name, type Database } from './database.js';
import type { ReadOptions } from './csv.js';
import { cleanText } from './source-table.js';

/** All different texts of an expression over a table, and a DuckDB enumeration of them: rows become small numbers in the scan. */
export interface Dictionary {
  /** Name of the enumeration. */
  readonly type: string;
  /** By code, as they count: cleaned of blanks; null where nothing is left. */
  readonly texts: readonly (string | null)[];
}

/**
 * Lists the texts of `sql`, an expression of type VARCHAR over the relation `from`.
 * Cleaning happens here, on the few different texts, which is far cheaper than on every row.
 */
export async function listTexts(db: Database, from: string, sql: string, type: string, read: ReadOptions): Promise<Dictionary> {
  await db.run(`create type ${name(type)} as enum (select distinct ${sql} as value from ${from} where value is not null order by value)`);
  const values: string[] = [];
  const result = await db.stream(`select unnest(enum_range(null::${name(type)}))::varchar as value`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const value of chunk.getColumnValues(0)) values.push(String(value));
  }
  return { type, texts: values.map((value) => cleanText(value, read)) };
}

/** The code of each row in SQL: 0 for missing, else 1 more than the index into the dictionary's texts. */
export function codeSql(sql: string, dictionary: Dictionary): string {
  const size = dictionary.texts.length + 1;
  const type = size <= 0xff ? 'utinyint' : size <= 0xffff ? 'usmallint' : 'uinteger';
  return `coalesce(enum_code(${sql}::${name(dictionary.type)})::uinteger + 1, 0)::${type}`;
}
