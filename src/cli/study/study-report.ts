import { formatChance, formatDifference, formatEstimate, formatMetric } from '../../shared/numbers.js';
import { lastOf, shownValue } from '../../shared/study/settings.js';
import { comparedWith, isChosen, type StudyPlan, type StudyScore } from '../../shared/study/summary.js';
import { metricLabel } from '../../shared/task-kinds.js';
import { formatTable } from '../terminal/table.js';

/** The closing table of a study: a row for each task and combination, and how to read it. */
export function studyReport(plan: StudyPlan, scores: readonly StudyScore[]): string[] {
  if (scores.length === 0) return [];
  // What is tuned has a table of its own: it is many settings, and not the same for all.
  const all = [...new Set(scores.flatMap(({ settings }) => Object.keys(settings)))];
  const paths = all.filter((path) => path === plan.pick?.setting || !isChosen(plan, path));
  const reference = comparedWith(plan);
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
    ...(reference === null ? [] : [`vs ${shownValue(reference.to)}`, '95 %', 'p (Holm)', 'is it better?']),
  ];
  const rows = scores.map((score) => [
    score.task,
    ...paths.map((path) => (path in score.settings ? shownValue(score.settings[path]) : '')),
    `${score.split} ${metricLabel(score.metric)}`,
    String(score.seeds),
    ...(diverged ? [String(score.diverged)] : []),
    formatMetric(score.mean),
    score.sd === null ? '' : formatMetric(score.sd),
    formatMetric(score.best),
    ...(reference === null ? [] : gainTexts(score)),
  ]);
  return [...formatTable(header, rows, paths.length + 2), ...explanation(scores)];
}

function gainTexts({ gain }: StudyScore): string[] {
  if (gain === null) return ['', '', '', ''];
  const { mean, interval, holm, within, verdict } = gain;
  const told =
    within !== null && (verdict === 'alike' || verdict === 'cannot tell')
      ? `${verdict}, within ±${formatMetric(within)}`
      : verdict;
  const estimate = interval === null ? null : formatEstimate(mean, interval);
  return [
    estimate?.mean ?? formatDifference(mean),
    estimate?.interval ?? '',
    holm === null ? '' : formatChance(holm).replace('= ', ''),
    told,
  ];
}

function explanation(scores: readonly StudyScore[]): string[] {
  if (scores.every(({ gain }) => gain === null)) return [];
  return [
    `vs: the mean difference ${pairs(scores)}, and the interval in which it lies with 95 %; more than 0 is better.`,
    'better, worse: beyond chance at 95 % (t-test), with p-values that count all comparisons here (Holm).',
    'within: surely no farther apart than that (two one-sided tests, 95 %); alike: that is less than a fifth of the ' +
      'spread between seeds.',
  ];
}

const pairs = (scores: readonly StudyScore[]): string =>
  scores.some(({ gain }) => gain?.seeds === 0)
    ? 'seed by seed, or of the means where no two seeds are in common'
    : 'seed by seed';
