import type { PlannedComparison, RunManifest, RunStatus } from './run-manifest.js';
import { hasDiverged, isLive } from './run-status.js';

/** What telling a comparison's rest needs of its runs. */
interface RunOfComparison {
  readonly manifest: Pick<RunManifest, 'seed' | 'experiment' | 'error' | 'comparison'>;
  readonly status: RunStatus;
}

/** Returns whether a run that has ended, or has lost its trainer, can be trained on. */
export const mayGoOn = (run: Pick<RunOfComparison, 'status'> & { manifest: Pick<RunManifest, 'error'> }) =>
  run.status !== 'finished' && !hasDiverged(run);

/** Returns the variant of a run's experiment; null: it is not known yet. */
export function variantOf(experiment: RunManifest['experiment']): string | null {
  const model = experiment?.['model'];
  if (typeof model !== 'object' || model === null || !('variant' in model)) return null;
  return typeof model.variant === 'string' ? model.variant : null;
}

/** Returns the plans of runs; many of them have the same one. */
function plansOf(runs: readonly Pick<RunOfComparison, 'manifest'>[]): ReadonlySet<PlannedComparison> {
  const plans = new Set<PlannedComparison>();
  for (const { manifest } of runs) {
    const planned = manifest.comparison?.planned;
    if (planned !== undefined) plans.add(planned);
  }
  return plans;
}

/** Returns how many runs a comparison is to have, given those that it has. */
export function plannedRuns(runs: readonly Pick<RunOfComparison, 'manifest'>[]): number {
  const plans = new Map([...plansOf(runs)].map((plan) => [JSON.stringify(plan), plan]));
  const planned = [...plans.values()].reduce((sum, one) => sum + one.variants.length * one.seeds.length, 0);
  return Math.max(planned, runs.length);
}

/**
 * Returns how many runs of a comparison are still to be trained, given those that it has; null: some train
 * or wait just now. A run that has diverged would do so again and is not missing.
 */
export function missingRuns(runs: readonly RunOfComparison[]): number | null {
  if (runs.some(isLive)) return null;
  const keyOf = (variant: string | null, seed: number): string => `${variant} ${seed}`;
  const done = new Set<string>();
  // Another call may have joined the comparison, with a plan of its own.
  const wanted = new Set<string>();
  for (const run of runs) {
    const { experiment, seed, comparison } = run.manifest;
    const key = keyOf(variantOf(experiment), seed);
    if (!mayGoOn(run)) done.add(key);
    if (comparison?.planned === undefined) wanted.add(key);
  }
  for (const { variants, seeds } of plansOf(runs))
    for (const variant of variants) for (const seed of seeds) wanted.add(keyOf(variant, seed));
  return [...wanted].filter((key) => !done.has(key)).length;
}
