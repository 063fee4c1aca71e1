import type { RunHistory } from '../../../src/shared/history.js';
import { formatDuration, formatRate } from '../../../src/shared/numbers.js';
import type { RunManifest, RunStatus } from '../../../src/shared/run.js';
import { s } from '../../strings.js';

/** 0 … 1; null before the first step. */
export function shareDone({ start, step, end }: RunHistory): number | null {
  if (end?.status === 'finished') return 1;
  const steps = start === null ? 0 : start.epochs * start.stepsPerEpoch;
  return steps === 0 ? null : Math.min(1, Math.max(0, step) / steps);
}

/** Seconds of training still to go at the speed so far; null while that cannot be told. */
export function secondsLeft({ start, step, time }: RunHistory): number | null {
  if (start === null || step <= 0 || time <= 0) return null;
  return (time / step) * Math.max(0, start.epochs * start.stepsPerEpoch - step);
}

/** `epoch 13 of 20 · 0:24 gone, 0:15 left · 1.31 M rows/s`; what there was of it once the run has ended. */
export function progressText(history: RunHistory, manifest: RunManifest, status: RunStatus): string {
  const { start, step, time, epochs } = history;
  if (start === null) return status === 'running' ? s('starting') : '';
  const live = status === 'running';
  const current = Math.min(
    start.epochs,
    Math.floor(Math.max(0, step) / Math.max(1, start.stepsPerEpoch)) + 1,
  );
  const left = secondsLeft(history);
  const rate =
    epochs.findLast(({ rowsPerSecond }) => rowsPerSecond !== null)?.rowsPerSecond ??
    manifest.times.rowsPerSecond;
  return [
    live ? s('epochOf', current, start.epochs) : s('epochsDone', epochs.at(-1)?.epoch ?? 0, start.epochs),
    live
      ? left === null
        ? s('gone', formatDuration(time))
        : s('goneLeft', formatDuration(time), formatDuration(left))
      : s('took', formatDuration(time)),
    ...(rate === null ? [] : [s('rowsPerSecond', formatRate(rate))]),
  ].join(' · ');
}
