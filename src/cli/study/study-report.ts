import { formatDifference, formatMetric } from '../../shared/numbers.js';
import { metricLabel } from '../../shared/task-kinds.js';
import type { StudyFile } from '../../study/schema.js';
import { comparedWith, shownValue, type StudyScore } from '../../study/summary.js';
import { formatTable } from '../terminal/table.js';

/** The closing table of a study: a row for each task and combination, and how to read it. */
export function studyReport(file: StudyFile, scores: readonly StudyScore[]): string[] {
  if (scores.length === 0) return [];
  const paths = Object.keys(scores[0]!.settings);
  const reference = comparedWith(file);
  const diverged = scores.some((score) => score.diverged > 0);
  const header = [
    'task',
    ...paths.map(lastOf),
    'metric',
    'seeds',
    ...(diverged ? ['diverged'] : []),
    'mean',
    'SD',
    'best',
    ...(reference === null ? [] : [`vs ${shownValue(reference.to)}`, 'is it better?']),
  ];
  const rows = scores.map((score) => [
    score.task,
    ...paths.map((path) => shownValue(score.settings[path])),
    `${score.split} ${metricLabel(score.metric)}`,
    String(score.seeds),
    ...(diverged ? [String(score.diverged)] : []),
    formatMetric(score.mean),
    score.sd === null ? '' : formatMetric(score.sd),
    formatMetric(score.best),
    ...(reference === null ? [] : [gainText(score), score.gain?.verdict ?? '']),
  ]);
  return [...formatTable(header, rows, paths.length + 2), ...explanation(scores)];
}

/** The last part of a setting's path, which says enough beside its values. */
const lastOf = (path: string): string => path.split('.').at(-1)!;

function gainText({ gain }: StudyScore): string {
  if (gain === null) return '';
  const difference = formatDifference(gain.mean);
  return gain.standardError === null ? difference : `${difference} ± ${formatMetric(gain.standardError)}`;
}

function explanation(scores: readonly StudyScore[]): string[] {
  if (scores.every(({ gain }) => gain === null)) return [];
  return [
    'vs: the mean difference with the same seeds ± its standard error; more than 0 is better.',
    'better, worse: beyond chance at 95 % (paired t-test), each comparison by itself: of twenty where nothing ' +
      'differs, one says so by chance.',
  ];
}
