import type { Database } from '../../duckdb/database.js';
import type { ReadOptions } from '../source-kind.js';
import { csvReader, type CsvColumn, type CsvLayout } from './csv-reader.js';

/** Whether the first line of a text file names its columns, where nobody and not DuckDB says so. */

/** Reads the names as they are written: DuckDB gives a name that is there twice another ending. */
export async function firstLine(
  db: Database,
  file: string,
  layout: CsvLayout,
  encoding: ReadOptions['encoding'],
): Promise<(string | null)[]> {
  const [row] = await firstRows(db, file, layout, encoding, 1);
  return row ?? layout.columns.map(() => null);
}

/** Reads the first lines as texts, that of the names too. */
export async function firstRows(
  db: Database,
  file: string,
  layout: CsvLayout,
  encoding: ReadOptions['encoding'],
  most: number,
): Promise<(string | null)[][]> {
  const columns = layout.columns.map((_, i) => ({ name: `c${i}`, type: 'VARCHAR' }));
  const texts = { ...layout, header: false, columns };
  const rows = await db.rows(
    `select * from ${csvReader([file], texts, { encoding }, ', ignore_errors = true')} limit ${most}`,
  );
  return rows.map((row) =>
    columns.map(({ name }) => {
      const text = row[name];
      return typeof text === 'string' ? text : null;
    }),
  );
}

/** How many rows are looked at for what stands below a first line. */
const rowsLookedAt = 200;

/** What is a value of its own kind, and so no name: a number, a truth value, a date. */
const typedText =
  /^([+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d+)?|true|false|\d{4}-\d\d?-\d\d?([ T]\d\d?:.*)?|\d\d?([./-])\d\d?\4\d{4}([ T].*)?)$/i;
/** What stands for a missing value, and so is no name, either. */
const missingText = /^(na|nan|n\/a|null|none|\?|-+|\.)?$/i;

/** Whether a text can only be a name where the values below it are numbers, truth values or dates. */
export const seemsName = (text: string): boolean => !typedText.test(text) && !missingText.test(text);

/**
 * Whether a first line that DuckDB takes for a row holds names: all different, and one at least above values
 * that nearly all are numbers, truth values or dates, be they with a decimal comma or with marks such as NA,
 * which DuckDB takes for texts. The first one may be empty, as above the numbers of rows. A value of the kind
 * of those below it says that the line is a row.
 */
export async function namesAbove(
  db: Database,
  file: string,
  layout: CsvLayout,
  read: ReadOptions,
): Promise<boolean> {
  if (layout.header || read.header !== undefined || read.names !== undefined) return false;
  const [first, ...rows] = await firstRows(db, file, layout, read.encoding, rowsLookedAt);
  if (first === undefined || rows.length < 3) return false;
  const names = first.map((text) => text?.trim() ?? '');
  if (names.some((name, i) => i > 0 && name === '') || new Set(names).size < names.length) return false;
  const areTyped = names.map((_, i) => {
    const below = rows.flatMap((row) => row[i]?.trim() || []);
    return below.length > 0 && below.filter((text) => typedText.test(text)).length >= 0.8 * below.length;
  });
  return (
    names.some((name, i) => areTyped[i] === true && seemsName(name)) &&
    !names.some((name, i) => areTyped[i] === true && typedText.test(name))
  );
}

/**
 * Whether a first line holds names although names are given: only if it cannot be data, with a text above
 * every column that is not of texts.
 */
export function areNames(headings: readonly (string | null)[], columns: readonly CsvColumn[]): boolean {
  const above = headings.filter((_, i) => columns[i]?.type !== 'VARCHAR');
  return (
    above.length > 0 &&
    above.every((one) => one !== null && one.trim() !== '' && !Number.isFinite(Number(one)))
  );
}
