import { baselineVariant, type ComparisonRow, type Gain } from '../../shared/comparison.js';
import { metricLabel } from '../../shared/task-kinds.js';
import { formatDifference, formatMetric } from '../../shared/numbers.js';
import { formatTable } from '../terminal/table.js';

/** The closing table of a comparison, variants side by side for each task, and how to read it. */
export function comparisonReport(rows: readonly ComparisonRow[]): string[] {
  if (rows.length === 0) return [];
  const tasks = [...new Set(rows.map(({ task }) => task))];
  const sorted = tasks.flatMap((task) => rows.filter((row) => row.task === task));
  const withGain = rows.some(({ gain }) => gain !== null);
  const header = ['task', 'variant', 'metric', 'seeds', 'mean', 'SD', 'best', 'spread'];
  const lines = sorted.map(({ task, variant, metric, split, seeds, mean, sd, best, spread, gain }) => [
    task,
    variant,
    `${split} ${metricLabel(metric)}`,
    String(seeds.length),
    formatMetric(mean),
    sd === null ? '' : formatMetric(sd),
    formatMetric(best),
    spread === null ? '' : formatMetric(spread),
    ...(withGain ? [gain === null ? '' : gainText(gain), gain?.verdict ?? ''] : []),
  ]);
  const table = formatTable(
    withGain ? [...header, `vs ${baselineVariant}`, 'is it better?'] : header,
    lines,
    3,
  );
  return [...table, ...explanation(rows, withGain)];
}

function explanation(rows: readonly ComparisonRow[], withGain: boolean): string[] {
  if (rows.every(({ seeds }) => seeds.length < 2)) {
    return [
      'One seed cannot tell a better variant from a lucky one; --seeds 3 or more shows how much they vary.',
    ];
  }
  if (!withGain) return [];
  return [
    `vs ${baselineVariant}: the mean difference with the same seeds ± its standard error; more than 0 is better.`,
    'better, worse: beyond chance at 95 % (paired t-test); cannot tell: it may be chance, more seeds would show smaller differences.',
  ];
}

function gainText({ mean, standardError }: Gain): string {
  const difference = formatDifference(mean);
  return standardError === null ? difference : `${difference} ± ${formatMetric(standardError)}`;
}
