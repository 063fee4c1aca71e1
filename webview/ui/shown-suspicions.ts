import type { Leak, RunManifest } from '../../src/shared/run/run-manifest.js';
import { suspicionsOf, type OneRow, type TooGood } from '../../src/shared/run/suspicion-text.js';
import { formatMetric } from '../../src/shared/numbers.js';
import { metricLabel } from '../../src/shared/task-kinds.js';
import { s } from '../strings.js';

/** So many are shown in full. */
const most = 4;

/** Returns what makes the metrics of runs doubtful, each thing once and as a sentence; the rest is counted. */
export function shownSuspicions(runs: readonly Pick<RunManifest, 'data' | 'tasks' | 'summary'>[]): string[] {
  const texts = runs
    .map(suspicionsOf)
    .flatMap(({ leaks, tooGood, oneRow }) => [
      ...leaks.map(leakText),
      ...tooGood.map(tooGoodText),
      ...oneRow.map(oneRowText),
    ]);
  const all = [...new Set(texts)];
  return all.length > most ? [...all.slice(0, most), s('moreSuspicions', all.length - most)] : all;
}

function leakText({ task, feature, metric, value, missing }: Leak): string {
  const measured = `${metricLabel(metric)} ${formatMetric(value)}`;
  if (missing === undefined) return s('leak', feature, task, measured);
  if (missing.side === undefined) return s('leakByMissing', feature, task, measured);
  return s(value === 1 ? 'leakMissingExactly' : 'leakMissingNearly', feature, task, measured, missing.side);
}

const partNames = { validation: 'partValidation', test: 'partTest' } as const;

const tooGoodText = ({ task, metrics }: TooGood): string =>
  s('tooGood', task, metrics.map(({ part, text }) => `${s(partNames[part])} ${text}`).join(', '));

const oneRowText = ({ task, part, r2, without }: OneRow): string =>
  s('oneRow', s(partNames[part]), metricLabel('r2'), task, formatMetric(r2), formatMetric(without));
