import type { Place } from '../../shared/errors.js';
import { countOf, type Database } from '../duckdb/database.js';
import { findLayouts } from './csv/joint-layouts.js';
import { asTexts, csvReader } from './csv/csv-reader.js';
import { formatOf } from './files/source-files.js';
import type { SourceTable } from './table/source-table.js';
import { typedReader } from './typed-reader.js';

/** What is needed to find a row of a table in its files again. */
type RowsOfFiles = Pick<SourceTable, 'files' | 'read'>;

/** Finds where a row lies, from its number in the table (from 0): its file, and its row within. */
export async function placeOfRow(
  db: Database,
  table: RowsOfFiles,
  row: number,
  columnName: string,
): Promise<Place> {
  const [only] = table.files;
  if (table.files.length <= 1 || only === undefined)
    return { ...(only !== undefined && { file: only }), row: row + 1, columnName };
  let before = 0;
  for (const [i, reader] of (await readersOf(db, table)).entries()) {
    const inFile = countOf((await db.row(`select count(*) as n from ${reader}`))['n']);
    if (row < before + inFile) return { file: table.files[i]!, row: row - before + 1, columnName };
    before += inFile;
  }
  return { row: row + 1, columnName };
}

/** Returns the SQL of the rows of each of a table's files. */
async function readersOf(db: Database, { files, read }: RowsOfFiles): Promise<string[]> {
  const format = formatOf(files[0]!);
  if (format !== 'csv') return files.map((file) => typedReader(format, [file]));
  const layouts = await findLayouts(db, files, read, new Map());
  return files.map((file, i) => csvReader([file], asTexts(layouts[i]!), read));
}
