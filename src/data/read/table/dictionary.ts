import { quoted } from '../../../shared/sql.js';
import type { Database } from '../../duckdb/database.js';
import { cleanText, asValues } from '../texts/clean-text.js';
import { codeName, rawName, type SourceColumn, type SourceTable } from './source-table.js';
import { lateTexts, type CodedText } from './stored-columns.js';

/** All different texts of a column or expression, and each row's number among them. */
export interface Dictionary {
  /** Texts by code, cleaned; null where nothing is left. */
  readonly texts: readonly (string | null)[];
  /**
   * The SQL of a row's code, over the table's view: 0 for a missing text, else 1 more than an index into
   * `texts`.
   */
  readonly sql: string;
}

/**
 * Lists a column's texts, whole numbers and truth values in the one form that they have in every format.
 */
export async function listColumn(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
): Promise<Dictionary> {
  const { texts, sql } = await listAsRead(db, table, column);
  return { texts: asValues(texts), sql };
}

function listAsRead(db: Database, table: SourceTable, column: SourceColumn): Promise<Dictionary> {
  const coded = table.coded.get(column.name);
  const enumName = `${table.view}:${column.name}`;
  if (coded !== undefined) return listCodedTexts(db, table, column, coded, enumName);
  // The raw table is read: to take the view apart, column by column, costs more than to list the texts.
  return listTexts(db, table, {
    from: quoted(table.raw),
    sql: `${quoted(column.name)}::varchar`,
    viewed: `${quoted(rawName(column))}::varchar`,
    enumName,
  });
}

/** Texts to list. */
export interface TextsOfRows {
  readonly from: string;
  /** The texts, an expression of type VARCHAR over the relation `from`. */
  readonly sql: string;
  /** The same texts over the table's view. */
  readonly viewed: string;
  /** The name for the enumeration by which rows become small numbers in the scan. */
  readonly enumName: string;
}

/**
 * Lists the texts of an expression. They are cleaned here, where they are few, which is far cheaper than in
 * every row.
 */
export async function listTexts(
  db: Database,
  table: SourceTable,
  { from, sql, viewed, enumName }: TextsOfRows,
): Promise<Dictionary> {
  const values = await enumerate(db, from, sql, enumName);
  return dictionary(table, values, `enum_code((${viewed})::${quoted(enumName)})::uinteger + 1`);
}

/** Lists the texts of a column that is stored as codes; only those that came late have to be looked for. */
async function listCodedTexts(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  { seen, late }: CodedText,
  enumName: string,
): Promise<Dictionary> {
  const code = `enum_code(${quoted(codeName(column.name))})::uinteger + 1`;
  if (late === null) return dictionary(table, seen, code);
  const lateText = `${quoted(lateTexts)}[${late}]`;
  const values = await enumerate(db, quoted(table.raw), lateText, enumName);
  const lateCode = `enum_code(${lateText}::${quoted(enumName)})::uinteger + ${seen.length + 1}`;
  return dictionary(table, [...seen, ...values], `${code}, ${lateCode}`);
}

function dictionary({ read }: SourceTable, values: readonly string[], codes: string): Dictionary {
  return {
    texts: values.map((value) => cleanText(value, read)),
    sql: `coalesce(${codes}, 0)::${codeType(values.length)}`,
  };
}

async function enumerate(db: Database, from: string, sql: string, enumName: string): Promise<string[]> {
  // In a query of its own, where no column of the table can be called so.
  const listed = `select ${sql} as value from ${from}`;
  await db.run(
    `create type ${quoted(enumName)} as enum
       (select distinct value from (${listed}) where value is not null order by value)`,
  );
  const values: string[] = [];
  const result = await db.stream(`select unnest(enum_range(null::${quoted(enumName)}))::varchar as value`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (const value of chunk.getColumnValues(0)) values.push(String(value));
  }
  return values;
}

const codeType = (texts: number): string =>
  texts < 0xff ? 'utinyint' : texts < 0xffff ? 'usmallint' : 'uinteger';
