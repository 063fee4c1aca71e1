import type { Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import type { ReadOptions } from './csv.js';
import { lateTexts, type CodedText } from './stored-columns.js';
import { cleanText, codeName } from './source-table.js';

/** All different texts of a column or expression, and each row's number among them. */
export interface Dictionary {
  /** By code, as they count: cleaned of blanks; null where nothing is left. */
  readonly texts: readonly (string | null)[];
  /**
   * The code of each row in SQL, over the table's view: 0 for missing, else 1 more than an index into
   * `texts`.
   */
  readonly sql: string;
}

/**
 * Lists the texts of `sql`, an expression of type VARCHAR over the relation `from`; over the table's view it
 * is `viewed`. `type`: a name for the enumeration by which rows become small numbers in the scan. Cleaning
 * happens here, on the few different texts, which is far cheaper than on every row.
 */
export async function listTexts(
  db: Database,
  { from, sql, viewed, type }: { from: string; sql: string; viewed: string; type: string },
  read: ReadOptions,
): Promise<Dictionary> {
  const values = await enumerate(db, from, sql, type);
  return dictionary(values, `enum_code((${viewed})::${quoted(type)})::uinteger + 1`, read);
}

/** Lists the texts of a column that is stored as codes: only those that came late have to be looked for. */
export async function listCodedTexts(
  db: Database,
  { from, column, coded, type }: { from: string; column: string; coded: CodedText; type: string },
  read: ReadOptions,
): Promise<Dictionary> {
  const code = `enum_code(${quoted(codeName(column))})::uinteger + 1`;
  if (coded.late === null) return dictionary(coded.seen, code, read);
  const sql = `${quoted(lateTexts)}[${coded.late}]`;
  const late = await enumerate(db, from, sql, type);
  return dictionary(
    [...coded.seen, ...late],
    `${code}, enum_code(${sql}::${quoted(type)})::uinteger + ${coded.seen.length + 1}`,
    read,
  );
}

function dictionary(values: readonly string[], codes: string, read: ReadOptions): Dictionary {
  return {
    texts: values.map((value) => cleanText(value, read)),
    sql: `coalesce(${codes}, 0)::${codeType(values.length)}`,
  };
}

async function enumerate(db: Database, from: string, sql: string, type: string): Promise<string[]> {
  await db.run(
    `create type ${quoted(type)} as enum (select distinct ${sql} as value from ${from} where value is not null order by value)`,
  );
  const values: string[] = [];
  const result = await db.stream(`select unnest(enum_range(null::${quoted(type)}))::varchar as value`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const value of chunk.getColumnValues(0)) values.push(String(value));
  }
  return values;
}

const codeType = (texts: number): string =>
  texts < 0xff ? 'utinyint' : texts < 0xffff ? 'usmallint' : 'uinteger';
