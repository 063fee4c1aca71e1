import { stat } from 'node:fs/promises';
import { InputError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/numbers.js';
import { beginningBytes, beginningOf } from '../csv/beginning.js';
import { unpack } from './unpack.js';

/**
 * What the gzip files of a table may unpack to: more than both is no table, but files that were made to fill a
 * machine. Tables are packed to a fifth or a twentieth.
 */
const largest = { bytes: 2e9, times: 200 };
/** Where the beginning of a file is packed to less than this share, the file is unpacked before it is read. */
const doubtful = 50;
/** After so many unpacked bytes it is looked whether they are too many, or earlier. */
const largestStep = 1 << 25;
/** No gzip file unpacks to more than so many times its size. */
const most = 1032;

/** Finds the gzip files whose beginning unpacks to so much that all of it might be too much to be read. */
export async function doubtfulGzip(files: readonly string[]): Promise<string[]> {
  const packed = files.filter(isGzip);
  const sizes = await Promise.all(packed.map(async (file) => (await stat(file)).size));
  if (sum(sizes) * most <= largest.bytes) return [];
  const found: string[] = [];
  for (const [i, file] of packed.entries()) if (await isDoubtful(file, sizes[i]!)) found.push(file);
  return found;
}

async function isDoubtful(file: string, size: number): Promise<boolean> {
  try {
    return (await beginningOf(file)).length > doubtful * Math.min(size, beginningBytes);
  } catch {
    // A damaged file is told of where it is read.
    return false;
  }
}

/**
 * Unpacks gzip files to see whether they are whole: DuckDB takes one without its ending for a shorter table.
 * Throws an InputError for one that is cut off or damaged, and where all of them unpack to far too much, or to
 * more than `memory` bytes.
 */
export async function checkGzip(
  files: readonly string[],
  memory = Infinity,
  { bytes: bytesAllowed, times } = largest,
): Promise<void> {
  const packed = files.filter(isGzip);
  const sizes = await Promise.all(packed.map(async (file) => (await stat(file)).size));
  const allowed = Math.max(bytesAllowed, times * sum(sizes));
  let before = 0;
  for (const file of packed) {
    let length = 0;
    await whole(file, Math.min(allowed, memory) / 8, (bytes) => {
      length = bytes;
      if (before + length > allowed) throw tooMuch(file, packed.length, { bytes: bytesAllowed, times });
      if (before + length > memory) throw moreThanMemory(file, packed.length, memory);
    });
    before += length;
  }
}

/** Unpacks a file; throws an InputError where it is not whole. */
async function whole(file: string, step: number, onBytes: (bytes: number) => void): Promise<void> {
  try {
    await unpack(file, Math.min(step, largestStep), onBytes);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damagedGzip(file, error);
  }
}

const isGzip = (file: string): boolean => file.toLowerCase().endsWith('.gz');

const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);

function tooMuch(file: string, files: number, { bytes, times }: typeof largest): InputError {
  const message =
    files === 1
      ? `this gzip file unpacks to more than ${formatBytes(bytes)}, and more than ${times} times its size; ` +
        'unpack it yourself if it is meant so'
      : `the gzip files of this table, up to this one, unpack to more than ${formatBytes(bytes)}, and more than ` +
        `${times} times their size; unpack them yourself if it is meant so`;
  return new InputError('data.gzip-expands', message, { file });
}

function moreThanMemory(file: string, files: number, memory: number): InputError {
  const message =
    `${files === 1 ? 'this gzip file unpacks' : 'the gzip files of this table, up to this one, unpack'} to more than ` +
    `the ${formatBytes(memory)} of memory that may be used here; use fewer rows`;
  return new InputError('data.memory', message, { file });
}

/** Makes the error for a gzip file that cannot be unpacked to its end. */
export function damagedGzip(file: string, cause?: unknown): InputError {
  const isCut = cause instanceof Error && /unexpected end/i.test(cause.message);
  const message = isCut
    ? 'this gzip file is cut off: its ending is missing; copy or write it again'
    : 'this gzip file is damaged; copy or write it again';
  return new InputError('data.gzip', message, { file }, cause);
}
