import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError, WorkError } from '../../shared/errors.js';
import { systemRefusal } from '../../shared/system-error.js';

import { appendTable, type TableColumn } from '../duckdb/append-table.js';
import { Database, firstLineOf } from '../duckdb/database.js';
import { quoted, literal } from '../../shared/sql.js';
import { literalPath } from '../read/files/source-files.js';

export interface TableFileOptions {
  /** The maximum number of rows in memory. */
  readonly rowsAtOnce?: number;
  /** A Parquet file's key-value metadata; a CSV file has none. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The maximum number of rows in memory: a larger table goes to the disk in parts, which are joined there. */
const partRows = 1 << 18;

/**
 * Writes a table that comes in parts (the same columns in each) as one file: `.csv` or `.parquet`, by the
 * path's ending. Returns the number of rows. Throws an InputError for another ending, and where the file
 * system refuses.
 */
export async function writeTable(
  parts: AsyncIterable<readonly TableColumn[]> | Iterable<readonly TableColumn[]>,
  path: string,
  { rowsAtOnce = partRows, metadata = {} }: TableFileOptions = {},
): Promise<number> {
  const target = await targetOf(path);
  const folder = `${target}.parts`;
  const db = await Database.open(dirname(target), [target]);
  try {
    const files: string[] = [];
    let rows = 0;
    let held = 0;
    for await (const columns of parts) {
      await appendTable(db, 'held', columns);
      const added = columns[0]?.values.length ?? 0;
      rows += added;
      held += added;
      if (held < rowsAtOnce) continue;
      await mkdir(folder, { recursive: true });
      const file = join(folder, `${files.length}.parquet`);
      await copyTo(db, quoted('held'), file);
      await db.run(`truncate ${quoted('held')}`);
      files.push(file);
      held = 0;
    }
    const written =
      files.length === 0
        ? ''
        : `select * from read_parquet([${files.map(literalPath).join(', ')}]) union all `;
    await copyTo(db, `(${written}select * from ${quoted('held')})`, target, metadata);
    return rows;
  } finally {
    db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns the whole path of a table to write, and makes its folder. Throws an InputError for another ending
 * than .csv and .parquet.
 */
export async function targetOf(path: string): Promise<string> {
  const target = resolve(path);
  if (!/\.(csv|parquet)$/i.test(target))
    throw new InputError('data.output', 'this cannot be written; name a file that ends in .csv or .parquet', {
      file: path,
    });
  try {
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { force: true });
  } catch (error) {
    throw unwritten(error, path);
  }
  return target;
}

/** Writes a relation to a file; `metadata`: of a Parquet file. Throws an InputError where the file system refuses. */
export async function copyTo(
  db: Database,
  from: string,
  target: string,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const entries = Object.entries(metadata).map(([key, value]) => `${literal(key)}: ${literal(value)}`);
  const keyValues = entries.length === 0 ? '' : `, kv_metadata {${entries.join(', ')}}`;
  const format = /\.parquet$/i.test(target) ? `format parquet${keyValues}` : 'format csv, header true';
  await db
    .run(`copy ${from} to ${literal(target)} (${format}, use_tmp_file false)`)
    .catch((error: unknown) => {
      throw unwritten(error, target);
    });
}

/** Returns what to throw where a file cannot be written: the machine refuses, or it is the wrong place. */
function unwritten(error: unknown, file: string): WorkError | InputError {
  const refusal = systemRefusal(error);
  if (refusal === null)
    return new InputError('data.output', `this cannot be written: ${firstLineOf(error)}`, { file });
  return new WorkError(
    'data.output',
    `${file} cannot be written: ${refusal.what}; ${refusal.help}, and do it again`,
  );
}
