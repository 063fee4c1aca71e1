/**
 * MurmurHash3 in its x86 form of 32 bits (Appleby 2011, public domain): of some bytes and a seed, a whole number
 * from 0 to 2³² − 1, the same on every machine and in every version.
 */
export function murmur3(bytes: Uint8Array, start: number, end: number, seed = 0): number {
  const whole = start + ((end - start) & ~3);
  let h = seed;
  for (let i = start; i < whole; i += 4) {
    const k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    h ^= scrambled(k);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let i = end - 1; i >= whole; i--) rest = (rest << 8) | bytes[i]!;
  if (end > whole) h ^= scrambled(rest);
  h ^= end - start;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function scrambled(k: number): number {
  const mixed = Math.imul(k, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
