import type { Place } from '../../shared/errors.js';
import { countOf, type Database } from '../duckdb/database.js';
import { findLayout } from './csv/csv-layout.js';
import { asTexts, csvReader } from './csv/csv-reader.js';
import { formatOf } from './files/source-files.js';
import type { SourceTable } from './table/source-table.js';
import { typedReader } from './typed-files.js';

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
  for (const file of table.files) {
    const inFile = await rowsIn(db, table, file);
    if (row < before + inFile) return { file, row: row - before + 1, columnName };
    before += inFile;
  }
  return { row: row + 1, columnName };
}

/** Counts the rows of one of a table's files. */
async function rowsIn(db: Database, { read }: RowsOfFiles, file: string): Promise<number> {
  const format = formatOf(file);
  const reader =
    format === 'csv'
      ? csvReader([file], asTexts(await findLayout(db, file, read, new Map())), read)
      : typedReader(format, [file]);
  return countOf((await db.row(`select count(*) as n from ${reader}`))['n']);
}
