import { setImmediate as turn } from 'node:timers/promises';

/** The time that work may hold the event loop at a stretch: an editor's other work waits meanwhile. */
const sliceMilliseconds = 8;

/** Cuts long work into slices, between which the event loop does what waits. */
export class Slices {
  private began = performance.now();

  /** Whether the slice is over; the work then awaits `next`. A question that costs next to nothing. */
  get isOver(): boolean {
    return performance.now() - this.began >= sliceMilliseconds;
  }

  async next(): Promise<void> {
    await turn();
    this.began = performance.now();
  }
}

/** Items that are worked on between two looks at the clock. */
const atOnce = 32;

/** Calls `work` for each item, in slices. */
export async function forEachInSlices<T>(items: Iterable<T>, slices: Slices, work: (item: T) => void) {
  let count = 0;
  for (const item of items) {
    work(item);
    if (++count % atOnce === 0 && slices.isOver) await slices.next();
  }
}

/** Items that are sorted at one go. */
const sortedAtOnce = 2048;

/** Returns the items sorted, equal ones in the order in which they came, in slices. */
export async function sortInSlices<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<T[]> {
  let parts: T[][] = [];
  for (let from = 0; from < items.length; from += sortedAtOnce) {
    parts.push(items.slice(from, from + sortedAtOnce).sort(compare));
    if (slices.isOver) await slices.next();
  }
  while (parts.length > 1) {
    const merged: T[][] = [];
    for (let at = 0; at < parts.length; at += 2)
      merged.push(await mergeInSlices(parts[at]!, parts[at + 1] ?? [], compare, slices));
    parts = merged;
  }
  return parts[0] ?? [];
}

/** Merges two sorted lists; of equal ones those of the first come first. */
export async function mergeInSlices<T>(
  one: readonly T[],
  other: readonly T[],
  compare: (a: T, b: T) => number,
  slices: Slices,
): Promise<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < one.length && j < other.length) {
    merged.push(compare(one[i]!, other[j]!) <= 0 ? one[i++]! : other[j++]!);
    if (merged.length % atOnce === 0 && slices.isOver) await slices.next();
  }
  for (; i < one.length; i++) merged.push(one[i]!);
  for (; j < other.length; j++) merged.push(other[j]!);
  return merged;
}
