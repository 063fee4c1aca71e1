/**
 * Random numbers of a training step (dropout, noise) that any engine and thread can compute alone and alike:
 * each is a hash of the seed, the step, the place in the network and an index. The mixing function is the
 * two-multiplication finaliser "lowbias32" (C. Wellons, hash-prospector).
 */

/** Mixes the bits of a number; all arithmetic is modulo 2³². */
function mix(value: number): number {
  let x = value >>> 0;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Returns the key of all draws of one step; `step` is the number of optimiser steps before it. */
export const stepKey = (seed: number, step: number): number => mix(mix(seed ^ 0x9e3779b9) + step);

/**
 * Returns the seed of a member of a run, counted from 0: the run's own for the first, a hash of both for the
 * others, so that members of runs with neighbouring seeds have nothing in common.
 */
export const memberSeed = (seed: number, member: number): number =>
  member === 0 ? seed : mix((mix(seed) ^ mix(Math.floor(seed / 2 ** 32))) + member);

/**
 * Returns the number of a place in the network, by its name: `levels.0.experts.3.layers.0.dropout`,
 * `levels.0.gates.1.dropout`, `levels.0.gates.1.noise`.
 */
export function siteOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/**
 * Returns 32 random bits. `index` is the row's place in the batch · width + unit (or expert, counted among
 * those that the gate may see), modulo 2³².
 */
export function drawBits(key: number, site: number, index: number): number {
  const own = mix(key ^ site);
  return mix(mix(own + index) ^ own);
}

/**
 * Draws from the uniform distribution over [0, 1): a multiple of 2⁻²⁴, so that single precision holds it
 * exactly. A unit is dropped if its draw is below the rate.
 */
export const drawUniform = (key: number, site: number, index: number): number =>
  (drawBits(key, site, index) >>> 8) / 2 ** 24;

/** Draws from N(0, 1) (Box & Muller 1958), by the uniform draws 2 index and 2 index + 1 of the site. */
export function drawNormal(key: number, site: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - drawUniform(key, site, 2 * index)));
  return radius * Math.cos(2 * Math.PI * drawUniform(key, site, 2 * index + 1));
}
