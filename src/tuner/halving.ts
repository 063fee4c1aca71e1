/** How far a trial has come, after so many epochs. */
export interface Rung {
  readonly epoch: number;
  /** A trial whose value is above this is not worth going on with; null: all go on. */
  readonly most: number | null;
}

/**
 * Returns when a trial is to be stopped early: asynchronous successive halving (Li et al. 2020). Rungs lie at `first`
 * epochs, at `1 / keep` times as many, and so on below `last`; at each, a trial goes on if its value is among the best
 * `keep` of those that have come as far. `curves`: of trials before, their values by epoch, from epoch 1; less is better.
 */
export function rungsFor(
  curves: readonly (readonly number[])[],
  { first, keep, last }: { readonly first: number; readonly keep: number; readonly last: number },
): Rung[] {
  const rungs: Rung[] = [];
  for (let at = first; Math.round(at) < last; at /= keep) {
    const epoch = Math.round(at);
    const reached = curves
      .filter((curve) => curve.length >= epoch)
      .map((curve) => Math.min(...curve.slice(0, epoch)))
      .sort((one, other) => one - other);
    // Fewer than this cannot be divided: none is known to be bad.
    const kept = Math.floor((reached.length + 1) * keep);
    rungs.push({ epoch, most: kept < 1 ? null : reached[kept - 1]! });
  }
  return rungs;
}
