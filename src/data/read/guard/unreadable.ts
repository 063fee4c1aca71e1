import { InputError, type Place } from '../../../shared/errors.js';
import { refusalOf, type Refusal } from '../../duckdb/refusal.js';
import { isEncodingError, notInEncoding } from '../csv/csv-explaining.js';
import type { FileFormat } from '../files/source-files.js';
import type { ReadOptions } from '../source-kind.js';
import { damagedGzip } from './gzip.js';

/** What DuckDB says of a file that it cannot read, and how people are told. */
interface Meaning {
  readonly pattern: RegExp;
  readonly message: (found: RegExpExecArray) => string;
  readonly place?: (found: RegExpExecArray) => Place;
}

/** `line 5`, or `record/value 5`, whose lines DuckDB does not count. */
const lineIn = (unit: string | undefined, number: number): Place =>
  unit === 'line' ? { line: number } : { row: number };

const meanings: readonly Meaning[] = [
  {
    pattern: /Malformed JSON in file .*, at byte (\d+) in (line|record\/value) (\d+): (.*?)\.? *$/,
    message: ([, byte, unit, , why]) =>
      `this ${unit === 'line' ? 'line' : 'record'} is no JSON: ${why} at its byte ${byte}; correct it`,
    // DuckDB counts one too many here, and not below.
    place: ([, , unit, number]) => lineIn(unit, Number(number) - 1),
  },
  {
    pattern: /in (line|record\/value) (\d+): Object .* has duplicate key "(.*?)"/,
    message: ([, , , key = '']) => `a record has the key "${key}" twice; give one of them another name`,
    place: ([, unit, number]) => lineIn(unit, Number(number)),
  },
  {
    pattern: /JSON transform error in file .*, in (line|record\/value) (\d+)/,
    message: () => 'a value here is of another type than its column has before; correct it',
    place: ([, unit, number]) => lineIn(unit, Number(number)),
  },
  {
    pattern: /maximum_object_size/,
    message: () => 'a record of this file is larger than 16 MB; split it into rows',
  },
  {
    pattern: /magic bytes|too small to be a Parquet|footer/i,
    message: () => 'this is no Parquet file, or it is cut off: its end is not theirs; copy or write it again',
  },
  {
    pattern: /Permission denied/,
    message: () => 'this file may not be read by you; ask its owner for the permission to read it',
  },
  { pattern: /No such file|Cannot open file/, message: () => 'this file is gone, or cannot be opened' },
  {
    pattern: /sniffing file|CSV parsing dialect/,
    message: () =>
      'no delimiter cuts the lines of this file into fields; if it is a table of text, ' +
      'say in data.read what separates them: "delimiter"',
  },
  {
    pattern: /Maximum line size of (\d+) bytes exceeded/i,
    message: ([, bytes]) => `a line of this file is longer than ${bytes} bytes; it may lack ends of lines`,
  },
];

const names: Record<FileFormat, string> = { csv: 'text', parquet: 'Parquet', json: 'JSON lines' };

/**
 * Makes the error for a file that DuckDB refuses: what it means, in words of this program, and where. DuckDB's
 * own text is its cause, which goes to a run's log. What is no refusal of DuckDB's is returned as it is.
 */
export function unreadable(
  file: string,
  format: FileFormat,
  error: unknown,
  encoding?: ReadOptions['encoding'],
): unknown {
  if (error instanceof InputError) return error;
  const refusal = refusalOf(error);
  if (refusal === null) return error;
  const { text } = refusal;
  if (/gzip/i.test(text)) return damagedGzip(file, error);
  if (isEncodingError(text)) return notInEncoding(file, undefined, encoding);
  const { message, place } = meaningOf(refusal, format);
  return new InputError('data.unreadable', message, { file, ...place }, error);
}

function meaningOf({ text }: Refusal, format: FileFormat): { message: string; place?: Place } {
  for (const { pattern, message, place } of meanings) {
    const found = pattern.exec(text);
    if (found !== null) return { message: message(found), ...(place && { place: place(found) }) };
  }
  return { message: `this ${names[format]} file is damaged, or cannot be read; copy or write it again` };
}
