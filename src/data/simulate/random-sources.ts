import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Returns a seeded source of draws from N(0, 1) (Box and Muller). */
export function normalSource(seed: number): () => number {
  const uniform = uniformSource(seed);
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** Returns a seeded source of draws from 0 … 1. */
export function uniformSource(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  // The first draws of small seeds are alike; they are thrown away.
  for (let i = 0; i < 64; i++) generator.next();
  return () => uniformFloat64(generator);
}
