import { quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { placeOfRow } from './row-place.js';
import { rowNumber, type SourceTable } from './table/source-table.js';
import { textInNumbers } from './csv/csv-explaining.js';

/**
 * Throws an InputError for the first text in a column that is meant to be numbers. `where`: an SQL condition.
 */
export async function failOnTexts(
  db: Database,
  table: SourceTable,
  column: string,
  where: string | null,
): Promise<void> {
  const value = quoted(column);
  const bad = `${value} is not null and try_cast(${value} as double) is null`;
  const found = await db.row(
    `select count(*) filter (where ${bad}) as wrong, min(${quoted(rowNumber)}) filter (where ${bad}) as first,
       arg_min(${value}, ${quoted(rowNumber)}) filter (where ${bad}) as value
     from ${quoted(table.view)} where ${where ?? 'true'}`,
  );
  const texts = countOf(found['wrong']);
  if (texts === 0) return;
  const { file, row = 1 } = await placeOfRow(db, table, countOf(found['first']), column);
  const first = { value: String(found['value']), row };
  throw textInNumbers({ column }, first, texts, file === undefined ? {} : { file });
}
