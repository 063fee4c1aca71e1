import { InputError, type Place } from '../../../shared/errors.js';
import { countOf, firstLineOf, type Database } from '../../duckdb/database.js';
import { csvReader, type CsvLayout } from './csv-reader.js';
import type { ReadOptions } from '../source-kind.js';
import { formatOf } from '../files/source-files.js';

/** A line that DuckDB could not read, as DuckDB tells it. */
interface Reject {
  /** DuckDB's type of error: `CAST` where a value does not fit its column's type. */
  readonly type: string;
  readonly line: number;
  readonly column: string;
  readonly lineText: string;
  readonly message: string;
}

/** Finds the first line of a file that cannot be read; null if all can. */
async function firstReject(
  db: Database,
  file: string,
  layout: CsvLayout,
  read: ReadOptions,
): Promise<Reject | null> {
  const tables = ['mmoe_trial', 'mmoe_rejects', 'mmoe_reject_scans'];
  await db.run(tables.map((table) => `drop table if exists ${table}`).join('; '));
  const more =
    ", store_rejects = true, rejects_table = 'mmoe_rejects', " +
    "rejects_scan = 'mmoe_reject_scans', rejects_limit = 1000";
  await db.run(`create temp table mmoe_trial as select * from ${csvReader([file], layout, read, more)}`);
  const [first] = await db.rows(
    `select error_type, line, column_name, csv_line, error_message from mmoe_rejects
     order by error_type <> 'INVALID ENCODING', line limit 1`,
  );
  await db.run(tables.map((table) => `drop table ${table}`).join('; '));
  if (first === undefined) return null;
  return {
    type: String(first['error_type']),
    line: countOf(first['line']),
    column: String(first['column_name']),
    lineText: String(first['csv_line']),
    message: String(first['error_message']),
  };
}

/** Throws an InputError for the first line that is no row of a file. `layout`: with texts only. */
export async function failOnMalformed(
  db: Database,
  file: string,
  layout: CsvLayout,
  read: ReadOptions,
): Promise<void> {
  const reject = await firstReject(db, file, layout, read);
  if (reject !== null) throw malformedLine(file, reject, read.encoding);
}

/** Finds the line of the first value of a column that is not of a type; undefined where it cannot be told. */
export async function lineOfOther(
  db: Database,
  file: string,
  layout: CsvLayout,
  read: ReadOptions,
  { column, type }: { readonly column: string; readonly type: string },
): Promise<number | undefined> {
  const columns = layout.columns.map((one) =>
    one.name.toLowerCase() === column.toLowerCase() ? { ...one, type } : one,
  );
  return (await firstReject(db, file, { ...layout, columns }, read))?.line;
}

/** Makes the error for a line that is no row of its table. */
function malformedLine(file: string, reject: Reject, encoding?: ReadOptions['encoding']): InputError {
  if (isEncodingError(reject.message)) return notInEncoding(file, reject.line, encoding);
  const line = reject.lineText.split('\n')[0]!;
  const shown = line.length > 80 ? `${line.slice(0, 77)}…` : line;
  const message = `this line is malformed: ${flawOf(reject)}; it begins «${shown}»${hintFor(reject)}`;
  return new InputError('data.malformed-line', message, { file, line: reject.line });
}

const fieldCounts = /Columns: (\d+) Found: (\d+)/;

/** Says what to do about a line as programs write it that mean something by it. */
function hintFor({ line, lineText, message }: Reject): string {
  const [sign] = /^\s*(#|%|\/\/)/.exec(lineText) ?? [];
  if (sign !== undefined)
    return sign.trim() === '//'
      ? '; take such lines out if they are comments'
      : `; if it is a comment, say so in data.read: "comment": "${sign.trim()}"`;
  const [, wanted, found] = fieldCounts.exec(message) ?? [];
  // R's names of rows have no name of their own.
  return line === 2 && Number(found) === Number(wanted) + 1
    ? '; if its first field is the name of the row, as R writes it, give that a name, too (write.csv, or col.names = NA)'
    : '';
}

function flawOf({ type, message }: Reject): string {
  const [, wanted, found] = fieldCounts.exec(message) ?? [];
  if (wanted !== undefined && found !== undefined)
    return `it has ${found} columns where the others have ${wanted}`;
  if (type === 'UNQUOTED VALUE') return 'a quotation mark is not closed, or stands inside of a value';
  return firstLineOf(message);
}

/** Whether a message of DuckDB says that a file's bytes are no UTF-8. */
export const isEncodingError = (message: string): boolean =>
  /(not|invalid) utf-?8|not \S+ encoded|invalid unicode/i.test(message);

/** Makes the error for a file that is not written in the encoding that it is read in. */
export function notInEncoding(
  file: string,
  line?: number,
  encoding: NonNullable<ReadOptions['encoding']> = 'utf-8',
): InputError {
  const remedy =
    formatOf(file) === 'csv'
      ? ', or say in data.read how it is written: "encoding": "latin-1" or "utf-16"'
      : ' and try again';
  const message =
    encoding === 'utf-8'
      ? `this file is not written in UTF-8; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)${remedy}`
      : `this file is not written in ${encoding}, as data.read.encoding says; leave that out if it is UTF-8`;
  return new InputError('data.encoding', message, { file, ...(line !== undefined && { line }) });
}

/** A column whose share of texts among its values is smaller than this is meant to be numbers. */
export const mostlyNumeric = 0.1;

/**
 * Makes the error for a text in a column that is meant to be numbers. `type`: the type that was asked for, if
 * any; `texts`: how many of the column's values are texts.
 */
export function textInNumbers(
  { column, type }: { readonly column: string; readonly type?: string },
  { value, row }: { readonly value: string; readonly row: number },
  texts: number,
  place: Place,
): InputError {
  const more = texts > 1 ? ` (and ${texts - 1} more such ${texts === 2 ? 'row' : 'rows'})` : '';
  const wants = type === undefined || isPlainNumber(type) ? 'a number' : `of type ${type}`;
  const message =
    `"${value}" is not ${wants}, as the rest of the column is${more}; correct it, ` +
    'list it in data.read.null if it means missing, or set the column to categorical' +
    (/^#/.test(value) ? '; if the line is a comment, say so in data.read: "comment": "#"' : '');
  return new InputError('data.text-in-numbers', message, { ...place, row, columnName: column });
}

const isPlainNumber = (type: string): boolean => /^(BIGINT|DOUBLE|INTEGER|FLOAT)$/.test(type);
