import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Keeps draws for different ends apart under one seed. */
const purposes = { order: 1, sample: 2, blocks: 3, windows: 4 } as const;

/**
 * Puts the order of the rows of one epoch into `order`: a permutation of 0 … order.length − 1 (Fisher–Yates,
 * Durstenfeld's form). It depends on (seed, epoch, rows) only, so a resume needs no more than the epoch and
 * the position in it.
 */
export function fillEpochOrder(order: Uint32Array, seed: number, epoch: number): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  shuffle(order, order.length, mixedSeed(seed, purposes.order, epoch));
}

/** Puts the order of the blocks of rows in one epoch into `order`, as fillEpochOrder does with rows. */
export function blockOrder(order: Uint32Array, seed: number, epoch: number): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  shuffle(order, order.length, mixedSeed(seed, purposes.blocks, epoch));
}

/** Puts the order of the rows of one of an epoch's windows into `order`, as fillEpochOrder does with all rows. */
export function fillWindowOrder(order: Uint32Array, seed: number, epoch: number, window: number): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  shuffle(order, order.length, mixedSeed(mixedSeed(seed, purposes.windows, epoch), purposes.windows, window));
}

/** `count` of the rows 0 … rows − 1, ascending, the same for the same seed. */
export function sampleRows(seed: number, rows: number, count: number): Uint32Array {
  if (count >= rows) return new Uint32Array(rows).map((_, row) => row);
  const random = drawsFrom(mixedSeed(seed, purposes.sample, 0));
  /** What shuffling has put into a place; elsewhere there is still the place's own number. */
  const moved = new Map<number, number>();
  const drawn = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (rows - i));
    drawn[i] = moved.get(j) ?? j;
    moved.set(j, moved.get(i) ?? i);
  }
  return drawn.sort();
}

/** Makes the first `count` entries a uniform draw without replacement. */
function shuffle(values: Uint32Array, count: number, seed: number): void {
  const random = drawsFrom(seed);
  const last = Math.min(count, values.length - 1);
  for (let i = 0; i < last; i++) {
    const j = i + Math.floor(random() * (values.length - i));
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
}

/** Draws from 0 … 1. Scaling 32 random bits is biased by less than rows / 2³², and several times faster than rejection. */
function drawsFrom(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  // The generator's state starts almost empty; its first outputs show the seed.
  for (let i = 0; i < 16; i++) random.next();
  return () => (random.next() >>> 0) / 4294967296;
}

/** 32 bits in which every bit of every part counts (the finaliser of MurmurHash3); seeds up to 2⁵³. */
function mixedSeed(seed: number, purpose: number, index: number): number {
  let hash = 0x2545f491;
  for (const part of [seed | 0, Math.floor(seed / 4294967296) | 0, purpose, index]) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash | 0;
}
