import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { InputError } from '../../shared/errors.js';
import { formatBytes } from '../../shared/numbers.js';
import { errorCode, isMissing, step, type FileWork } from './file-work.js';
import { foldersToFile, foldersToRun, foldersToRuns } from './run-paths.js';

/**
 * All work on the files of a run folder. A folder may come from anybody: whatever lies in it, no link is
 * followed, neither of a file nor of a folder from `.mmoe` down to it, and only regular files are opened. That
 * is looked at before a file is opened, and again when it is open. All functions throw an InputError
 * (`run.link`, `run.no-file`) that says what to do, or the system's error.
 */

/** Bytes of a file that is read as one text, such as run.json: our own have thousands. */
export const mostTextBytes = 16e6;

/** Bytes of a file that is read as a whole: no buffer of Node 20 holds more. */
const mostBytes = 4e9;
/** The system reads and writes less than 2 GB at a time. */
const mostAtOnce = 1 << 30;

/** Reads a text file of 16 MB at most. */
export function* readText(path: string): FileWork<string> {
  return (yield* readBytes(path, mostTextBytes)).toString('utf8');
}

/** Reads a file. Throws an InputError (`run.too-large`) if it has more than `most` bytes. */
export function* readBytes(path: string, most = mostBytes): FileWork<Buffer> {
  const file = yield* openToRead(path);
  try {
    yield* refuseLarge(path, file, most);
    return yield* readAll(file);
  } finally {
    yield* close(file);
  }
}

/** Reads the whole lines within the last `most` bytes of a text file. */
export function* readLastLines(path: string, most: number): FileWork<string> {
  const file = yield* openToRead(path);
  try {
    const size = yield* sizeOf(file);
    const end = Buffer.alloc(Math.min(size, most));
    const text = end.toString('utf8', 0, yield* readPart(file, end, size - end.length));
    return size > most ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    yield* close(file);
  }
}

/** Reads a file as `readBytes` does; null: it is not there. */
export function* readIfThere(path: string, most = mostBytes): FileWork<Buffer | null> {
  try {
    return yield* readBytes(path, most);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Reads a text file, and when it was last modified, in milliseconds since 1970. */
export function* readTimedText(path: string): FileWork<{ text: string; modified: number }> {
  const file = yield* openToRead(path);
  try {
    yield* refuseLarge(path, file, mostTextBytes);
    const { mtimeNs } = yield* factsOfOpen(file);
    return { text: (yield* readAll(file)).toString('utf8'), modified: Number(mtimeNs) / 1e6 };
  } finally {
    yield* close(file);
  }
}

/** Returns whether a file is there and can be read. */
export function* isReadable(path: string): FileWork<boolean> {
  try {
    yield* close(yield* openToRead(path));
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Opens a file to read; returns its descriptor, which the caller closes. */
export const openToRead = (path: string): FileWork<number> => openFile(path, fs.constants.O_RDONLY);

/** Opens a file that is there to change it in place; returns its descriptor, which the caller closes. */
export const openToChange = (path: string): FileWork<number> => openFile(path, fs.constants.O_RDWR);

/** Opens a file to append to it, and makes it where it is missing; returns its descriptor. */
export const openToAppend = (path: string): FileWork<number> =>
  openFile(path, fs.constants.O_WRONLY | fs.constants.O_APPEND, { make: true });

/** Writes a file that must not be there yet. */
export const writeNew = (path: string, content: string): FileWork<void> => writing(path, content, false);

/** Writes a file that must not be there yet, down to the disk. */
export const writeNewSynced = (path: string, content: string | Uint8Array): FileWork<void> =>
  writing(path, content, true);

/** Makes an empty file, unless it is there. */
export function* makeEmpty(path: string): FileWork<void> {
  yield* close(yield* openToAppend(path));
}

/** Renames a file within its folder; what had the new name, a link too, is gone. */
export function* renameFile(from: string, to: string): FileWork<void> {
  yield* refuseLinks(foldersToFile(from));
  yield* rename(from, to);
}

/** Removes a file, or a link, if it is there. */
export function* removeFile(path: string): FileWork<void> {
  yield* refuseLinks(foldersToFile(path));
  yield* remove(path);
}

/** Brings the entries of a file's folder down to the disk. */
export function* syncFolderOf(path: string): FileWork<void> {
  const folder = dirname(path);
  const file = yield* open(folder, fs.constants.O_RDONLY | noLinks);
  try {
    yield* sync(file);
  } finally {
    yield* close(file);
  }
}

/** Removes a run's folder, if it is there, with all that is in it; of a link only the link. */
export function* removeRun(folder: string): FileWork<void> {
  yield* refuseLinks(foldersToRuns(dirname(folder)));
  yield* removeFolder(folder);
}

/** What is known of a name without opening what has it. */
export interface FileFacts {
  /** False: a link, a folder or something else. */
  readonly isFile: boolean;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Another one after the file was replaced. */
  readonly id: string;
}

/** Returns the facts of what has a name, without following a link; null: nothing has it. */
export function* factsOf(path: string): FileWork<FileFacts | null> {
  const info = yield* lookAt(path);
  if (info === null) return null;
  return {
    isFile: info.isFile(),
    size: Number(info.size),
    modified: Number(info.mtimeNs) / 1e6,
    id: `${info.dev}:${info.ino}`,
  };
}

/** Throws an InputError if the folder of a run, or one on the way to it, is a link. */
export const refuseLinkedRun = (folder: string): FileWork<void> => refuseLinks(foldersToRun(folder));

/** Throws an InputError if a folder on the way to runs, from `.mmoe` down, is a link. */
export const refuseLinkedRuns = (runsFolder: string): FileWork<void> =>
  refuseLinks(foldersToRuns(runsFolder));

// Windows has neither: there the looks before and after are all.
const noLinks = process.platform === 'win32' ? 0 : fs.constants.O_NOFOLLOW;
const noWaiting = process.platform === 'win32' ? 0 : fs.constants.O_NONBLOCK;

/** So often a file may be replaced between the two looks; a trainer does so every few seconds. */
const attempts = 50;

function* openFile(path: string, flags: number, { make = false } = {}): FileWork<number> {
  const writes = flags !== fs.constants.O_RDONLY;
  for (let attempt = 0; attempt < attempts; attempt++) {
    if (writes) yield* refuseLinks(foldersToFile(path));
    const before = yield* lookAt(path);
    if (before !== null) refuseUnfit(path, before, writes);
    const making = before === null && make ? fs.constants.O_CREAT | fs.constants.O_EXCL : 0;
    let file;
    try {
      file = yield* open(path, flags | noLinks | noWaiting | making);
    } catch (error) {
      if (making !== 0 && errorCode(error) === 'EEXIST') continue;
      throw error;
    }
    try {
      const opened = yield* factsOfOpen(file);
      refuseUnfit(path, opened, writes);
      yield* refuseLinks(foldersToFile(path));
      const isSame = before?.dev === opened.dev && before.ino === opened.ino;
      if (making !== 0 || isSame) return file;
    } catch (error) {
      yield* close(file);
      throw error;
    }
    yield* close(file);
  }
  const message = `${basename(path)} is replaced again and again while it is opened; try again later`;
  throw new InputError('run.no-file', message, { file: path });
}

function* writing(path: string, content: string | Uint8Array, synced: boolean): FileWork<void> {
  yield* refuseLinks(foldersToFile(path));
  // O_EXCL: nothing has this name, not even a link.
  const { O_WRONLY, O_CREAT, O_EXCL } = fs.constants;
  const file = yield* open(path, O_WRONLY | O_CREAT | O_EXCL | noLinks);
  try {
    yield* refuseLinks(foldersToFile(path));
    yield* writeAll(file, content);
    if (synced) yield* sync(file);
  } catch (error) {
    yield* close(file);
    yield* remove(path);
    throw error;
  }
  yield* close(file);
}

function refuseUnfit(path: string, info: fs.BigIntStats, writes: boolean): void {
  const name = basename(path);
  if (info.isSymbolicLink()) {
    const message = `${name} is a link, and no link in a run's folder is followed; put the file itself there`;
    throw new InputError('run.link', message, { file: path });
  }
  if (!info.isFile()) {
    const message = `${name} should be a file, and is something else; remove it`;
    throw new InputError('run.no-file', message, { file: path });
  }
  if (writes && info.nlink > 1n) {
    const message =
      `${name} has a second name elsewhere (a hard link), and what is there would change with it; ` +
      'put a copy in its place';
    throw new InputError('run.link', message, { file: path });
  }
}

function* refuseLinks(folders: readonly string[]): FileWork<void> {
  for (const folder of folders) {
    if ((yield* lookAt(folder))?.isSymbolicLink() !== true) continue;
    const message =
      `the folder ${basename(folder)} is a link, and runs are kept in real folders only; ` +
      'move what it leads to here, ' +
      'or name that other place itself (--runs for a folder of runs)';
    throw new InputError('run.link', message, { file: folder });
  }
}

/** Reads what an open file has when this begins. */
function* readAll(file: number): FileWork<Buffer> {
  const all = Buffer.allocUnsafe(yield* sizeOf(file));
  let at = 0;
  while (at < all.length) {
    const bytes = yield* readPart(file, all.subarray(at, at + mostAtOnce), at);
    if (bytes === 0) break;
    at += bytes;
  }
  return all.subarray(0, at);
}

function* refuseLarge(path: string, file: number, most: number): FileWork<void> {
  const size = yield* sizeOf(file);
  if (size <= most) return;
  const message =
    `${basename(path)} has ${formatBytes(size)}, and at most ${formatBytes(most)} are read; ` +
    'it is not what the trainer has written';
  throw new InputError('run.too-large', message, { file: path });
}

/** Looks at what has a name, without following it; null: nothing has. */
function* lookAt(path: string): FileWork<fs.BigIntStats | null> {
  try {
    return yield* lookAtName(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const lookAtName = step(
  (path: string) => fs.lstatSync(path, { bigint: true }),
  (path) => fs.promises.lstat(path, { bigint: true }),
);

const factsOfOpen = step(
  (file: number) => fs.fstatSync(file, { bigint: true }),
  (file) => promisify(fs.fstat)(file, { bigint: true }),
);

const open = step(
  (path: string, flags: number) => fs.openSync(path, flags),
  (path, flags) => promisify(fs.open)(path, flags),
);

/** Closes an open file. */
export const close = step(
  (file: number) => fs.closeSync(file),
  (file) => promisify(fs.close)(file),
);

/** Reads from a place of an open file on, `into.length` bytes at most; returns how many were read. */
export const readPart = step(
  (file: number, into: Buffer, at: number) => fs.readSync(file, into, 0, into.length, at),
  async (file, into, at) => (await promisify(fs.read)(file, into, 0, into.length, at)).bytesRead,
);

/** Writes to the end of a file that was opened to append. */
export const appendTo = step(
  (file: number, text: string) => fs.appendFileSync(file, text),
  (file, text) => promisify(fs.appendFile)(file, text),
);

/** Returns the size of an open file, in bytes. */
export const sizeOf = step(
  (file: number) => fs.fstatSync(file).size,
  async (file) => (await promisify(fs.fstat)(file)).size,
);

const writeAll = step(
  (file: number, content: string | Uint8Array) => {
    for (const piece of inPieces(content)) fs.writeFileSync(file, piece);
  },
  async (file, content) => {
    for (const piece of inPieces(content)) await promisify(fs.writeFile)(file, piece);
  },
);

function* inPieces(content: string | Uint8Array): Generator<string | Uint8Array> {
  if (typeof content === 'string' || content.length <= mostAtOnce) yield content;
  else for (let at = 0; at < content.length; at += mostAtOnce) yield content.subarray(at, at + mostAtOnce);
}

const sync = step(
  (file: number) => fs.fsyncSync(file),
  (file) => promisify(fs.fsync)(file),
);

const rename = step(
  (from: string, to: string) => fs.renameSync(from, to),
  (from, to) => fs.promises.rename(from, to),
);

const remove = step(
  (path: string) => fs.rmSync(path, { force: true }),
  (path) => fs.promises.rm(path, { force: true }),
);

const removeFolder = step(
  (path: string) => fs.rmSync(path, { recursive: true, force: true }),
  (path) => fs.promises.rm(path, { recursive: true, force: true }),
);
