import { InputError } from '../../../shared/errors.js';
import { countOf, type Database } from '../../duckdb/database.js';
import { literalPath } from '../files/source-files.js';

/** The number of digits that DuckDB's decimals have; it reads longer ones wrong, by powers of 256. */
const mostDigits = 38;

/** Throws an InputError for a Parquet file with decimals of more digits than are read right. */
export async function checkParquetDecimals(db: Database, file: string): Promise<void> {
  const wide = await db
    .rows(`select name, precision from parquet_schema(${literalPath(file)}) where precision > ${mostDigits}`)
    .catch(() => []);
  const [first] = wide;
  if (first === undefined) return;
  const message =
    `this column has decimals of ${countOf(first['precision'])} digits, and at most ${mostDigits} are read; ` +
    'write it as double, or as decimals of fewer digits';
  throw new InputError('data.wide-decimal', message, { file, columnName: String(first['name']) });
}
