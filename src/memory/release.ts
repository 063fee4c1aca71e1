import { setImmediate } from 'node:timers/promises';
import { collectAll, collectYoung } from './collector.js';

/**
 * Gives memory that the C library keeps for later use back to the operating system. Node cannot do this; the
 * program says once who can.
 */
let giveBack: () => Promise<void> = () => Promise.resolve();

/** Sets what gives freed memory back to the operating system, for the whole process. */
export function giveMemoryBackThrough(give: () => Promise<void>): void {
  giveBack = give;
}

/**
 * Collects all garbage and gives the freed memory back to the operating system. V8 collects by itself only
 * when much is allocated, and a training allocates next to nothing: the columns as they were read would stay
 * beside the encoded rows until it ends.
 */
export async function releaseMemory(): Promise<void> {
  // Values awaited just now become collectable on the next turn of the event loop.
  await setImmediate();
  collectAll();
  await giveBack();
}

/**
 * Bytes of small buffers that were dropped since the last collection, and how many of them may wait for one.
 */
let dropped = 0;
const maxDropped = 2e6;

/**
 * Counts bytes of buffers that nobody needs any more. Without this, tens of megabytes of them would pile up.
 */
export function countDropped(bytes: number): void {
  dropped += bytes;
  if (dropped < maxDropped) return;
  dropped = 0;
  collectYoung();
}

/** Frees a buffer that nobody will read again; arrays on it are empty from now on. */
export function freeBuffer(buffer: ArrayBufferLike): void {
  if (!(buffer instanceof ArrayBuffer)) return;
  const { byteLength } = buffer;
  // The bytes now belong to a young object, which the next collection of young garbage frees.
  structuredClone(buffer, { transfer: [buffer] });
  countDropped(byteLength);
}
