import type { RunHistory } from '../../../src/shared/run/run-history.js';
import { formatDuration, formatRate } from '../../../src/shared/numbers.js';
import type { RunManifest, RunStatus } from '../../../src/shared/run/run-manifest.js';
import {
  currentEpoch,
  secondsToGo,
  shareTrained,
  type TrainingProgress,
} from '../../../src/shared/run/training-progress.js';
import { s } from '../../strings.js';

/** Returns how far the run is; null until its training has begun. */
export const progressOf = ({ start, step, time }: RunHistory): TrainingProgress | null =>
  start === null ? null : { step, steps: start.epochs * start.stepsPerEpoch, seconds: time };

/** Returns the share of the run that is done, from 0 to 1; a finished run may have stopped early. */
export const shareDone = (history: RunHistory): number | null =>
  history.end?.status === 'finished' ? 1 : shareTrained(progressOf(history));

/**
 * Returns `epoch 13 of 20 · 0:24 gone, 0:15 left · 1.31 M rows/s`. Of a run that has ended, it says how far
 * the run came and how long that took.
 */
export function progressText(history: RunHistory, manifest: RunManifest, status: RunStatus): string {
  const { start, step, time, epochs } = history;
  const isTraining = status === 'running';
  if (start === null) return isTraining ? s('starting') : '';
  const left = secondsToGo(progressOf(history));
  const rate =
    epochs.findLast(({ rowsPerSecond }) => rowsPerSecond !== null)?.rowsPerSecond ??
    manifest.times.rowsPerSecond;
  return [
    isTraining
      ? s('epochOf', currentEpoch(start, step) ?? start.epochs, start.epochs)
      : s('epochsDone', epochs.at(-1)?.epoch ?? 0, start.epochs),
    isTraining
      ? left === null
        ? s('gone', formatDuration(time))
        : s('goneLeft', formatDuration(time), formatDuration(left))
      : s('took', formatDuration(time)),
    ...(rate === null ? [] : [s('rowsPerSecond', formatRate(rate))]),
  ].join(' · ');
}
