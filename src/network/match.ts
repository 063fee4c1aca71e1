import type { NetworkDescription } from './description.js';
import { countParameters } from './parameters.js';

/** The largest number of units to which a layer is widened to match another network. */
const WIDEST = 65_536;

/**
 * Returns the number of parameters that the paper compares networks by: all but those of gates (section 3.3:
 * 13,056 = 100·16·8 + 16·8·2 for 8 experts of 16 units, which a shared bottom of 113 units matches).
 */
export function comparableParameters(network: NetworkDescription): number {
  const { total, parts } = countParameters(network);
  return total - parts.gates;
}

/**
 * Returns the experts' layers, all scaled alike, with which `count` comes as near to `target` as it can, and
 * the narrower of two that are as near. `count` must not fall when a layer grows.
 */
export function matchLayers(
  layers: readonly number[],
  target: number,
  count: (layers: readonly number[]) => number,
): { readonly layers: readonly number[]; readonly count: number } {
  const scaled = (last: number) =>
    layers.map((units) => Math.max(1, Math.round((units * last) / layers.at(-1)!)));
  const at = (last: number) => ({ layers: scaled(last), count: count(scaled(last)) });
  // Invariant: count(low) < target, or low is 0; count(high) ≥ target, or high is the widest.
  let low = 0;
  let high = layers.at(-1)!;
  while (high < WIDEST && at(high).count < target) {
    low = high;
    high = Math.min(WIDEST, high * 2);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (at(middle).count < target) low = middle;
    else high = middle;
  }
  const above = at(high);
  if (low === 0) return above;
  const below = at(low);
  return Math.abs(below.count - target) <= Math.abs(above.count - target) ? below : above;
}
