import { DOUBLE, DuckDBDataChunk, VARCHAR, type DuckDBType } from '@duckdb/node-api';
import { quoted } from '../../shared/sql.js';
import type { Database } from './database.js';
import { itemsOf } from './vector.js';

/** A column of a table to write, [rows]; NaN and null become missing values. */
export interface TableColumn {
  readonly name: string;
  readonly values: Float64Array | readonly (string | null)[];
}

/** The number of rows of a full chunk of DuckDB's. */
const chunkRows = 2048;

/** Appends columns of equal length to a table, which is created if there is none. */
export async function appendTable(
  db: Database,
  table: string,
  columns: readonly TableColumn[],
): Promise<void> {
  const rows = columns[0]?.values.length ?? 0;
  const isText = columns.map(({ values }) => !(values instanceof Float64Array));
  const listed = columns
    .map((column, i) => `${quoted(column.name)} ${isText[i]! ? 'varchar' : 'double'}`)
    .join(', ');
  await db.run(`create table if not exists ${quoted(table)} (${listed})`);
  const appender = await db.appender(table);
  const types: DuckDBType[] = columns.map((_, i) => (isText[i]! ? VARCHAR : DOUBLE));
  for (let from = 0; from < rows; from += chunkRows) {
    const chunk = DuckDBDataChunk.create(types, Math.min(chunkRows, rows - from));
    columns.forEach(({ values }, i) => {
      const part = values.slice(from, from + chunk.rowCount);
      if (!(part instanceof Float64Array)) chunk.setColumnValues(i, part);
      else if (part.some(Number.isNaN))
        chunk.setColumnValues(
          i,
          Array.from(part, (value) => (Number.isNaN(value) ? null : value)),
        );
      else {
        const vector = chunk.getColumnVector(i);
        itemsOf(vector).set(part);
        vector.flush();
      }
    });
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
