import { open } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import type { Source } from '../../experiment/schema.js';
import { InputError, type Place } from '../../shared/errors.js';
import {
  checkDuplicates,
  findLayout,
  firstLineOf,
  isEncoding,
  notUtf8,
  readCsv,
  type Layouts,
  type ReadOptions,
} from './csv.js';
import {
  codedRows,
  lateTexts,
  seenOf,
  storedTexts,
  storeSmall,
  textOfCode,
  type CodedTexts,
  type StoredColumns,
} from './stored-columns.js';
import { countOf, type Database } from '../duckdb/database.js';
import { quoted, literal } from '../../shared/sql.js';
import { filesOf, formatOf, literalPath, type Folders } from './source-files.js';
import { badQuery, readOnlyQuery } from './sql-source.js';
import { loadSynthetic, syntheticTitle } from './synthetic-table.js';

export interface SourceColumn {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
}

/** A source, read into DuckDB. */
export interface SourceTable {
  /** The rows as they were read, in order (`rowid` from 0); columns of few texts as codes. */
  readonly raw: string;
  /** Those, by name. */
  readonly coded: CodedTexts;
  /**
   * The same rows, with blanks around texts gone and empty texts missing: what expressions see. Also
   * `rowNumber`, `rawName`, `codeName`, `lateTexts`.
   */
  readonly view: string;
  readonly columns: readonly SourceColumn[];
  readonly rows: number;
  /** For people: `census-income.csv`. */
  readonly title: string;
  readonly files: readonly string[];
}

/** What is wanted of a source. */
export interface Reading {
  readonly folders: Folders;
  readonly read: ReadOptions;
  /** DuckDB types by column, where detection must not decide. */
  readonly types: ReadonlyMap<string, string>;
  readonly layouts?: Layouts;
}

/**
 * Finds out how a source's text files are laid out before it is read. What is wrong with it shows when it is
 * read.
 */
export async function lookAhead(
  db: Database,
  source: Source,
  { folders, read, layouts }: Required<Omit<Reading, 'types'>>,
): Promise<void> {
  if (typeof source === 'object' && !Array.isArray(source)) return;
  try {
    for (const pattern of [source].flat()) {
      for (const file of await filesOf(db, pattern, folders))
        if (formatOf(file) === 'csv') await findLayout(db, file, read, layouts);
    }
  } catch {
    // Told by loadSource.
  }
}

/**
 * Reads a source into the database under a name. Throws an InputError for what cannot be read, and for no
 * rows.
 */
export async function loadSource(
  db: Database,
  table: string,
  source: Source,
  reading: Reading,
): Promise<SourceTable> {
  const raw = `${table}_raw`;
  const loaded = await load(db, raw, source, reading);
  await db.pack();
  const { coded, small, ...found } = loaded;
  const columns = (await describe(db, quoted(raw)))
    .filter((column) => coded.size === 0 || column.name !== lateTexts)
    .map(({ name: title, type }) => ({
      name: title,
      type: coded.has(title) ? 'VARCHAR' : small.has(title) ? 'BIGINT' : type,
    }));
  const rows = countOf((await db.row(`select count(*) as n from ${quoted(raw)}`))['n']);
  if (rows === 0) {
    throw new InputError(
      'data.no-rows',
      'this table has no rows',
      loaded.files[0] === undefined ? {} : { file: loaded.files[0] },
    );
  }
  const shown = columns.flatMap((column) => {
    const code = coded.get(column.name);
    const stored = small.has(column.name) ? `${quoted(column.name)}::bigint` : quoted(column.name);
    const sql = code === undefined ? stored : textOfCode(column.name, code);
    return [
      `${cleaned(sql, column, reading.read)} as ${quoted(column.name)}`,
      ...(rawName(column) === column.name ? [] : [`${sql} as ${quoted(rawName(column))}`]),
      ...(code === undefined ? [] : [`${quoted(column.name)} as ${quoted(codeName(column.name))}`]),
    ];
  });
  if (coded.size > 0) shown.push(quoted(lateTexts));
  await db.run(
    `create view ${quoted(table)} as select ${shown.join(', ')}, rowid as ${quoted(rowNumber)} from ${quoted(raw)}`,
  );
  return { raw, view: table, columns, rows, coded, ...found };
}

const describe = async (db: Database, relation: string): Promise<SourceColumn[]> =>
  (await db.rows(`describe from ${relation}`)).map((row) => ({
    name: String(row['column_name']),
    type: String(row['column_type']),
  }));

/** The view's column with the row's number, from 0; no name that a table would have. */
export const rowNumber = 'mmoe row';

/** The view's column with a column's values as they were read. */
export const rawName = (column: SourceColumn): string =>
  column.type === 'VARCHAR' ? `mmoe raw ${column.name}` : column.name;

/** The view's column with the codes of a column that is stored as codes. */
export const codeName = (column: string): string => `mmoe code ${column}`;

/** Where a row lies, from its number (from 0): its file, and the row within. */
export async function placeOfRow(
  db: Database,
  table: SourceTable,
  row: number,
  columnName: string,
  reading: ReadOptions,
): Promise<Place> {
  const [only] = table.files;
  if (table.files.length <= 1 || only === undefined)
    return { ...(only !== undefined && { file: only }), row: row + 1, columnName };
  let before = 0;
  for (const file of table.files) {
    const inFile = await rowsIn(db, file, reading, `${table.view} one file`);
    if (row < before + inFile) return { file, row: row - before + 1, columnName };
    before += inFile;
  }
  return { row: row + 1, columnName };
}

/** `scratch`: a table's name that nothing else uses. */
async function rowsIn(db: Database, file: string, reading: ReadOptions, scratch: string): Promise<number> {
  if (formatOf(file) === 'csv') {
    await readCsv(db, scratch, [file], reading, new Map());
    const { n } = await db.row(`select count(*) as n from ${quoted(scratch)}`);
    await db.run(`drop table ${quoted(scratch)}`);
    return countOf(n);
  }
  const { n } = await db.row(`select count(*) as n from ${readers[formatOf(file)]([file])}`);
  return countOf(n);
}

const readers = {
  csv: (files: readonly string[]) => `read_csv([${files.map(literalPath).join(', ')}])`,
  parquet: (files: readonly string[]) =>
    `read_parquet([${files.map(literalPath).join(', ')}], union_by_name = true)`,
  json: (files: readonly string[]) =>
    `read_json([${files.map(literalPath).join(', ')}], union_by_name = true)`,
};

async function load(
  db: Database,
  raw: string,
  source: Source,
  { folders, read, types, layouts }: Reading,
): Promise<StoredColumns & { title: string; files: string[] }> {
  if (typeof source === 'object' && 'synthetic' in source) {
    await loadSynthetic(db, raw, source.synthetic);
    return { title: syntheticTitle(source.synthetic), files: [], ...asTheyCome };
  }
  if (typeof source === 'object' && 'sql' in source) {
    const query = await readOnlyQuery(db, source.sql, folders);
    await db.run(`create table ${quoted(raw)} as ${query.sql}`).catch((error: unknown) => {
      throw badQuery(firstLineOf(error));
    });
    return {
      title: query.files.length > 0 ? `query on ${titleOf(query.files, folders)}` : 'query',
      files: [],
      ...asTheyCome,
    };
  }
  const files: string[] = [];
  for (const pattern of typeof source === 'string' ? [source] : source) {
    for (const file of await filesOf(db, pattern, folders)) if (!files.includes(file)) files.push(file);
  }
  const formats = new Set(files.map(formatOf));
  if (formats.size > 1)
    throw new InputError(
      'data.mixed',
      `these files are of several kinds (${[...formats].join(', ')}); name files of one`,
      {
        file: files[0]!,
      },
    );
  const [format] = formats;
  const stored =
    format === 'csv'
      ? await readCsv(db, raw, files, read, types, layouts)
      : await loadTyped(db, raw, files, format ?? 'parquet');
  return { title: titleOf(files, folders), files, ...stored };
}

/** Columns in types and texts of their own. */
const asTheyCome: StoredColumns = { coded: new Map(), small: new Map() };

/** Parquet and JSON lines, which bring their types. */
async function loadTyped(
  db: Database,
  raw: string,
  files: readonly string[],
  format: 'parquet' | 'json',
): Promise<StoredColumns> {
  if (format === 'parquet') {
    for (const file of files) await checkParquetNames(db, file);
  }
  try {
    const query = `select * from ${readers[format](files)}`;
    if (format === 'json') {
      await db.run(`create table ${quoted(raw)} as ${query}`);
      return asTheyCome;
    }
    const columns = await describe(db, `(${query})`);
    const { texts, small } = await storeSmall(await seenOf(db, query, columns), (seen) =>
      db.run(`create table ${quoted(raw)} as ${codedRows(query, columns, seen)}`),
    );
    return { coded: await storedTexts(db, raw, texts), small };
  } catch (error) {
    if (format === 'json' && (await isEmptyFile(files[0]!)))
      throw new InputError('data.empty', 'this file is empty', { file: files[0]! });
    const bad = files.length === 1 ? files[0] : await firstUnreadable(db, files, format);
    const file = bad ?? files[0]!;
    if (isEncoding(firstLineOf(error))) throw notUtf8(file);
    const message = `this file is no ${format === 'json' ? 'JSON lines' : 'Parquet'}: ${firstLineOf(error)}`;
    throw new InputError('data.unreadable', message, { file });
  }
}

async function checkParquetNames(db: Database, file: string): Promise<void> {
  const names = await db
    .rows(`select name from parquet_schema(${literalPath(file)}) where num_children is null`)
    .catch(() => []);
  const top = names.map((row) => String(row['name']));
  if (new Set(top).size === top.length) return;
  const described = await db.rows(`describe select * from read_parquet(${literalPath(file)})`);
  // Nested columns repeat names of their own; only a table as wide as its list of names can have a true
  // duplicate.
  if (described.length === top.length) checkDuplicates(top, file);
}

async function firstUnreadable(
  db: Database,
  files: readonly string[],
  format: 'parquet' | 'json',
): Promise<string | undefined> {
  for (const file of files) {
    const good = await db.rows(`select count(*) from ${readers[format]([file])}`).then(
      () => true,
      () => false,
    );
    if (!good) return file;
  }
  return undefined;
}

async function isEmptyFile(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    return (await handle.stat()).size === 0;
  } finally {
    await handle.close();
  }
}

function titleOf(files: readonly string[], { folder }: Folders): string {
  const first = relative(folder, files[0]!).replaceAll('\\', '/');
  const shown = first.startsWith('..') ? basename(first) : first;
  return files.length === 1 ? shown : `${shown} and ${files.length - 1} more`;
}

/** A column as expressions see it. */
function cleaned(sql: string, column: SourceColumn, read: ReadOptions): string {
  if (column.type !== 'VARCHAR') return sql;
  const trimmed = `nullif(trim(${sql}, ${literal(blanks)}), '')`;
  return (read.null ?? [])
    .filter((missing) => missing.trim() !== '')
    .reduce((sql, missing) => `nullif(${sql}, ${literal(missing.trim())})`, trimmed);
}

/** What may stand around a text and does not count. */
const blanks = ' \t\r\n';

/** As the view does it, in one text; null: missing. */
export function cleanText(value: string, read: ReadOptions): string | null {
  const trimmed = value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  return trimmed === '' || (read.null ?? []).some((missing) => missing.trim() === trimmed) ? null : trimmed;
}
