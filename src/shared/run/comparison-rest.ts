import type { RunManifest, RunStatus } from './run-manifest.js';
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

/** Returns how many runs a comparison is to have, given those that it has. */
export function plannedRuns(runs: readonly Pick<RunOfComparison, 'manifest'>[]): number {
  const plans = new Map(
    runs.flatMap(({ manifest }) => {
      const planned = manifest.comparison?.planned;
      return planned === undefined ? [] : [[JSON.stringify(planned), planned]];
    }),
  );
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
  const plans = new Set<string>();
  for (const run of runs) {
    const { experiment, seed, comparison } = run.manifest;
    const key = keyOf(variantOf(experiment), seed);
    if (!mayGoOn(run)) done.add(key);
    const planned = comparison?.planned;
    if (planned === undefined) wanted.add(key);
    else if (!plans.has(JSON.stringify(planned))) {
      plans.add(JSON.stringify(planned));
      for (const variant of planned.variants)
        for (const each of planned.seeds) wanted.add(keyOf(variant, each));
    }
  }
  return [...wanted].filter((key) => !done.has(key)).length;
}
