import { stat } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.js';
import { literal } from '../../../shared/sql.js';
import { isNumber } from '../../duckdb/type-kind.js';
import { firstLines } from './beginning.js';
import { checkDuplicates, checkNames } from '../table/column-names.js';
import { areNames, firstLine, firstRows, namesAbove, seemsName } from './csv-header.js';
import {
  areCutByBlanks,
  commentedRow,
  dialectOf,
  fieldsIn,
  showQuotes,
  type Dialect,
} from './csv-dialect.js';
import type { Database } from '../../duckdb/database.js';
import { refusalOf } from '../../duckdb/refusal.js';
import { notInEncoding } from './csv-explaining.js';
import { bufferBytes, missingTextsSql, type CsvColumn, type CsvLayout } from './csv-reader.js';
import type { ReadOptions } from '../source-kind.js';
import { literalPath } from '../files/source-files.js';
import { mayBeUtf16 } from './utf16.js';

/** Layouts by file, found out already or just now, all with the same options. */
export type CsvLayouts = Map<string, Promise<CsvLayout>>;

/** Returns a text file's layout, which is found out only once. */
export function findLayout(
  db: Database,
  file: string,
  read: ReadOptions,
  known: CsvLayouts,
): Promise<CsvLayout> {
  const layout = known.get(file) ?? layoutOf(db, file, read);
  known.set(file, layout);
  return layout;
}

/** Finds out how a text file is laid out, as far as `read` does not say. */
export async function layoutOf(db: Database, file: string, read: ReadOptions): Promise<CsvLayout> {
  if ((await stat(file)).size === 0) throw emptyFile(file);
  if (read.encoding === 'utf-16' && !(await mayBeUtf16(file)))
    throw notInEncoding(file, undefined, read.encoding);
  const { lines, hasMark, mixesEnds } = await firstLines(file, read.encoding, linesLookedAt);
  const dialect = dialectOf(lines, read);
  // DuckDB overlooks quotation marks that only the line of names has.
  const quoted = showQuotes(lines, read) ? { ...read, quote: '"' } : read;
  const delimiter = read.delimiter ?? dialect.delimiter;
  const isHidden = hasMark && quoted.quote === '"' && lines[0]?.startsWith('"') && dialect.skip === 0;
  const sniffing =
    isHidden && delimiter !== null && read.skip === undefined
      ? detectBelow(db, file, quoted, dialect, fieldsIn(lines, delimiter))
      : detectLayout(db, file, quoted, dialect);
  const sniffed = await sniffing.catch((error: unknown) => {
    throw mixesEnds && refusalOf(error) !== null ? mixedEnds(file) : error;
  });
  const detected = { ...sniffed, header: sniffed.header || (await namesAbove(db, file, sniffed, read)) };
  const { columns } = detected;
  if (columns.length === 1 && read.delimiter === undefined && areCutByBlanks(lines)) throw cutByBlanks(file);
  if (read.names !== undefined && read.names.length !== columns.length) {
    const given = read.names.length;
    const message = `data.read.names has ${given} names, but the file has ${columns.length} columns`;
    throw new InputError('data.names', message, { file, line: 1 });
  }
  const headings = detected.header ? await firstLine(db, file, detected, read.encoding) : [];
  const header =
    detected.header && (read.header === true || read.names === undefined || areNames(headings, columns));
  const names = read.names ?? columns.map((column, i) => (headings[i] ?? '').trim() || column.name);
  // UTF-16 has a zero byte beside every plain letter.
  if ([...columns.map(({ name }) => name), ...headings].some((name) => name?.includes('\0')))
    throw notInEncoding(file, 1, read.encoding);
  checkDuplicates(names, file);
  checkNames(names, file);
  const commented = dialect.comment === null ? commentedRow(lines, read) : null;
  const notes = [
    ...notesOnLines(dialect),
    ...(commented === null ? [] : [noteOnComment(commented)]),
    ...(await notesOnHeader(db, file, detected, read)),
  ];
  const hasUnderscores = lines.some((line) => underscored.test(line));
  return {
    ...detected,
    header,
    notes,
    hasUnderscores,
    columns: names.map((name, i) => ({ name, type: columns[i]!.type })),
  };
}

/** How many lines are looked at for what DuckDB would not see. */
const linesLookedAt = 200;

/** A number with a sign between its digits that DuckDB passes over, and people hardly mean as one. */
const underscored = /(^|[^\p{L}\d_.])\d+_\d[\d_.]*($|[^\p{L}\d_])/u;

const mixedEnds = (file: string): InputError =>
  new InputError(
    'data.line-ends',
    'some lines of this file end with a carriage return alone, and others with a line feed; ' +
      'write it with one kind of line end',
    { file },
  );

const noteOnComment = (line: number): string =>
  `line ${line} begins with #, as no other row does, and counts as a row; ` +
  'if it is a comment, say so in data.read: "comment": "#"';

function notesOnLines({ skip, comment, delimiter }: Dialect): string[] {
  const lines = skip === 1 ? 'the first line is' : `the first ${skip} lines are`;
  return [
    ...(delimiter === ' '
      ? [
          'single blanks separate the fields of each line; if they do not, say what does in data.read: "delimiter"',
        ]
      : []),
    ...(skip > 0
      ? [`${lines} passed over, without the fields of a row; "skip": 0 in data.read reads all`]
      : []),
    ...(comment !== null
      ? [
          `lines that begin with ${comment} are passed over as comments; say so in data.read: "comment": "${comment}"`,
        ]
      : []),
  ];
}

/**
 * Warns of a first row that only counts its columns, as other programs name them, or whose numbers are years that
 * follow each other, as names of columns are.
 */
async function notesOnHeader(
  db: Database,
  file: string,
  layout: CsvLayout,
  read: ReadOptions,
): Promise<string[]> {
  const { columns } = layout;
  const numeric = columns.flatMap(({ type }, i) => (isNumber(type) ? [i] : []));
  if (layout.header || read.header !== undefined || read.names !== undefined || numeric.length === 0)
    return [];
  const [first = [], second = []] = await firstRows(db, file, layout, read.encoding, 2);
  const row = numeric.map((i) => first[i]?.trim());
  const counts = (from: number): boolean => row.every((text, i) => text === String(from + i));
  const countsColumns = (counts(0) && row.length > 1) || (counts(1) && row.length > 2);
  const year = Number(row[0]);
  // Years in the next row, too, are values.
  const hasYears =
    row.length > 1 && year >= 1900 && year <= 2100 && counts(year) && second[numeric[0]!]?.trim() !== row[0];
  const isCounted = countsColumns && numeric.length === columns.length;
  if (!isCounted && !hasYears) return [];
  const what = isCounted ? 'only counts the columns' : 'has years that follow each other';
  return [
    `the first row ${what}: ${row.slice(0, 3).join(', ')} …; ` +
      'if it is a line of names, say so in data.read: "header": true',
  ];
}

const cutByBlanks = (file: string): InputError =>
  new InputError(
    'data.blanks',
    'runs of blanks stand between the fields of this file, which are no delimiter; write it with commas or tabs ' +
      '(pandas: read_csv(…, sep=r"\\s+").to_csv(…))',
    { file, line: 1 },
  );

export const emptyFile = (file: string): InputError =>
  new InputError('data.empty', 'this file is empty; it needs a line of names and rows', { file });

/** Asks DuckDB, which is not put off by a malformed line; it skips no line by itself. */
async function detectLayout(
  db: Database,
  file: string,
  read: ReadOptions,
  dialect: Dialect,
): Promise<CsvLayout> {
  const delimiter = read.delimiter ?? dialect.delimiter;
  const comment = read.comment ?? dialect.comment;
  const skip = read.skip ?? dialect.skip;
  const given = [
    ...(read.header !== undefined ? [`header = ${read.header}`] : []),
    ...(delimiter !== null ? [`delim = ${literal(delimiter)}`] : []),
    ...(read.quote !== undefined ? [`quote = ${literal(read.quote)}`] : []),
    ...(read.quote === '"' ? [`escape = '"'`] : []),
    ...(comment !== null ? [`comment = ${literal(comment)}`] : []),
    `nullstr = ${missingTextsSql(read)}`,
    `encoding = ${literal(read.encoding ?? 'utf-8')}`,
  ];
  const [found] = await db.rows(
    `select Delimiter as delimiter, Quote as quote, Escape as escape, HasHeader as header,
       DateFormat as date, TimestampFormat as timestamp, to_json(Columns) as columns
     from sniff_csv(${literalPath(file)}, ignore_errors = true, skip = ${skip}, sample_size = 8192,
       buffer_size = ${bufferBytes}, hive_partitioning = false, ${given.join(', ')})`,
  );
  if (found === undefined) throw emptyFile(file);
  const quote = read.quote ?? detectedOr(found['quote'], '"');
  return {
    delimiter: delimiter ?? String(found['delimiter']),
    quote,
    escape: quote === '' ? '' : detectedOr(found['escape'], quote),
    comment: comment ?? '',
    skip,
    notes: [],
    hasUnderscores: false,
    header: read.header ?? found['header'] === true,
    timeFormats: {
      ...formatOfTimes('DATE', found['date']),
      ...formatOfTimes('TIMESTAMP', found['timestamp']),
    },
    columns: parseColumns(found['columns']),
  };
}

/**
 * Finds out how a file is laid out whose first line begins with a quotation mark after a byte order mark: DuckDB
 * can read such a line, but not detect anything with it.
 */
async function detectBelow(
  db: Database,
  file: string,
  read: ReadOptions,
  dialect: Dialect,
  fields: number,
): Promise<CsvLayout> {
  const below = await detectLayout(db, file, { ...read, header: false, skip: 1 }, dialect);
  const columns = Array.from(
    { length: fields },
    (_, i) => below.columns[i] ?? { name: `column${i}`, type: 'VARCHAR' },
  );
  const layout = { ...below, skip: 0, header: read.header ?? false, columns };
  if (read.header !== undefined || read.names !== undefined) return layout;
  const first = await firstLine(db, file, layout, read.encoding);
  const typed = first.filter((_, i) => columns[i]!.type !== 'VARCHAR');
  return { ...layout, header: typed.length === 0 ? first.every(isName) : typed.some(isName) };
}

const isName = (text: string | null): boolean => text !== null && seemsName(text.trim());

const detectedOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '(empty)' ? value : otherwise;

/** Returns a detected format by its type; nothing where DuckDB reads the values without it. */
const formatOfTimes = (type: string, format: unknown): Record<string, string> =>
  typeof format === 'string' && !format.startsWith('%Y') ? { [type]: format } : {};

function parseColumns(json: unknown): CsvColumn[] {
  const list: unknown = typeof json === 'string' ? JSON.parse(json) : json;
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || !('name' in item) || !('type' in item))
      throw new Error('sniff_csv: no columns');
    return { name: String(item.name), type: String(item.type) };
  });
}
