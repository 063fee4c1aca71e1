import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { currentEpoch } from '../../../src/shared/run/training-progress.js';
import { s } from '../../strings.js';
import type { ComparisonRow } from '../model/comparison-rows.js';

/** Returns how far a run is, or how it ended. */
export function runStateText(run: ComparedRun): string {
  const { status, epochs } = run;
  switch (status) {
    case 'running':
      return epochText(run);
    case 'stopped':
    case 'interrupted':
    case 'failed':
      return `${s(status)}, ${s('epochNumber', epochs.at(-1)?.epoch ?? 0)}`;
    case 'queued':
    case 'finished':
      return s(status);
  }
}

function epochText({ manifest, progress }: ComparedRun): string {
  const current = progress === null ? null : currentEpoch(manifest, progress.step);
  return current === null ? s('starting') : s('epochOf', current, manifest.epochs ?? current);
}

/** Returns how many seeds a row has, `5`, or while some have not finished `3 of 5`. */
export function seedCountText({ runs }: ComparisonRow): string {
  const done = runs.filter(({ status }) => status === 'finished').length;
  return done === runs.length ? String(done) : s('seedsOf', done, runs.length);
}
