import { freemem, totalmem } from 'node:os';
import { memoryHere } from '../../memory/available.js';

/** The number of trainers that run at once, and of the threads of each. */
export interface Parallel {
  readonly runs: number;
  readonly threads: number;
  /** Whether it would be more at once if there were more memory. */
  readonly limitedByMemory: boolean;
}

export interface ParallelWish {
  /** How many runs there are to train. */
  readonly runs: number;
  /** How many at once; null: as many as there are cores. */
  readonly wanted: number | null;
  readonly cores: number;
  /** The threads of all trainers together. */
  readonly threads: number;
  /** The threads of each, where they are given; null: as many as there are for it. */
  readonly threadsEach?: number | null;
  /** Bytes that are free, and that one training with so many threads takes at most, its program included. */
  readonly free: number;
  readonly bytesPerRun: (threads: number) => number;
}

/** The bytes that a trainer takes before it holds any rows: 70 MB were seen. */
export const programBytes = 100e6;

/**
 * Chooses fewer trainers than wanted if they would not fit into free memory. One may always run, as it would
 * alone.
 */
export function chooseParallel(wish: ParallelWish): Parallel {
  const { runs, wanted, cores, threads, threadsEach = null, free, bytesPerRun } = wish;
  const max = Math.max(1, Math.min(wanted ?? cores, runs));
  const threadsOf = (count: number): number => threadsEach ?? Math.max(1, Math.floor(threads / count));
  let count = max;
  while (count > 1 && count * bytesPerRun(threadsOf(count)) > free) count--;
  return { runs: count, threads: threadsOf(count), limitedByMemory: count < max };
}

/** Returns the bytes that programs which start now may take. */
export function freeMemory(): number {
  // On macOS what counts as free is next to nothing on a healthy machine: the system fills memory with what
  // it can drop.
  const free = process.platform === 'darwin' ? totalmem() / 2 : freemem();
  return Math.min(free, memoryHere());
}
