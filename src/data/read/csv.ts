import { stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { InputError } from '../../shared/errors.js';
import { codedRows, seenOf, storedTexts, storeSmall, type StoredColumns } from './stored-columns.js';
import { countOf, type Database } from '../duckdb/database.js';
import { quoted, literal } from '../../shared/sql.js';
import { formatOf, literalPath } from './source-files.js';
import { mayBeUtf16 } from './utf16.js';

/** `data.read` of an experiment. */
export interface ReadOptions {
  readonly header?: boolean | undefined;
  readonly names?: readonly string[] | undefined;
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly encoding?: 'utf-8' | 'latin-1' | 'utf-16' | undefined;
  readonly null?: readonly string[] | undefined;
  readonly types?: Readonly<Record<string, string>> | undefined;
}

/** Layouts that are found out already, or just now, by file; all with the same options. */
export type Layouts = Map<string, Promise<Layout>>;

/** How one text file is laid out. */
interface Layout {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly header: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Reads text files into a new table, in order. `types`: DuckDB types that are wanted, by column in lower
 * case; the others are detected. Columns of few texts are stored as codes, small numbers in small types.
 * Throws an InputError with file, line, row and column for what cannot be read.
 */
export async function readCsv(
  db: Database,
  table: string,
  files: readonly string[],
  read: ReadOptions,
  types: ReadonlyMap<string, string>,
  known: Layouts = new Map(),
): Promise<StoredColumns> {
  let layouts: Layout[] = [];
  for (const file of files) layouts.push(await findLayout(db, file, read, known));
  checkSameColumns(files, layouts);
  layouts = withTypes(layouts, types);
  // A type that is detected from a file's beginning may be wrong for its end: widen it and read again.
  for (let tries = 0; ; tries++) {
    try {
      return await loadFiles(db, table, files, layouts, read);
    } catch (error) {
      const widened = tries < 100 ? await widenOrExplain(db, files, layouts, read, types, error) : null;
      if (widened === null) throw error;
      layouts = withTypes(layouts, widened);
    }
  }
}

/** A file's layout, found out once. */
export function findLayout(db: Database, file: string, read: ReadOptions, known: Layouts): Promise<Layout> {
  const layout = known.get(file) ?? layoutOf(db, file, read);
  known.set(file, layout);
  return layout;
}

/** What DuckDB's detection says; a malformed line does not put it off, and no line is skipped. */
async function layoutOf(db: Database, file: string, read: ReadOptions): Promise<Layout> {
  if ((await stat(file)).size === 0) throw emptyFile(file);
  if (read.encoding === 'utf-16' && !(await mayBeUtf16(file))) throw notUtf8(file, undefined, read.encoding);
  const given = [
    ...(read.header !== undefined ? [`header = ${read.header}`] : []),
    ...(read.delimiter !== undefined ? [`delim = ${literal(read.delimiter)}`] : []),
    ...(read.quote !== undefined ? [`quote = ${literal(read.quote)}`] : []),
    `nullstr = ${nullTexts(read)}`,
    `encoding = ${literal(read.encoding ?? 'utf-8')}`,
  ];
  const [found] = await db.rows(
    `select Delimiter as delimiter, Quote as quote, Escape as escape, HasHeader as header, to_json(Columns) as columns
     from sniff_csv(${literalPath(file)}, ignore_errors = true, skip = 0, sample_size = 8192, buffer_size = ${bufferBytes}, ${given.join(', ')})`,
  );
  if (found === undefined) throw emptyFile(file);
  const detected = parseColumns(found['columns']);
  const delimiter = read.delimiter ?? String(found['delimiter']);
  const quote = read.quote ?? emptyOr(found['quote'], '"');
  const common = { delimiter, quote, escape: quote === '' ? '' : emptyOr(found['escape'], quote) };
  if (read.names !== undefined && read.names.length !== detected.length) {
    const message = `data.read.names has ${read.names.length} names, but the file has ${detected.length} columns`;
    throw new InputError('data.names', message, { file, line: 1 });
  }
  const mayHaveHeader = read.header ?? found['header'] === true;
  const titles = mayHaveHeader
    ? await firstLine(db, file, { ...common, header: true }, detected.length, read)
    : [];
  const header =
    mayHaveHeader && (read.header === true || read.names === undefined || areTitles(titles, detected));
  const names = read.names ?? detected.map((column, i) => (titles[i] ?? '').trim() || column.name);
  // UTF-16 has a zero byte beside every plain letter.
  if (detected.some((column) => column.name.includes('\0')) || titles.some((title) => title?.includes('\0')))
    throw notUtf8(file, 1, read.encoding);
  checkDuplicates(names, file);
  return { ...common, header, columns: names.map((title, i) => ({ name: title, type: detected[i]!.type })) };
}

const emptyFile = (file: string): InputError =>
  new InputError('data.empty', 'this file is empty; it needs a line of names and rows', { file });

/**
 * With names given, a line is passed over only where it cannot be data: a text stands above every column that
 * is not of texts.
 */
function areTitles(titles: readonly (string | null)[], detected: Layout['columns']): boolean {
  const above = titles.filter((_, i) => detected[i]?.type !== 'VARCHAR');
  return (
    above.length > 0 &&
    above.every((title) => title !== null && title.trim() !== '' && !Number.isFinite(Number(title)))
  );
}

/** The names as they are written: DuckDB gives a name that is there twice another ending. */
async function firstLine(
  db: Database,
  file: string,
  layout: Omit<Layout, 'columns'>,
  columns: number,
  { encoding }: ReadOptions,
): Promise<(string | null)[]> {
  const names = Array.from({ length: columns }, (_, i) => `c${i}`);
  const texts = {
    ...layout,
    header: false,
    columns: names.map((title) => ({ name: title, type: 'VARCHAR' })),
  };
  const [row] = await db.rows(
    `select * from ${reader([file], texts, { encoding }, ', ignore_errors = true')} limit 1`,
  );
  return names.map((title) => (typeof row?.[title] === 'string' ? row[title] : null));
}

function parseColumns(json: unknown): { name: string; type: string }[] {
  const list: unknown = typeof json === 'string' ? JSON.parse(json) : json;
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('name' in item) || !('type' in item))
      throw new Error('sniff_csv: no columns');
    return { name: String(item.name), type: String(item.type) };
  });
}

const emptyOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '(empty)' ? value : otherwise;

/** Throws an InputError for a name that two columns have; DuckDB takes no notice of case. */
export function checkDuplicates(names: readonly string[], file: string): void {
  const seen = new Map<string, number>();
  names.forEach((title, i) => {
    const other = seen.get(title.toLowerCase());
    if (other !== undefined) {
      const message = `columns ${other + 1} and ${i + 1} have the same name; give each its own, or name them all in data.read.names, with "header": true beside it`;
      throw new InputError('data.duplicate-column', message, { file, line: 1, columnName: title });
    }
    seen.set(title.toLowerCase(), i);
  });
}

function checkSameColumns(files: readonly string[], layouts: readonly Layout[]): void {
  const names = (layout: Layout): string[] =>
    layout.columns.map((column) => column.name.toLowerCase()).sort();
  const first = names(layouts[0]!);
  layouts.forEach((layout, i) => {
    const here = names(layout);
    const other =
      here.find((title) => !first.includes(title)) ?? first.find((title) => !here.includes(title));
    if (other === undefined && here.length === first.length) return;
    const message = `this file and ${relative(dirname(files[i]!), files[0]!)} do not have the same columns: "${other ?? ''}" is in one of them only`;
    throw new InputError('data.other-columns', message, { file: files[i]!, line: 1 });
  });
}

/** The wanted types, or of those that were detected in the files the one that holds them all. */
function withTypes(layouts: readonly Layout[], wanted: ReadonlyMap<string, string>): Layout[] {
  const joint = new Map<string, string>();
  for (const { columns } of layouts) {
    for (const { name: title, type } of columns) joint.set(title, widest(joint.get(title), type));
  }
  const typed = (column: { name: string; type: string }): { name: string; type: string } => ({
    name: column.name,
    type: wanted.get(column.name.toLowerCase()) ?? joint.get(column.name) ?? column.type,
  });
  return layouts.map((layout) => ({ ...layout, columns: layout.columns.map(typed) }));
}

function widest(one: string | undefined, other: string): string {
  if (one === undefined || one === other) return other;
  const numbers = ['BIGINT', 'DOUBLE'];
  return numbers.includes(one) && numbers.includes(other) ? 'DOUBLE' : 'VARCHAR';
}

async function loadFiles(
  db: Database,
  table: string,
  files: readonly string[],
  layouts: readonly Layout[],
  read: ReadOptions,
): Promise<StoredColumns> {
  const { columns } = layouts[0]!;
  const queries: string[] = [];
  for (let from = 0; from < files.length;) {
    // Files of one layout are read in one go.
    let to = from + 1;
    while (to < files.length && JSON.stringify(layouts[to]) === JSON.stringify(layouts[from])) to++;
    queries.push(`select * from ${reader(files.slice(from, to), layouts[from]!, read, '')}`);
    from = to;
  }
  const { texts, small } = await storeSmall(await seenOf(db, queries[0]!, columns), async (seen) => {
    await db.run(`drop table if exists ${quoted(table)}`);
    for (const [i, query] of queries.entries()) {
      const rows = codedRows(query, columns, seen);
      await db.run(
        i === 0 ? `create table ${quoted(table)} as ${rows}` : `insert into ${quoted(table)} by name ${rows}`,
      );
    }
  });
  return { coded: await storedTexts(db, table, texts), small };
}

function reader(files: readonly string[], layout: Layout, read: ReadOptions, more: string): string {
  const columns = layout.columns
    .map((column) => `${literal(column.name)}: ${literal(column.type)}`)
    .join(', ');
  return `read_csv([${files.map(literalPath).join(', ')}], auto_detect = false, header = ${layout.header}, delim = ${literal(layout.delimiter)},
    quote = ${literal(layout.quote)}, escape = ${literal(layout.escape)}, nullstr = ${nullTexts(read)}, encoding = ${literal(read.encoding ?? 'utf-8')},
    buffer_size = ${bufferBytes}, columns = {${columns}}${more})`;
}

/**
 * A quarter of DuckDB's own, so that all threads have work to the end: 15 % faster for 100 MB on two threads.
 */
const bufferBytes = 8_000_000;

/** Blanks around a missing value do not count. */
function nullTexts(read: ReadOptions): string {
  const texts = (read.null ?? []).flatMap((missing) => [
    missing,
    ` ${missing}`,
    `${missing} `,
    ` ${missing} `,
  ]);
  return `[${[...new Set(['', ...texts])].map(literal).join(', ')}]`;
}

/**
 * The wanted types with a wider one for the column that cannot be read; throws an InputError where none would
 * do.
 */
async function widenOrExplain(
  db: Database,
  files: readonly string[],
  layouts: readonly Layout[],
  read: ReadOptions,
  wanted: ReadonlyMap<string, string>,
  cause: unknown,
): Promise<Map<string, string> | null> {
  for (const [i, file] of files.entries()) {
    const layout = layouts[i]!;
    const reject = await firstReject(db, file, layout, read);
    if (reject === null) continue;
    if (reject.type !== 'CAST') throw malformedLine(file, reject, read.encoding);
    const column = layout.columns.find(
      (candidate) => candidate.name.toLowerCase() === reject.column.toLowerCase(),
    );
    if (column === undefined) return null;
    const current = new Map(layout.columns.map(({ name: title, type }) => [title.toLowerCase(), type]));
    const numeric = await numbersIn(db, file, layout, read, column.name);
    if (!wanted.has(column.name.toLowerCase()) && column.type !== 'DOUBLE' && numeric.bad === 0)
      return current.set(column.name.toLowerCase(), 'DOUBLE');
    if (!wanted.has(column.name.toLowerCase()) && numeric.bad > mostlyNumeric * numeric.all)
      return current.set(column.name.toLowerCase(), 'VARCHAR');
    throw textInNumbers(
      column.name,
      numeric.value ?? '',
      numeric.row,
      numeric.bad,
      { file, line: reject.line },
      column.type,
    );
  }
  if (isEncoding(firstLineOf(cause))) throw notUtf8(files[0]!, undefined, read.encoding);
  throw new InputError('data.unreadable', `this file is not readable as a table: ${firstLineOf(cause)}`, {
    file: files[0]!,
  });
}

/** A column with a smaller share of texts is meant to be numbers. */
export const mostlyNumeric = 0.1;

/** A value of a column of numbers that is none. */
export function textInNumbers(
  column: string,
  value: string,
  row: number,
  bad: number,
  place: { file?: string; line?: number },
  type = '',
): InputError {
  const more = bad > 1 ? ` (and ${bad - 1} more such ${bad === 2 ? 'row' : 'rows'})` : '';
  const wants = /^(|BIGINT|DOUBLE|INTEGER|FLOAT)$/.test(type) ? 'a number' : `of type ${type}`;
  const message = `"${value}" is not ${wants}, as the rest of the column is${more}; correct it, list it in data.read.null if it means missing, or set the column to categorical`;
  return new InputError('data.text-in-numbers', message, { ...place, row, columnName: column });
}

interface Reject {
  readonly type: string;
  readonly line: number;
  readonly column: string;
  readonly lineText: string;
  readonly message: string;
}

async function firstReject(
  db: Database,
  file: string,
  layout: Layout,
  read: ReadOptions,
): Promise<Reject | null> {
  await db.run(
    'drop table if exists mmoe_rejects; drop table if exists mmoe_reject_scans; drop table if exists mmoe_trial',
  );
  const more =
    ", store_rejects = true, rejects_table = 'mmoe_rejects', rejects_scan = 'mmoe_reject_scans', rejects_limit = 1000";
  await db.run(`create temp table mmoe_trial as select * from ${reader([file], layout, read, more)}`);
  const [first] = await db.rows(
    `select error_type, line, column_name, csv_line, error_message from mmoe_rejects order by error_type <> 'INVALID ENCODING', line limit 1`,
  );
  await db.run('drop table mmoe_trial; drop table mmoe_rejects; drop table mmoe_reject_scans');
  if (first === undefined) return null;
  return {
    type: String(first['error_type']),
    line: countOf(first['line']),
    column: String(first['column_name']),
    lineText: String(first['csv_line']),
    message: String(first['error_message']),
  };
}

function malformedLine(file: string, reject: Reject, encoding?: string): InputError {
  if (isEncoding(reject.message)) return notUtf8(file, reject.line, encoding);
  const line = reject.lineText.split('\n')[0]!;
  const shown = line.length > 80 ? `${line.slice(0, 77)}…` : line;
  return new InputError(
    'data.malformed-line',
    `this line is malformed: ${malformed(reject)}; it begins «${shown}»`,
    {
      file,
      line: reject.line,
    },
  );
}

/** Whether DuckDB says that a file's bytes are no UTF-8. */
export const isEncoding = (message: string): boolean =>
  /(not|invalid) utf-?8|not \S+ encoded|invalid unicode/i.test(message);

export function notUtf8(file: string, line?: number, encoding = 'utf-8'): InputError {
  const isText = formatOf(file) === 'csv';
  const remedy = isText
    ? ', or say in data.read how it is written: "encoding": "latin-1" or "utf-16"'
    : ' and try again';
  const message =
    encoding === 'utf-8'
      ? `this file is not written in UTF-8; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)${remedy}`
      : `this file is not written in ${encoding}, as data.read.encoding says; leave that out if it is UTF-8`;
  return new InputError('data.encoding', message, { file, ...(line !== undefined && { line }) });
}

function malformed({ type, message }: Reject): string {
  const [, wanted, found] = /Columns: (\d+) Found: (\d+)/.exec(message) ?? [];
  if (wanted !== undefined && found !== undefined)
    return `it has ${found} columns where the others have ${wanted}`;
  if (type === 'UNQUOTED VALUE') return 'a quotation mark is not closed, or stands inside of a value';
  return firstLineOf(message);
}

/** How many values of a column there are, how many are no numbers, and the first of those. */
async function numbersIn(
  db: Database,
  file: string,
  layout: Layout,
  read: ReadOptions,
  column: string,
): Promise<{ all: number; bad: number; row: number; value: string | null }> {
  const texts = {
    ...layout,
    columns: layout.columns.map(({ name: title }) => ({ name: title, type: 'VARCHAR' })),
  };
  const found = await db.row(
    `select count(value) as every, count(*) filter (where bad) as wrong, min(number) filter (where bad) as first, arg_min(value, number) filter (where bad) as value
     from (select row_number() over () as number, trim(${quoted(column)}) as value, try_cast(value as double) is null and value <> '' as bad
           from ${reader([file], texts, read, ', ignore_errors = true')})`,
  );
  const value = found['value'];
  return {
    all: countOf(found['every']),
    bad: countOf(found['wrong']),
    row: countOf(found['first']),
    value: typeof value === 'string' ? value : null,
  };
}

export const firstLineOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
