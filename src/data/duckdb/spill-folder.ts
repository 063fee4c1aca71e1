import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Returns a folder that DuckDB makes once a statement needs more memory than it may have, and removes when it
 * closes. By itself DuckDB takes `.tmp` in the folder that the program was started in, where a workspace could
 * have put a link. This one has a name that nobody can guess, within a folder that only this user can look
 * into; that one stays, so that a killed program leaves nothing new behind.
 */
export function spillFolder(): string {
  return join(privateFolder(), randomUUID());
}

function privateFolder(): string {
  const { uid } = userInfo();
  const folder = join(tmpdir(), `mmoe-tables-${uid}`);
  try {
    mkdirSync(folder, { mode: 0o700 });
    return folder;
  } catch {
    const found = lstatSync(folder, { throwIfNoEntry: false });
    // Windows' temporary folder is the user's own, and has neither owners nor modes to look at.
    const isOurs =
      found?.isDirectory() === true &&
      (process.platform === 'win32' || (found.uid === uid && (found.mode & 0o077) === 0));
    return isOurs ? folder : mkdtempSync(join(tmpdir(), 'mmoe-tables-'));
  }
}
