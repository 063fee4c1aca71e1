import {
  baselineVariant,
  compareVariants,
  seedsThatTell,
  type VariantScore,
  type Gain,
} from '../../shared/comparison.js';
import { formatChance, formatDifference, formatFixed, formatMetric } from '../../shared/numbers.js';
import type { Problem } from '../../shared/messages/reports.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { suspicions } from '../../shared/run/suspicion-text.js';
import { metricLabel } from '../../shared/task-kinds.js';
import { formatTable } from '../terminal/table.js';
import { printError, printJson } from '../terminal/terminal.js';
import type { EndedRun } from './train-all.js';

/** A comparison that has ended, as it is printed. */
interface EndedComparison {
  readonly comparison: RunManifest['comparison'];
  /** The ids of its runs, in the order in which they were queued. */
  readonly ids: readonly string[];
  readonly ended: readonly EndedRun[];
  /** Printed as JSON with the table; null: there is no JSON. */
  readonly json: { readonly warnings: readonly Problem[] } | null;
}

/** Prints what failed and the closing table, and with `json` the same for programs. */
export function concludeComparison(
  view: { line(text?: string): void },
  { comparison, ids, ended, json }: EndedComparison,
): void {
  for (const { name, state, problem } of ended) if (state === 'failed') printError(`${name}: ${problem}`);
  const finished = ended.flatMap(({ state, manifest }) =>
    state === 'finished' && manifest !== null ? [manifest] : [],
  );
  const rows = compareVariants(finished.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)));
  const left = ended.length - finished.length;
  view.line();
  for (const line of comparisonReport(rows)) view.line(line);
  for (const line of new Set(finished.flatMap((run) => suspicions({ ...run, data: null }))))
    view.line(`warning: ${line}`);
  if (left > 0)
    view.line(
      `${left} of ${ended.length} runs did not finish and ${left === 1 ? 'is' : 'are'} not in the table`,
    );
  if (json !== null) printJson({ comparison, runs: ids, rows, ...json });
}

/** The closing table of a comparison, variants side by side for each task, and how to read it. */
export function comparisonReport(rows: readonly VariantScore[]): string[] {
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
    ...(withGain ? [gain === null ? '' : gainText(gain), gain === null ? '' : verdictText(gain)] : []),
  ]);
  const table = formatTable(
    withGain ? [...header, `vs ${baselineVariant}`, 'is it better?'] : header,
    lines,
    3,
  );
  return [...table, ...explanation(rows, withGain)];
}

function explanation(rows: readonly VariantScore[], withGain: boolean): string[] {
  if (rows.every(({ seeds }) => seeds.length < 2)) {
    return [
      'One seed cannot tell a better variant from a lucky one; --seeds 3 or more shows how much they vary.',
    ];
  }
  if (!withGain) return [];
  return [
    `vs ${baselineVariant}: the mean difference with the same seeds ± its standard error; ` +
      'more than 0 is better.',
    'better, worse: beyond chance at 95 % (paired t-test); ' +
      'cannot tell: it may be chance; with about so many seeds a difference of its size would be told.',
  ];
}

/** Returns `better (p = 0.014)`, or `cannot tell (p = 0.140), 5 seeds might`. */
function verdictText(gain: Gain): string {
  const found = gain.p === null ? gain.verdict : `${gain.verdict} (p ${formatChance(gain.p)})`;
  const seeds = seedsThatTell(gain);
  return seeds === null ? found : `${found}, ${seeds} seeds might`;
}

/** Returns `+0.0012 ± 0.0044`: a difference has no more decimals than its error. */
function gainText({ mean, standardError }: Gain): string {
  if (standardError === null) return formatDifference(mean);
  const hasFour = standardError >= 0.001 && Math.abs(mean) < 0.001;
  const difference = hasFour ? formatFixed(mean, 4, true) : formatDifference(mean);
  return `${difference} ± ${formatMetric(standardError)}`;
}
