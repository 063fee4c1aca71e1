import { quoted } from '../../../shared/sql.js';
import { countOf, type Database } from '../../duckdb/database.js';
import { isList } from '../../duckdb/type-kind.js';
import { itemsOf } from '../../duckdb/vector.js';
import { Texts, TextsBuilder } from '../../texts/texts.js';
import { asValues, cleaning } from '../texts/clean-text.js';
import { HashedTexts, hashSql } from './hashed-texts.js';
import { codeName, rawName, type SourceColumn, type SourceTable } from './source-table.js';
import { lateTexts, type CodedText } from './stored-columns.js';

/** All different texts of a column or expression, and each row's number among them. */
export interface Dictionary {
  /** Texts by code, cleaned; null where nothing is left. */
  readonly texts: Texts;
  /**
   * The SQL of a row's code, over the table's view: 0 for a missing text, else 1 more than an index into
   * `texts`.
   */
  readonly sql: string;
  /** Where `sql` is the hash of a row's text: what finds its code. */
  readonly hashed?: HashedTexts;
}

/**
 * Lists a column's texts, whole numbers and truth values in the one form that they have in every format.
 * `enumName`: a name for the enumeration where the column may be listed for another purpose, too.
 */
export async function listColumn(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  enumName = enumNameOf(table, column),
): Promise<Dictionary> {
  const listed = await listAsRead(db, table, column, enumName);
  return { ...listed, texts: asValues(listed.texts) };
}

/**
 * Lists the cells of a column whose fields have several values: texts as they are, and lists as JSON of their
 * values' texts.
 */
export function listCells(db: Database, table: SourceTable, column: SourceColumn): Promise<Dictionary> {
  const enumName = enumNameOf(table, column);
  if (!isList(column.type)) return listAsRead(db, table, column, enumName);
  const text = `to_json(list_transform(${quoted(column.name)}, x -> x::varchar))::varchar`;
  const cell = `case when ${quoted(column.name)} is not null then ${text} end`;
  return listTexts(db, table, {
    ...{ from: quoted(table.view), sql: cell, viewed: cell },
    enumName,
  });
}

const enumNameOf = ({ view }: SourceTable, { name }: SourceColumn): string => `${view}:${name}`;

function listAsRead(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  enumName: string,
): Promise<Dictionary> {
  const coded = table.coded.get(column.name);
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
  const count = await listDifferent(db, from, sql, enumName);
  if (count > mostOfEnum) return listHashed(db, table, viewed, enumName);
  const values = await enumerate(db, enumName);
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
  if (late === null) return dictionary(table, Texts.from(seen), code);
  const lateText = `${quoted(lateTexts)}[${late}]`;
  const count = await listDifferent(db, quoted(table.raw), lateText, enumName);
  if (count > mostOfEnum) {
    const raw = `${quoted(rawName(column))}::varchar`;
    await listDifferent(db, quoted(table.view), raw, enumName);
    return listHashed(db, table, raw, enumName);
  }
  const values = await enumerate(db, enumName);
  const lateCode = `enum_code(${lateText}::${quoted(enumName)})::uinteger + ${seen.length + 1}`;
  return dictionary(table, Texts.from([...seen, ...values]), `${code}, ${lateCode}`);
}

/** So many texts are made an enumeration. */
const mostOfEnum = 0xfffe;

function dictionary({ read }: SourceTable, values: Texts, codes: string): Dictionary {
  const clean = cleaning(read);
  const isClean = values.every((text) => text !== null && clean(text) === text);
  return {
    texts: isClean ? values : values.map(clean),
    sql: `coalesce(${codes}, 0)::${codeType(values.length)}`,
  };
}

/** Lists the different texts of an expression in a table of that name, in order. Returns how many there are. */
async function listDifferent(db: Database, from: string, sql: string, name: string): Promise<number> {
  // In a query of its own, where no column of the table can be called so.
  const listed = `select ${sql} as value from ${from}`;
  await db.run(
    `create or replace temp table ${quoted(name)} as
       (select distinct value from (${listed}) where value is not null order by value)`,
  );
  return countOf((await db.row(`select count(*) as n from ${quoted(name)}`))['n']);
}

/** Makes an enumeration of listed texts. */
async function enumerate(db: Database, name: string): Promise<Texts> {
  await db.run(`create type ${quoted(name)} as enum (select value from ${quoted(name)} order by value)`);
  const values = await textsIn(db, `select value from ${quoted(name)} order by value`);
  await db.run(`drop table ${quoted(name)}`);
  return values;
}

/** Finds listed texts by their hash. `viewed`: a row's text, over the table's view. */
async function listHashed(
  db: Database,
  table: SourceTable,
  viewed: string,
  name: string,
): Promise<Dictionary> {
  const listed = `from ${quoted(name)} order by value`;
  const values = await textsIn(db, `select value ${listed}`);
  const hashes = new Float64Array(values.length);
  for (let salt = 0; ; salt++) {
    let count = 0;
    const result = await db.stream(`select ${hashSql('value', salt)} as hash ${listed}`);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      hashes.set(itemsOf(chunk.getColumnVector(0)).subarray(0, chunk.rowCount), count);
      count += chunk.rowCount;
    }
    const different = await db.row(
      `select count(distinct ${hashSql('value', salt)}) as n from ${quoted(name)}`,
    );
    if (countOf(different['n']) === values.length) {
      await db.run(`drop table ${quoted(name)}`);
      const { texts } = dictionary(table, values, '0');
      return { texts, sql: hashSql(viewed, salt), hashed: new HashedTexts(hashes) };
    }
  }
}

async function textsIn(db: Database, query: string): Promise<Texts> {
  const values = new TextsBuilder();
  const result = await db.stream(query);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return values.build();
    for (const value of chunk.getColumnValues(0)) values.add(String(value));
  }
}

const codeType = (texts: number): string =>
  texts < 0xff ? 'utinyint' : texts < 0xffff ? 'usmallint' : 'uinteger';
