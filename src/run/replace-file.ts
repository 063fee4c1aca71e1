import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * A file replaced as a whole: written beside, synced, renamed. Readers see the old or the new one, also after
 * a power cut. `allowed` is asked just before the rename; false leaves the old file. The trainer's loop
 * cannot wait, hence two forms.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  allowed = async (): Promise<boolean> => true,
): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (!(await allowed())) throw new Error(`lost the lock while replacing ${path}`);
    for (let attempt = 0; ; attempt++) {
      try {
        await rename(temporary, path);
        break;
      } catch (error) {
        if (attempt >= 10 || !isBusy(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

export function replaceFileSync(
  path: string,
  content: string | Uint8Array,
  allowed = (): boolean => true,
): void {
  const temporary = temporaryName(path);
  try {
    const file = openSync(temporary, 'wx');
    try {
      writeAllSync(file, typeof content === 'string' ? Buffer.from(content) : content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (!allowed()) throw new Error(`lost the lock while replacing ${path}`);
    for (let attempt = 0; ; attempt++) {
      try {
        renameSync(temporary, path);
        break;
      } catch (error) {
        if (attempt >= 10 || !isBusy(error)) throw error;
        sleepSync(20);
      }
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolderSync(dirname(path));
}

/** One `write` may take less than it was given. */
export function writeAllSync(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
export function sleepSync(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Removes what killed processes have left of their replacements. Nobody else may be writing in this folder.
 */
export function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder))
    if (/\.\d+-[0-9a-f]{8}\.tmp$/.test(name)) rmSync(join(folder, name), { force: true });
}

const temporaryName = (path: string): string =>
  `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;

/** On Windows a rename fails while somebody has the old file open. */
const isBusy = (error: unknown): boolean =>
  process.platform === 'win32' && ['EPERM', 'EBUSY', 'EACCES'].includes(errorCode(error));

/**
 * The rename itself must reach the disk; Windows cannot open folders, and some file systems cannot sync them.
 */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function syncFolderSync(folder: string): void {
  if (process.platform === 'win32') return;
  let handle: number | null = null;
  try {
    handle = openSync(folder, 'r');
    fsyncSync(handle);
  } catch {
    // Not every file system can; the file itself is synced.
  } finally {
    if (handle !== null) closeSync(handle);
  }
}
