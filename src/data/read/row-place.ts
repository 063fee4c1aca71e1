import type { Place } from '../../shared/errors.js';
import { quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { loadCsv } from './csv/csv-loading.js';
import { formatOf } from './source-files.js';
import type { SourceTable } from './source-table.js';
import { typedReader } from './typed-files.js';

/** Finds where a row lies, from its number in the table (from 0): its file, and its row within. */
export async function placeOfRow(
  db: Database,
  table: SourceTable,
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
async function rowsIn(db: Database, table: SourceTable, file: string): Promise<number> {
  const format = formatOf(file);
  if (format !== 'csv')
    return countOf((await db.row(`select count(*) as n from ${typedReader(format, [file])}`))['n']);
  // A name that no other table has.
  const scratch = `${table.view} one file`;
  await loadCsv(db, scratch, [file], table.read, new Map());
  const { n } = await db.row(`select count(*) as n from ${quoted(scratch)}`);
  await db.run(`drop table ${quoted(scratch)}`);
  return countOf(n);
}
