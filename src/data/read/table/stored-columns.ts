import { countOf, isWide, type Database } from '../../duckdb/database.js';
import { quoted, literal } from '../../../shared/sql.js';

/**
 * Columns of few different texts, which a table stores as codes. A code is a DuckDB enumeration of the texts
 * that the table's beginning has; a text that only comes later is stored in a list beside the codes, which
 * few rows have. Such a table takes a fraction of the memory, and nobody has to look for the different texts
 * afterwards.
 */
export type CodedTexts = ReadonlyMap<string, CodedText>;

/** A column that is stored as codes. */
export interface CodedText {
  /** The texts by code. */
  readonly seen: readonly string[];
  /** The column's place in the list of texts that only come later, from 1; null: none did. */
  readonly late: number | null;
}

/** How a table's columns are stored. */
export interface StoredColumns {
  readonly coded: CodedTexts;
  /** The smaller types that whole numbers are stored in, by column. */
  readonly small: Seen['small'];
}

/** Begins the names of columns of our own, in Unicode's private area; no table's own names may begin so. */
export const ownName = (name: string): string => `\ue000${name}`;

/** The column with the rows' numbers in a table whose own columns have taken DuckDB's name for them. */
const storedRow = ownName('stored row');

/** Returns the SQL of a row's number, from 0, in a table with these columns. */
export const rowSql = (columns: readonly { readonly name: string }[]): string =>
  columns.some(({ name }) => name === storedRow) ? quoted(storedRow) : 'rowid';

/** Whether a column is the table's own, and none that is stored beside its columns. */
export const isOwnColumn = (name: string): boolean => name !== lateTexts && name !== storedRow;

/** Numbers the rows of a table with a column called rowid, by which DuckDB would number them otherwise. */
export async function numberRows(db: Database, table: string): Promise<void> {
  const columns = await columnsOf(db, quoted(table));
  if (columns.every(({ name }) => name.toLowerCase() !== 'rowid')) return;
  await replaceTable(
    db,
    table,
    `select *, row_number() over () - 1 as ${quoted(storedRow)} from ${quoted(table)}`,
  );
}

/**
 * The stored column with the list of late texts, [coded columns] or null; no name that a table would have.
 */
export const lateTexts = ownName('late texts');

/** The number of rows that are looked at for texts. */
const sampleRows = 8192;
/** The maximum number of different texts in these rows; a column with more would have many late ones. */
const mostTexts = sampleRows / 8;
/** The maximum length of a text that is written out in a statement. */
const longestText = 200;

/** Columns that are all stored as they come, in types and texts of their own. */
export const plainColumns: StoredColumns = { coded: new Map(), small: new Map() };

/** Returns the columns of a relation with DuckDB's types. */
export const columnsOf = async (db: Database, relation: string): Promise<Stored[]> =>
  (await db.rows(`describe from ${relation}`)).map((row) => ({
    name: String(row['column_name']),
    type: String(row['column_type']),
  }));

/** The facts about a query's columns that the beginning of its rows shows, by name. */
export interface Seen {
  /** The different texts of columns that have few. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** The type that columns of whole numbers are likely to fit into. */
  readonly small: ReadonlyMap<string, SmallType>;
  /** Columns of texts without a single one. */
  readonly unseen: ReadonlySet<string>;
  /** Columns of whole numbers that all have as many digits, more than one, as codes have. */
  readonly oneWidth: ReadonlySet<string>;
}

type SmallType = 'smallint' | 'integer';

/**
 * The limit for the numbers seen, by type. It is far below what the type holds, because later rows may have
 * larger ones.
 */
const smallLimits = { smallint: 2 ** 11, integer: 2 ** 27 } as const;

/**
 * Looks at the beginning of a query's rows; columns that are better stored as they are are omitted. `isCoded`:
 * whether columns of few texts are to be stored as codes.
 */
export async function seenOf(
  db: Database,
  query: string,
  all: readonly Stored[],
  isCoded = !isWide(all.length),
): Promise<Seen> {
  const texts = new Map<string, string[]>();
  const small = new Map<string, SmallType>();
  const columns = all.filter(({ type }) => type === 'VARCHAR').map((column) => column.name);
  const others = all.filter(({ type }) => type !== 'VARCHAR');
  const unseen = new Set<string>();
  const oneWidth = new Set<string>();
  const seen = { texts, small, unseen, oneWidth };
  if (columns.length === 0 && !others.some(({ type }) => type === 'BIGINT')) return seen;
  // Most others are counted in vain, but DuckDB's CSV reader breaks down over a wrong line if it passes over
  // columns.
  const largest = others.map(({ name, type }, i) => {
    const size = `abs(${quoted(name)}::double)`;
    return type === 'BIGINT'
      ? `max(${size}) as n${i}, min(${size}) as least${i}`
      : `count(${quoted(name)}) as n${i}`;
  });
  // A histogram's keys are the different texts; a list of distinct ones takes ten times the memory. A wide
  // table is packed as it is written, texts as codes, too, and needs none.
  const counts = columns.map(
    (column, i) => `${isCoded ? 'histogram' : 'count'}(${quoted(column)}) as ${isCoded ? 'c' : 'size'}${i}`,
  );
  const shown = columns.map((_, i) =>
    isCoded
      ? `case when cardinality(c${i}) <= ${mostTexts} then to_json(map_keys(c${i}))::varchar end as c${i},
         coalesce(cardinality(c${i}), 0) as size${i}`
      : `size${i}`,
  );
  const numbers = others.map(({ type }, i) => (type === 'BIGINT' ? `n${i}, least${i}` : `n${i}`));
  const found = await db.row(
    `select ${[...shown, ...numbers].join(', ')}
     from (select ${[...counts, ...largest].join(', ')} from (${query} limit ${sampleRows}))`,
  );
  columns.forEach((column, i) => {
    if (countOf(found[`size${i}`]) === 0) unseen.add(column);
    const json = found[`c${i}`];
    const listed: unknown = typeof json === 'string' ? JSON.parse(json) : null;
    const different = Array.isArray(listed) ? listed.map(String).sort() : [];
    if (different.length > 0 && different.every((one) => one.length <= longestText && !one.includes('\0')))
      texts.set(column, different);
  });
  others.forEach(({ name, type }, i) => {
    const max = found[`n${i}`];
    const least = found[`least${i}`];
    if (type !== 'BIGINT' || typeof max !== 'number' || typeof least !== 'number') return;
    if (least >= 10 && String(least).length === String(max).length) oneWidth.add(name);
    if (max < smallLimits.smallint) small.set(name, 'smallint');
    else if (max < smallLimits.integer) small.set(name, 'integer');
  });
  return seen;
}

/**
 * Stores rows in the types that were seen to be enough. If a later number is too large for its small type,
 * all numbers are stored as they come.
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
export interface Stored {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
}

/**
 * Returns a query's rows as a query, with the columns of seen texts as codes and small numbers in small
 * types.
 */
export function codedRows(query: string, columns: readonly Stored[], { texts, small }: Seen): string {
  if (texts.size === 0 && small.size === 0) return query;
  const coded = [...texts.keys()];
  const code = (column: string): string => quoted(ownName(`code of ${column}`));
  const stored = columns.map(({ name }) => {
    if (texts.has(name)) return `${code(name)} as ${quoted(name)}`;
    const type = small.get(name);
    return type === undefined ? quoted(name) : `${quoted(name)}::${type} as ${quoted(name)}`;
  });
  if (coded.length === 0) return `select ${stored.join(', ')} from (${query})`;
  const codes = coded.map((column) => {
    const listed = texts.get(column)!.map(literal).join(', ');
    return `try_cast(${quoted(column)} as enum (${listed})) as ${code(column)}`;
  });
  const isLate = coded
    .map((column) => `(${code(column)} is null and ${quoted(column)} is not null)`)
    .join(' or ');
  const late = coded
    .map((column) => `case when ${code(column)} is null then ${quoted(column)} end`)
    .join(', ');
  return `select ${stored.join(', ')}, case when ${isLate} then [${late}] end as ${quoted(lateTexts)}
    from (select *, ${codes.join(', ')} from (${query}))`;
}

/** Finds out how the columns of seen texts were stored. */
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

/** Returns the SQL of a coded column's texts as they were read. */
export function textOfCode(column: string, { late }: CodedText): string {
  const seen = `${quoted(column)}::varchar`;
  return late === null ? seen : `coalesce(${seen}, ${quoted(lateTexts)}[${late}])`;
}

/** Replaces a table by the rows of a query on it, in the same order. */
export async function replaceTable(db: Database, table: string, query: string): Promise<void> {
  const other = quoted(`${table} replaced`);
  await db.run(`create table ${other} as ${query}`);
  await db.run(`drop table ${quoted(table)}`);
  await db.run(`alter table ${other} rename to ${quoted(table)}`);
}
