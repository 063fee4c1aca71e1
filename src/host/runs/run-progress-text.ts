import { formatDuration, formatProgress } from '../../shared/numbers.js';
import type { RunManifest, RunStatus } from '../../shared/run/run-manifest.js';
import {
  currentEpoch,
  secondsToGo,
  shareTrained,
  type TrainingProgress,
} from '../../shared/run/training-progress.js';
import { t } from '../editor/localise.js';

/** A run's manifest, its status as it really is, and how far its training is. */
export interface RunState {
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  readonly progress: TrainingProgress | null;
}

/** Says how far a run is: `epoch 13 of 20 · 62 %`, or `starting` before its first step. */
export function trainingProgressText({ manifest, progress }: RunState): string {
  const epoch = progress === null ? null : currentEpoch(manifest, progress.step);
  const share = shareTrained(progress);
  if (epoch === null || share === null) return t('starting');
  return `${t('epoch {0} of {1}', epoch, manifest.epochs ?? epoch)} · ${formatProgress(share)}`;
}

/** Says how long a run will still train: `0:15 left`; null while that cannot be told. */
export function timeLeftText({ progress }: RunState): string | null {
  const seconds = secondsToGo(progress);
  return seconds === null ? null : t('{0} left', formatDuration(seconds));
}
