import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePreparedData } from '../../data/write/rows-file.js';
import { inMemory, type PreparedData } from '../../data/prepared.js';
import { InputError, WorkError } from '../../shared/errors.js';
import { systemRefusal } from '../../shared/system-error.js';
import { messageOf } from '../failure.js';

const prefix = '.rows-';

/** An open file of encoded rows that trainers read. */
export interface RowsForAll {
  readonly file: number;
  close(): void;
}

/**
 * Writes the rows into a file that has no name any longer: trainers inherit it open, and it is gone with the
 * last of them, however they end. It lies beside the runs, as a folder for temporary files is often held in
 * memory.
 */
export function writeRowsForAll(runsFolder: string, data: PreparedData): RowsForAll {
  // Rows that are in a file are all trainers' as they are.
  if (data.stream !== null) return data.stream;
  clearStale(runsFolder);
  const path = join(runsFolder, `${prefix}${randomBytes(8).toString('hex')}`);
  let file;
  try {
    file = openSync(path, 'wx+');
    remove(path);
    writePreparedData(file, inMemory(data));
  } catch (error) {
    if (file !== undefined) closeSync(file);
    remove(path);
    const refusal = systemRefusal(error);
    if (refusal !== null)
      throw new WorkError(
        'compare.rows',
        `the encoded rows cannot be written beside the runs: ${refusal.what}; ${refusal.help}, ` +
          'or name another folder with --runs',
      );
    const message =
      `the encoded rows cannot be written beside the runs: ${messageOf(error)}; ` +
      `make room for them, or name another folder with --runs`;
    throw new InputError('compare.rows', message, { file: runsFolder });
  }
  const opened = file;
  // Some file systems keep the name of an open file: it is removed when the program ends.
  const atExit = (): void => remove(path);
  process.once('exit', atExit);
  return {
    file: opened,
    close() {
      closeSync(opened);
      remove(path);
      process.off('exit', atExit);
    },
  };
}

/**
 * Removes files that killed programs have left behind. Where open files can be removed, they have no name any
 * more, so there are none to find; elsewhere the removal of a file in use fails, and it stays.
 */
function clearStale(runsFolder: string): void {
  for (const name of readdirSync(runsFolder)) if (name.startsWith(prefix)) remove(join(runsFolder, name));
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Still open: at the end, or when the next comparison begins.
  }
}
