import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * Returns a generator of uniform draws from [0, 1), whose sequence depends on seed and name. The generator's
 * whole 128-bit state is hashed: with a 32-bit seed, two of a few thousand parameters would start alike about
 * once in a thousand runs.
 */
export function seededUniform(seed: number, name: string): () => number {
  const text = `${seed} ${name}`;
  const generator = xoroshiro128plusFromState([0, 1, 2, 3].map((word) => hash32(text, word)));
  return () => uniformFloat64(generator);
}

/**
 * Hashes by FNV-1a with the word as salt, and then by the finaliser of MurmurHash3, so that near names differ
 * in every bit.
 */
function hash32(text: string, word: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(word + 1, 0x9e3779b9);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
