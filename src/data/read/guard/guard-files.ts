import { memoryHere, usableShare } from '../../../memory/available.js';
import type { Database } from '../../duckdb/database.js';
import { formatOf } from '../files/source-files.js';
import { checkContainer } from './container.js';
import { checkGzip, doubtfulGzip } from './gzip.js';
import { checkJsonDepth } from './json-depth.js';
import { checkParquetDecimals } from './parquet.js';
import { unreadable } from './unreadable.js';

/**
 * Lets `read` read files into the database, guarded: what DuckDB would read wrong, or not survive, is refused
 * before, and so are gzip files that would fill the machine. Whether other ones are whole is seen beside, from
 * when `read` calls `readsAll` on: DuckDB unpacks a file on one processor only, so that then another has time.
 * Throws an InputError in words of this program for whatever DuckDB refuses because of a file.
 */
export async function guarded<T>(
  db: Database,
  files: readonly string[],
  read: (readsAll: () => void) => Promise<T>,
): Promise<T> {
  for (const file of files) await checkContainer(file, formatOf(file));
  // They are unpacked before any other check reads them, and so that nothing of them is kept.
  const doubtful = await doubtfulGzip(files);
  await checkGzip(doubtful, memoryHere() * usableShare);
  for (const file of files) await checkBefore(db, file);
  let begun: Promise<void> | null = null;
  const areWhole = (): Promise<void> => {
    if (begun === null) {
      begun = checkGzip(files.filter((file) => !doubtful.includes(file))).catch((error: unknown) => {
        db.interrupt();
        throw error;
      });
      // Awaited below in any case.
      begun.catch(() => undefined);
    }
    return begun;
  };
  try {
    const result = await read(() => void areWhole());
    await areWhole();
    return result;
  } catch (error) {
    // A file that is not whole explains whatever else is wrong with it.
    await areWhole();
    const message = error instanceof Error ? error.message : '';
    const file = files.find((one) => message.includes(one)) ?? files[0];
    throw file === undefined ? error : unreadable(file, formatOf(file), error);
  }
}

async function checkBefore(db: Database, file: string): Promise<void> {
  const format = formatOf(file);
  switch (format) {
    case 'csv':
      return;
    case 'json':
      return checkJsonDepth(file);
    case 'parquet':
      return checkParquetDecimals(db, file);
  }
}
