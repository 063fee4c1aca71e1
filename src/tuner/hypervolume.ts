import type { Belief } from './gaussian-process.js';
import { logImprovement } from './log-improvement.js';

/** Values of several objectives; less is better in each. */
export type Values = readonly number[];

/** Whether one is at least as good in every objective, and better in one. */
const dominates = (one: Values, other: Values): boolean =>
  one.every((value, i) => value <= other[i]!) && one.some((value, i) => value < other[i]!);

/** Returns the places of those that no other is better than in every respect; of some alike, the first. */
export function paretoFront(all: readonly Values[]): number[] {
  return all.flatMap((values, i) => {
    const isBeaten = all.some(
      (other, j) => dominates(other, values) || (j < i && other.every((value, k) => value === values[k])),
    );
    return isBeaten ? [] : [i];
  });
}

/** A part of the space of objectives: from `low`, which may be −∞, to `high` in each. */
export interface Box {
  readonly low: number[];
  readonly high: number[];
}

/**
 * Returns boxes that do not overlap and make up what is better than a reference in every objective and that no value
 * is at least as good as: slabs of the last objective, each cut up in the others.
 */
export function undominated(values: readonly Values[], reference: Values): Box[] {
  const inside = values.filter((one) => one.every((value, i) => value < reference[i]!));
  const last = reference.length - 1;
  if (last === 0)
    return [{ low: [-Infinity], high: [Math.min(reference[0]!, ...inside.map(([value]) => value!))] }];
  const cuts = [...new Set([-Infinity, ...inside.map((one) => one[last]!), reference[last]!])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(1).flatMap((high, i) => {
    const low = cuts[i]!;
    // Only a value that reaches down to the slab takes anything away from it.
    const reaching = inside.filter((one) => one[last]! <= low).map((one) => one.slice(0, last));
    return undominated(reaching, reference.slice(0, last)).map((box) => ({
      low: [...box.low, low],
      high: [...box.high, high],
    }));
  });
}

/**
 * Returns by how much values that are believed, each objective for itself, are expected to enlarge the volume that is
 * dominated up to the reference: exactly, summed over the boxes that are not dominated yet (Yang et al. 2019).
 */
export function expectedHypervolume(boxes: readonly Box[], beliefs: readonly Belief[]): number {
  let volume = 0;
  for (const { low, high } of boxes) {
    let product = 1;
    for (let i = 0; i < beliefs.length && product > 0; i++) {
      const reached = shortfall(high[i]!, beliefs[i]!) - shortfall(low[i]!, beliefs[i]!);
      product *= Math.max(0, reached);
    }
    volume += product;
  }
  return volume;
}

/** Returns how far below a limit a value is expected to be, where it is below. */
const shortfall = (limit: number, { mean, sd }: Belief): number =>
  limit === -Infinity ? 0 : sd * Math.exp(logImprovement((limit - mean) / sd));
