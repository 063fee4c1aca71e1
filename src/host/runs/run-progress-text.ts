import type { RunProgress } from '../../run/store.js';
import { formatDuration, formatProgress } from '../../shared/numbers.js';
import type { RunManifest, RunStatus } from '../../shared/run.js';
import { t } from '../editor/localise.js';

/** A run's manifest, its status as it really is, and how far its training is. */
export interface RunState {
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  readonly progress: RunProgress | null;
}

/** Returns the share of steps that are done, from 0 to 1; null before the first step. */
export function shareTrained({ progress }: RunState): number | null {
  return progress === null || progress.steps === null || progress.steps === 0
    ? null
    : Math.min(1, progress.step / progress.steps);
}

/** Returns the seconds of training that are left at the speed so far; null while that cannot be told. */
export function secondsToGo({ progress }: RunState): number | null {
  if (progress === null || progress.steps === null || progress.step === 0) return null;
  return (progress.seconds / progress.step) * Math.max(0, progress.steps - progress.step);
}

/** Returns the epoch that is being trained, from 1; null while it is not known. */
function currentEpoch({ manifest, progress }: RunState): number | null {
  const { epochs, stepsPerEpoch } = manifest;
  if (progress === null || epochs === null || stepsPerEpoch === null || stepsPerEpoch === 0) return null;
  return Math.min(epochs, Math.floor(progress.step / stepsPerEpoch) + 1);
}

/** Says how far a run is: `epoch 13 of 20 · 62 %`, or `starting` before its first step. */
export function trainingProgressText(run: RunState): string {
  const epoch = currentEpoch(run);
  const share = shareTrained(run);
  if (epoch === null || share === null) return t('starting');
  return `${t('epoch {0} of {1}', epoch, run.manifest.epochs ?? epoch)} · ${formatProgress(share)}`;
}

/** Says how long a run will still train: `0:15 left`; null while that cannot be told. */
export function timeLeftText(run: RunState): string | null {
  const seconds = secondsToGo(run);
  return seconds === null ? null : t('{0} left', formatDuration(seconds));
}
