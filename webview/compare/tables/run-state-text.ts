import type { ComparedRun } from '../../../src/shared/compare-protocol.js';
import { s } from '../../strings.js';
import type { ComparisonRow } from '../model/comparison-rows.js';

/** How far a run is, or how it ended. */
export function runStateText({ status, manifest, progress, epochs }: ComparedRun): string {
  const last = epochs.at(-1)?.epoch ?? 0;
  if (status === 'running') {
    if (progress === null || manifest.epochs === null || !manifest.stepsPerEpoch) return s('starting');
    return s(
      'epochOf',
      Math.min(manifest.epochs, Math.floor(progress.step / manifest.stepsPerEpoch) + 1),
      manifest.epochs,
    );
  }
  return status === 'stopped' || status === 'interrupted' || status === 'failed'
    ? `${s(status)}, ${s('epochNumber', last)}`
    : s(status);
}

/** `5`, or while some have not finished `3 of 5`. */
export function seedCountText({ runs }: ComparisonRow): string {
  const done = runs.filter(({ status }) => status === 'finished').length;
  return done === runs.length ? String(done) : s('seedsOf', done, runs.length);
}
