import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { WorkError } from '../../shared/errors.js';

/** A block of a file of rows, as it was written. */
export interface BlockInFile {
  /** What it is of, for people: `the training rows`. */
  readonly part: string;
  readonly offset: number;
  readonly bytes: number;
  /** The CRC-32 of its bytes. */
  readonly checksum: number;
}

/** A file that rows were encoded from, as it was then. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  /** The time of its last change, in milliseconds. */
  readonly modified: number;
  readonly sha256: string;
}

/** A file of encoded rows that is used again, and what its content is held against. */
export interface ToVerify {
  /** Open. */
  readonly file: number;
  readonly path: string;
  readonly blocks: readonly BlockInFile[];
  readonly sources: readonly SourceFile[];
}

/**
 * What a worker does: it holds blocks of an open file against their checksums, and then takes the SHA-256 of files
 * whose size and time are still those that are named. A file that has changed, or cannot be read, has none.
 */
const workerProgram = `
const { closeSync, fstatSync, openSync, readSync, statSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { crc32 } = require('node:zlib');
const { parentPort, workerData } = require('node:worker_threads');

const { file, blocks, sources } = workerData;
const isWhole = (room, at, bytes, checksum) => {
  for (let done = 0; done < bytes; ) {
    const count = readSync(file, room, done, bytes - done, at + done);
    if (count === 0) return false;
    done += count;
  }
  return crc32(room.subarray(0, bytes)) === checksum;
};
const firstDamaged = () => {
  let room = Buffer.alloc(0);
  for (let i = 0; i < blocks.length; i += 3) {
    const [at, bytes, checksum] = blocks.subarray(i, i + 3);
    if (room.length < bytes) room = Buffer.allocUnsafeSlow(bytes);
    try {
      if (!isWhole(room, at, bytes, checksum)) return i / 3;
    } catch {
      return i / 3;
    }
  }
  return null;
};
const isSame = (info, { bytes, modified }) => info.isFile() && info.size === bytes && info.mtimeMs === modified;
const hashOf = (source) => {
  let opened;
  try {
    // Looked at before it is opened: a pipe would wait for who writes it.
    if (!isSame(statSync(source.path), source)) return null;
    opened = openSync(source.path, 'r');
    const hash = createHash('sha256');
    const room = Buffer.allocUnsafeSlow(1 << 20);
    for (let count; (count = readSync(opened, room, 0, room.length, null)) > 0; ) hash.update(room.subarray(0, count));
    return isSame(fstatSync(opened), source) ? hash.digest('hex') : null;
  } catch {
    return null;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
};
const damaged = firstDamaged();
parentPort.postMessage({ damaged, hashes: damaged === null ? sources.map(hashOf) : [] });
`;

/** Returns what tells a file from another one without reading it. */
export function stateOf(path: string): Omit<SourceFile, 'sha256'> {
  const { size, mtimeMs } = statSync(path);
  return { path, bytes: size, modified: mtimeMs };
}

interface Looked {
  /** The number of the first block that is not what was written; null: all are. */
  readonly damaged: number | null;
  readonly hashes: readonly (string | null)[];
}

/** Looks at a file and its sources in a thread of its own; `worker` may be ended before it is done. */
function look(
  file: number,
  blocks: readonly BlockInFile[],
  sources: readonly Omit<SourceFile, 'sha256'>[],
): { readonly worker: Worker; readonly looked: Promise<Looked> } {
  const flat = Float64Array.from(blocks.flatMap(({ offset, bytes, checksum }) => [offset, bytes, checksum]));
  const plain = sources.map(({ path, bytes, modified }) => ({ path, bytes, modified }));
  const worker = new Worker(workerProgram, {
    eval: true,
    workerData: { file, blocks: flat, sources: plain },
    transferList: [flat.buffer],
  });
  const looked = new Promise<Looked>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that verifies ended')));
  });
  return { worker, looked };
}

/**
 * Takes the SHA-256 of files while something else is done with them; null: they have changed meanwhile, or there is
 * no thread to do it.
 */
export async function hashesOf(paths: readonly string[]): Promise<SourceFile[] | null> {
  try {
    const sources = paths.map(stateOf);
    const { looked } = look(-1, [], sources);
    const { hashes } = await looked;
    const found = sources.flatMap((source, i) => {
      const sha256 = hashes[i] ?? null;
      return sha256 === null ? [] : [{ ...source, sha256 }];
    });
    return found.length === sources.length ? found : null;
  } catch {
    return null;
  }
}

/**
 * Holds a file of encoded rows that is used again against what was written, and the files that it comes from against
 * what they were then, in a thread of its own, while training goes on. What has been changed since is no matter: the
 * next training has other rows.
 */
export class Verification {
  /** What is wrong, as soon as it is known. */
  found: WorkError | null = null;
  private readonly worker: Worker;
  private readonly done: Promise<void>;
  private isStopped = false;

  /** `onFound` hears of it at once, and sees to it that the file is not used again. */
  constructor(
    private readonly what: ToVerify,
    private readonly onFound: () => void,
  ) {
    const { worker, looked } = look(what.file, what.blocks, what.sources);
    worker.unref();
    this.worker = worker;
    this.done = looked.then(
      (result) => {
        if (!this.isStopped) this.conclude(result);
      },
      // No thread is to be had: blocks are still held against their checksums as they are read.
      () => undefined,
    );
  }

  /** Throws what has been found so far. */
  check(): void {
    if (this.found !== null) throw this.found;
  }

  /** Waits until all has been looked at; throws what is wrong. */
  async ended(): Promise<void> {
    // Nothing else may be left to do, and the program would end before it.
    this.worker.ref();
    await this.done;
    this.check();
  }

  /** Ends it, done or not: the file may be closed afterwards. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.worker.terminate();
  }

  private conclude({ damaged, hashes }: Looked): void {
    const { path, blocks, sources } = this.what;
    const other = sources.find(({ sha256 }, i) => (hashes[i] ?? sha256) !== sha256);
    if (damaged !== null) this.found = damagedRows(path, blocks[damaged]!.part);
    else if (other !== undefined) this.found = otherSource(other.path);
    if (this.found !== null) this.onFound();
  }
}

/** The file was whole when it was opened: something else has changed it since, or the disk has. */
export const damagedRows = (path: string | null, part: string): WorkError =>
  new WorkError(
    'data.stream-damaged',
    `the file of encoded rows${path === null ? '' : ` ${path}`} is not what was written any more (a block of ` +
      `${part}): it was changed, or damaged by the disk, and is not used again; go on with mmoe resume, which ` +
      'encodes them anew, or train again',
  );

const otherSource = (path: string): WorkError =>
  new WorkError(
    'data.stream-outdated',
    `${path} is not what it was when its rows were encoded, though its size and time are the same (SHA-256): the ` +
      'encoded rows are not used again; train anew',
  );
