import { countOf, type Database } from '../duckdb/database.js';
import { quoted, literal } from '../../shared/sql.js';

/**
 * A table whose columns of few different texts hold numbers instead: of the texts that its beginning has, as
 * DuckDB enumerations. A text that only comes later stands in a list beside them, which few rows have. Such a
 * table takes a fraction of the memory, and nobody has to look for the different texts afterwards.
 */
export type CodedTexts = ReadonlyMap<string, CodedText>;

/** One such column. */
export interface CodedText {
  /** By code. */
  readonly seen: readonly string[];
  /** Place in the list of texts that only come later, from 1; null: none did. */
  readonly late: number | null;
}

/** How a table's columns are stored. */
export interface StoredColumns {
  readonly coded: CodedTexts;
  /** Whole numbers in smaller types than they have. */
  readonly small: Seen['small'];
}

/**
 * The stored column with the list of late texts, [coded columns] or null; no name that a table would have.
 */
export const lateTexts = 'mmoe late texts';

/** Rows that are looked at for texts. */
const sampleRows = 8192;
/** A column with more different texts in them would have many late ones. */
const mostTexts = sampleRows / 8;
/** A text that is written out in a statement. */
const longestText = 200;

/** Columns that are all stored as they come, in types and texts of their own. */
export const plainColumns: StoredColumns = { coded: new Map(), small: new Map() };

/** Returns the columns of a relation with DuckDB's types. */
export const columnsOf = async (db: Database, relation: string): Promise<Stored[]> =>
  (await db.rows(`describe from ${relation}`)).map((row) => ({
    name: String(row['column_name']),
    type: String(row['column_type']),
  }));

/** What the beginning of a query's rows shows of its columns, by name. */
export interface Seen {
  /** The different texts of columns of few. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** The type that columns of whole numbers are likely to fit into. */
  readonly small: ReadonlyMap<string, SmallType>;
}

type SmallType = 'smallint' | 'integer';

/**
 * What a number must stay below for a type, far below what the type holds: later rows may have larger ones.
 */
const smallLimits = { smallint: 2 ** 11, integer: 2 ** 27 } as const;

/** Looks at the beginning of a query's rows; columns that are better stored as they are come up nowhere. */
export async function seenOf(db: Database, query: string, all: readonly Stored[]): Promise<Seen> {
  const texts = new Map<string, string[]>();
  const small = new Map<string, SmallType>();
  const columns = all.filter(({ type }) => type === 'VARCHAR').map((column) => column.name);
  const others = all.filter(({ type }) => type !== 'VARCHAR');
  if (columns.length === 0 && !others.some(({ type }) => type === 'BIGINT')) return { texts, small };
  // Nothing need come of most others, but DuckDB's CSV reader breaks down over a wrong line where it passes
  // over columns.
  const largest = others.map(
    ({ name, type }, i) =>
      `${type === 'BIGINT' ? `max(abs(${quoted(name)}::double))` : `count(${quoted(name)})`} as n${i}`,
  );
  // A histogram's keys are the different texts; a list of distinct ones takes ten times the memory.
  const counts = columns.map((column, i) => `histogram(${quoted(column)}) as c${i}`);
  const shown = columns.map(
    (_, i) =>
      `case when cardinality(c${i}) <= ${mostTexts} then to_json(map_keys(c${i}))::varchar end as c${i}`,
  );
  const found = await db.row(
    `select ${[...shown, ...others.map((_, i) => `n${i}`)].join(', ')}
     from (select ${[...counts, ...largest].join(', ')} from (${query} limit ${sampleRows}))`,
  );
  columns.forEach((column, i) => {
    const json = found[`c${i}`];
    const listed: unknown = typeof json === 'string' ? JSON.parse(json) : null;
    const different = Array.isArray(listed) ? listed.map(String).sort() : [];
    if (different.length > 0 && different.every((one) => one.length <= longestText && !one.includes('\0')))
      texts.set(column, different);
  });
  others.forEach(({ name, type }, i) => {
    const max = found[`n${i}`];
    if (type !== 'BIGINT' || typeof max !== 'number') return;
    if (max < smallLimits.smallint) small.set(name, 'smallint');
    else if (max < smallLimits.integer) small.set(name, 'integer');
  });
  return { texts, small };
}

/**
 * Stores rows with what was seen of them; where a later number is too large for its small type, all numbers
 * as they come.
 */
export async function storeSmall(seen: Seen, store: (seen: Seen) => Promise<void>): Promise<Seen> {
  try {
    await store(seen);
    return seen;
  } catch (error) {
    if (!(error instanceof Error && /out of range for the destination type INT/.test(error.message)))
      throw error;
    const large: Seen = { ...seen, small: new Map() };
    await store(large);
    return large;
  }
}

/** A column that is to be stored. */
interface Stored {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
}

/** The rows of a query with the columns of seen texts as codes, and small numbers in small types. */
export function codedRows(query: string, columns: readonly Stored[], { texts, small }: Seen): string {
  if (texts.size === 0 && small.size === 0) return query;
  const coded = [...texts.keys()];
  const code = (column: string): string => quoted(`mmoe code of ${column}`);
  const stored = columns.map(({ name }) => {
    if (texts.has(name)) return `${code(name)} as ${quoted(name)}`;
    const type = small.get(name);
    return type === undefined ? quoted(name) : `${quoted(name)}::${type} as ${quoted(name)}`;
  });
  if (coded.length === 0) return `select ${stored.join(', ')} from (${query})`;
  const codes = coded.map(
    (column) =>
      `try_cast(${quoted(column)} as enum (${texts.get(column)!.map(literal).join(', ')})) as ${code(column)}`,
  );
  const isLate = coded
    .map((column) => `(${code(column)} is null and ${quoted(column)} is not null)`)
    .join(' or ');
  const late = coded
    .map((column) => `case when ${code(column)} is null then ${quoted(column)} end`)
    .join(', ');
  return `select ${stored.join(', ')}, case when ${isLate} then [${late}] end as ${quoted(lateTexts)}
    from (select *, ${codes.join(', ')} from (${query}))`;
}

/** What was stored of columns of seen texts. */
export async function storedTexts(db: Database, table: string, seen: Seen['texts']): Promise<CodedTexts> {
  if (seen.size === 0) return new Map();
  const counts = [...seen.keys()].map((_, i) => `count(${quoted(lateTexts)}[${i + 1}]) as c${i}`);
  const found = await db.row(
    `select ${counts.join(', ')} from ${quoted(table)} where ${quoted(lateTexts)} is not null`,
  );
  return new Map(
    [...seen].map(([column, texts], i) => [
      column,
      { seen: texts, late: countOf(found[`c${i}`]) > 0 ? i + 1 : null },
    ]),
  );
}

/** A coded column's texts as they were read. */
export function textOfCode(column: string, { late }: CodedText): string {
  const seen = `${quoted(column)}::varchar`;
  return late === null ? seen : `coalesce(${seen}, ${quoted(lateTexts)}[${late}])`;
}
