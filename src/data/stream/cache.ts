import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { version } from '../../../package.json';
import type { Experiment } from '../../experiment/schema.js';
import { InputError, WorkError } from '../../shared/errors.js';
import { formatBytes } from '../../shared/numbers.js';
import { jsonPieces, type Encoder } from '../encode/encoder.js';
import { fileVersion } from './layout.js';
import { hold, letGo, readIn } from './readers.js';
import { stateOf } from './verification.js';

const ending = '.rows';
/** So much of its disk may be kept, and so many bytes on a small one. */
const keptShare = 0.1;
const leastKept = 10e9;
/** Names of files that are being made; those of killed programs are removed. */
const unfinished = /^\.\d+-[0-9a-f]{16}$/;
const noLinks = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

/** A file that rows are read from. */
export interface CacheFile {
  /** What its rows follow from, as a name. */
  readonly key: string;
  readonly path: string;
}

/** A file that is kept. */
export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was last opened. */
  readonly used: Date;
  /** Whether a living program has it open. */
  readonly isRead: boolean;
}

/** A file that is written. */
export interface MadeFile {
  /** Open. */
  readonly file: number;
  /** Null: it has no name. */
  readonly path: string | null;
  /** Closes and removes it. */
  discard(): void;
}

/** The folder of a workspace in which encoded rows are kept for the next training. */
export class RowCache {
  readonly folder: string;

  constructor(
    private readonly workspace: string,
    /** The bytes that are kept at most; undefined: a share of the disk. */
    private readonly limit?: number,
  ) {
    this.folder = join(workspace, '.mmoe', 'cache');
  }

  fileOf(key: string): CacheFile {
    return { key, path: join(this.folder, `${key}${ending}`) };
  }

  /**
   * Opens a file of the cache to read it, until it is `closed`; null: it is not there. A link is not followed. While it
   * is open, it is not removed for want of room.
   */
  open(path: string): number | null {
    if (!this.isReal()) return null;
    hold(path);
    let file;
    try {
      file = openSync(path, constants.O_RDONLY | noLinks);
      if (fstatSync(file).isFile()) {
        touch(path);
        return file;
      }
    } catch {
      // It is not there.
    }
    if (file !== undefined) closeSync(file);
    letGo(path);
    return null;
  }

  /** A file that was opened, or made and kept, is closed. */
  closed({ path }: Pick<CacheFile, 'path'>): void {
    letGo(path);
  }

  /**
   * Makes a new file in the folder, to be read and written. With `isNameless` it has no name any more where the
   * system allows this, and is gone when it is closed; otherwise it is renamed by `keep`.
   */
  make(isNameless: boolean): MadeFile {
    this.prepare();
    const path = join(this.folder, `.${process.pid}-${randomBytes(8).toString('hex')}`);
    const { O_RDWR, O_CREAT, O_EXCL } = constants;
    const file = openSync(path, O_RDWR | O_CREAT | O_EXCL | noLinks, 0o600);
    if (isNameless) remove(path);
    return {
      file,
      path: isNameless ? null : path,
      discard() {
        closeSync(file);
        remove(path);
      },
    };
  }

  /** Gives a whole file the name by which it is found; it stays open until it is `closed`. */
  keep(from: string, { path }: CacheFile): void {
    hold(path);
    renameSync(from, path);
    this.makeRoom(0);
  }

  /** The bytes that are kept at most, beside a file that is larger alone. */
  get most(): number {
    if (this.limit !== undefined) return this.limit;
    const { blocks, bsize } = statfsSync(this.isReal() ? this.folder : this.workspace);
    return Math.max(leastKept, blocks * bsize * keptShare);
  }

  /**
   * Removes the files that were not used for the longest time, until those that are left have no more than `most`
   * bytes with so many that are to come. Files that programs read stay.
   */
  private makeRoom(bytes: number): void {
    const files = this.list().sort((one, other) => one.used.getTime() - other.used.getTime());
    const { most } = this;
    let kept = bytes + files.reduce((sum, file) => sum + file.bytes, 0);
    for (const { path, bytes: own, isRead } of files) {
      if (kept <= most) return;
      if (isRead) continue;
      remove(path);
      kept -= own;
    }
  }

  /**
   * Removes what was not used for long, if the cache becomes too large with so many bytes more. Throws a WorkError where
   * less than `bytes` are free on the disk of the folder then.
   */
  requireRoom(bytes: number): void {
    this.prepare();
    this.makeRoom(bytes);
    const { bavail, bsize } = statfsSync(this.folder);
    const free = bavail * bsize;
    if (free >= bytes) return;
    throw new WorkError(
      'data.stream-room',
      `these rows need ${formatBytes(bytes)} of disk while they are encoded, and ${formatBytes(free)} are free in ` +
        `${this.folder}; make room (mmoe cache --clear removes what is kept there), or use fewer rows (data.where)`,
    );
  }

  /** Returns the files that are kept. */
  list(): KeptFile[] {
    if (!this.isReal()) return [];
    const read = readIn(this.folder, isAlive);
    return readdirSync(this.folder)
      .filter((name) => name.endsWith(ending))
      .flatMap((name) => {
        const path = join(this.folder, name);
        const info = lstatSync(path, { throwIfNoEntry: false });
        if (info?.isFile() !== true) return [];
        return [{ path, bytes: info.size, used: info.mtime, isRead: read.has(path) }];
      });
  }

  /** Removes all files that no program reads, and what killed programs have left; returns those that are gone. */
  clear(): KeptFile[] {
    const all = this.list().filter(({ isRead }) => !isRead);
    for (const { path } of all) remove(path);
    this.clearUnfinished();
    return all;
  }

  /**
   * Runs `make` unless another program of this machine is making the same file just now: then it waits for that
   * one. Two that begin in the same moment may both make it: the files are the same.
   */
  async alone<Made>(
    { path }: CacheFile,
    { isThere, onWait, make }: { isThere: () => Made | null; onWait: () => void; make: () => Promise<Made> },
  ): Promise<Made> {
    this.prepare();
    const lock = `${path}.lock`;
    for (let told = false; !this.take(lock);) {
      if (!told) onWait();
      told = true;
      await pause(lockLook);
      const made = isThere();
      if (made !== null) return made;
    }
    const alive = setInterval(() => touch(lock), lockBeat);
    try {
      return isThere() ?? (await make());
    } finally {
      clearInterval(alive);
      remove(lock);
    }
  }

  /** Takes a lock whose holder has died or not been heard of for long, too; false: it is held. */
  private take(lock: string): boolean {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      const info = lstatSync(lock, { throwIfNoEntry: false });
      if (info === undefined) return false;
      if (info.isFile() && Date.now() - info.mtimeMs < lockPatience && isAlive(readNumber(lock)))
        return false;
      remove(lock);
      return false;
    }
  }

  private prepare(): void {
    const above = join(this.workspace, '.mmoe');
    const isNew = lstatSync(above, { throwIfNoEntry: false }) === undefined;
    mkdirSync(this.folder, { recursive: true });
    // As beside runs: nothing of this belongs into a repository.
    if (isNew) writeFileSync(join(above, '.gitignore'), '*\n', { flag: 'wx' });
    if (!this.isReal())
      throw new InputError(
        'data.stream-folder',
        `${this.folder} is a link, or lies below one, and encoded rows are kept in a real folder only; ` +
          'move what it leads to here',
        { file: this.folder },
      );
    this.clearUnfinished();
  }

  private isReal(): boolean {
    return [join(this.workspace, '.mmoe'), this.folder].every(
      (folder) => lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true,
    );
  }

  private clearUnfinished(): void {
    if (!this.isReal()) return;
    for (const name of readdirSync(this.folder))
      if (unfinished.test(name) && !isAlive(Number(/\d+/.exec(name)![0]))) remove(join(this.folder, name));
  }
}

const lockBeat = 2000;
const lockLook = 500;
/** A holder of a lock that computes for so many milliseconds without a word is taken for dead. */
const lockPatience = 300_000;

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Somebody has removed it: they make the same file.
  }
}

function readNumber(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return NaN;
  }
}

/** Whether a process of this machine lives; one of another user does, too. */
function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Still open, on Windows: the next program removes it.
  }
}

/** What has another value each time in SQL. */
const changing =
  /\b(random|setseed|uuid|gen_random_uuid|uuidv[47]|now|today|transaction_timestamp|get_current_\w+|nextval)\s*\(|\b(current_(date|time|timestamp)|localtime(stamp)?|sample|tablesample)\b/i;

/**
 * Returns a name for all that encoded rows follow from: the files' paths, sizes and times, and what the experiment
 * says of data, columns and tasks. Null: they follow from no files, or may be others the next time.
 */
export function keyOf(
  { data, columns, tasks, defaults, preset }: Experiment,
  files: readonly string[],
  /** The encoder that rows are encoded as, as far as it goes. */
  earlier?: Encoder,
): string | null {
  const { stream: _, window: __, ...rows } = data;
  const texts = JSON.stringify([rows, tasks]);
  if (files.length === 0 || changing.test(texts)) return null;
  const states = files.map((path) => Object.values(stateOf(path)));
  const text = JSON.stringify([fileVersion, version, states, rows, columns, tasks, defaults, preset ?? null]);
  const hash = createHash('sha256').update(text);
  if (earlier !== undefined) for (const piece of jsonPieces(earlier)) hash.update(piece);
  return hash.digest('hex').slice(0, 32);
}
