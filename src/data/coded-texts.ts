import { count, name, text, type Database } from './database.js';

/**
 * A table whose columns of few different texts hold numbers instead: of the texts that its beginning has, as DuckDB
 * enumerations. A text that only comes later stands in a list beside them, which few rows have. Such a table takes a
 * fraction of the memory, and nobody has to look for the different texts afterwards.
 */
export type CodedTexts = ReadonlyMap<string, CodedText>;

/** One such column. */
export interface CodedText {
  /** By code. */
  readonly seen: readonly string[];
  /** Place in the list of texts that only come later, from 1; null: none did. */
  readonly late: number | null;
}

/** The stored column with the list of late texts, [coded columns] or null; no name that a table would have. */
export const lateTexts = 'mmoe late texts';

/** Rows that are looked at for texts. */
const sampleRows = 8192;
/** A column with more different texts in them would have many late ones. */
const mostTexts = sampleRows / 8;
/** A text that is written out in a statement. */
const longestText = 200;

/** The texts of columns at the beginning of a query's rows; columns that are better stored as they are have none. */
export async function seenTexts(db: Database, query: string, all: readonly Stored[]): Promise<Map<string, string[]>> {
  const seen = new Map<string, string[]>();
  const columns = all.filter(({ type }) => type === 'VARCHAR').map((column) => column.name);
  if (columns.length === 0) return seen;
  // Nothing must come of the others, but DuckDB's CSV reader breaks down over a wrong line where it passes over columns.
  const others = all.filter(({ type }) => type !== 'VARCHAR').map((column, i) => `count(${name(column.name)}) as n${i}`);
  // A histogram's keys are the different texts; a list of distinct ones takes ten times the memory.
  const counts = columns.map((column, i) => `histogram(${name(column)}) as c${i}`);
  const shown = columns.map((_, i) => `case when cardinality(c${i}) <= ${mostTexts} then to_json(map_keys(c${i}))::varchar end as c${i}`);
  const found = await db.row(
    `select ${[...shown, ...others.map((_, i) => `n${i}`)].join(', ')} from (select ${[...counts, ...others].join(', ')} from (${query} limit ${sampleRows}))`,
  );
  columns.forEach((column, i) => {
    const json = found[`c${i}`];
    const listed: unknown = typeof json === 'string' ? JSON.parse(json) : null;
    const texts = Array.isArray(listed) ? listed.map(String).sort() : [];
    if (texts.length > 0 && texts.every((one) => one.length <= longestText && !one.includes('\0'))) seen.set(column, texts);
  });
  return seen;
}

/** A column that is to be stored. */
interface Stored {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
}

/** The rows of a query with the columns of seen texts as codes. */
export function codedRows(query: string, columns: readonly Stored[], seen: ReadonlyMap<string, readonly string[]>): string {
  if (seen.size === 0) return query;
  const coded = [...seen.keys()];
  const code = (column: string): string => name(`mmoe code of ${column}`);
  const codes = coded.map((column) => `try_cast(${name(column)} as enum (${seen.get(column)!.map(text).join(', ')})) as ${code(column)}`);
  const isLate = coded.map((column) => `(${code(column)} is null and ${name(column)} is not null)`).join(' or ');
  const late = coded.map((column) => `case when ${code(column)} is null then ${name(column)} end`).join(', ');
  const stored = columns.map((column) => (seen.has(column.name) ? `${code(column.name)} as ${name(column.name)}` : name(column.name)));
  return `select ${stored.join(', ')}, case when ${isLate} then [${late}] end as ${name(lateTexts)} from (select *, ${codes.join(', ')} from (${query}))`;
}

/** What was stored of columns of seen texts. */
export async function storedTexts(db: Database, table: string, seen: ReadonlyMap<string, readonly string[]>): Promise<CodedTexts> {
  if (seen.size === 0) return new Map();
  const counts = [...seen.keys()].map((_, i) => `count(${name(lateTexts)}[${i + 1}]) as c${i}`);
  const found = await db.row(`select ${counts.join(', ')} from ${name(table)} where ${name(lateTexts)} is not null`);
  return new Map([...seen].map(([column, texts], i) => [column, { seen: texts, late: count(found[`c${i}`]) > 0 ? i + 1 : null }]));
}

/** A coded column's texts as they were read. */
export function textOfCode(column: string, { late }: CodedText): string {
  const seen = `${name(column)}::varchar`;
  return late === null ? seen : `coalesce(${seen}, ${name(lateTexts)}[${late}])`;
}
