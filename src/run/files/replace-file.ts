import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { doLater, doNow, errorCode, pause, type FileWork } from './file-work.js';
import { removeFile, renameFile, syncFolderOf, writeNewSynced } from './run-file.js';

/** Is asked just before the rename; false leaves the old file. */
type Permission = () => FileWork<boolean>;

/**
 * Replaces a file of a run as a whole: it is written beside, synced and renamed. Readers see the old or the
 * new one, also after a power cut. A link in its place is replaced, not followed.
 */
export const replaceFile = (path: string, content: string | Uint8Array, mayReplace?: Permission) =>
  doLater(replacing(path, content, mayReplace));

/** Replaces a file as `replaceFile` does, at once. */
export const replaceFileSync = (path: string, content: string | Uint8Array, mayReplace?: Permission) =>
  doNow(replacing(path, content, mayReplace));

const renameAttempts = 10;
const renamePauseMilliseconds = 20;

function* replacing(path: string, content: string | Uint8Array, mayReplace?: Permission): FileWork<void> {
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    yield* writeNewSynced(temporary, content);
    if (mayReplace !== undefined && !(yield* mayReplace()))
      throw new Error(`lost the lock while replacing ${path}`);
    yield* renameOver(temporary, path);
  } catch (error) {
    yield* removeAnyway(temporary);
    throw error;
  }
  yield* syncRename(path);
}

function* renameOver(from: string, to: string): FileWork<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return yield* renameFile(from, to);
    } catch (error) {
      if (attempt >= renameAttempts || !isBusy(error)) throw error;
      yield* pause(renamePauseMilliseconds);
    }
  }
}

/** On Windows a rename fails while somebody has the old file open. */
const isBusy = (error: unknown): boolean =>
  process.platform === 'win32' && ['EPERM', 'EBUSY', 'EACCES'].includes(errorCode(error));

function* removeAnyway(path: string): FileWork<void> {
  try {
    yield* removeFile(path);
  } catch {
    // The error that led here matters more.
  }
}

/** The rename itself must reach the disk. Windows cannot open folders. */
function* syncRename(path: string): FileWork<void> {
  if (process.platform === 'win32') return;
  try {
    yield* syncFolderOf(path);
  } catch {
    // Not every file system can; the file itself is synced.
  }
}

/**
 * Removes what killed processes have left of their replacements. Nobody else may be writing in this folder.
 */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder))
    if (/\.\d+-[0-9a-f]{8}\.tmp$/.test(name)) doNow(removeFile(join(folder, name)));
}
