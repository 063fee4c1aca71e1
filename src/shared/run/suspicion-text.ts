import { formatMetric } from '../numbers.js';
import { mainMetric, metricLabel, r2WithoutWorst } from '../task-kinds.js';
import type { Leak, RunManifest } from './run-manifest.js';

/** Metrics of held-out rows that are at least this good are suspected. */
const tooGood = 0.999;
/** Fewer held-out rows prove nothing. */
const fewestRows = 50;

/** Returns `feature "minutes" alone predicts "clicked" nearly perfectly (AUC 1.0000): …`, and what to do. */
export function leakText({ task, feature, metric, value, missing }: Leak): string {
  const when =
    missing === undefined
      ? ''
      : missing.side === undefined
        ? ': by being missing'
        : `: it is missing ${value === 1 ? 'exactly' : 'nearly exactly'} where "${task}" is ${missing.side}`;
  return (
    `feature "${feature}" alone predicts "${task}" nearly perfectly (${metricLabel(metric)} ` +
    `${formatMetric(value)})${when}; if it is known only after the label is, set it to "ignore"`
  );
}

/** Returns what is said of each feature that gives a label away, by its name. */
export const leaksByFeature = (leaks: readonly Leak[]): Map<string, string> =>
  // The first one of a feature is that of its likeliest label.
  new Map(leaks.map((leak): [string, string] => [leak.feature, leakText(leak)]).reverse());

/** A task whose metrics of validation or test rows are too good to be learned. */
export interface TooGood {
  readonly task: string;
  readonly metrics: readonly { readonly part: 'validation' | 'test'; readonly text: string }[];
}

/** An R² for which one row counts for much. */
export interface OneRow {
  readonly task: string;
  readonly part: 'validation' | 'test';
  readonly r2: number | null;
  /** Its value without that row. */
  readonly without: number | null;
}

/** What makes a run's metrics doubtful. */
interface Suspicions {
  /** Features that alone give a label away. */
  readonly leaks: readonly Leak[];
  readonly tooGood: readonly TooGood[];
  readonly oneRow: readonly OneRow[];
}

export const suspicionsOf = (run: Pick<RunManifest, 'data' | 'tasks' | 'summary'>): Suspicions => ({
  leaks: run.data?.leaks ?? [],
  tooGood: tooGoodOf(run),
  oneRow: oneRowOf(run),
});

/** Returns what makes a run's metrics doubtful, for people. */
export function suspicions(run: Pick<RunManifest, 'data' | 'tasks' | 'summary'>): string[] {
  const { leaks, tooGood, oneRow } = suspicionsOf(run);
  return [...leaks.map(leakText), ...tooGood.map(tooGoodText), ...oneRow.map(oneRowText)];
}

const oneRowText = ({ task, part, r2, without }: OneRow): string =>
  `one row decides the ${part} ${metricLabel('r2')} of "${task}": ${formatMetric(r2)}, and ` +
  `${formatMetric(without)} without it`;

function oneRowOf({ tasks, summary }: Pick<RunManifest, 'tasks' | 'summary'>): OneRow[] {
  return tasks.flatMap(({ name: task }) =>
    (['validation', 'test'] as const).flatMap((part) => {
      const { r2, [r2WithoutWorst]: without } = summary?.[part]?.[task] ?? {};
      return r2 === undefined || without === undefined ? [] : [{ task, part, r2, without }];
    }),
  );
}

function tooGoodOf({ data, tasks, summary }: Pick<RunManifest, 'data' | 'tasks' | 'summary'>): TooGood[] {
  return tasks.flatMap(({ name, kind, labels }) => {
    const metric = mainMetric(kind);
    const metrics = (['validation', 'test'] as const).flatMap((part) => {
      const value = summary?.[part]?.[name]?.[metric] ?? null;
      const rows = labels?.[part] ?? data?.rows[part] ?? 0;
      return value !== null && value >= tooGood && rows >= fewestRows
        ? [{ part, text: `${metricLabel(metric)} ${formatMetric(value)}` }]
        : [];
    });
    return metrics.length === 0 ? [] : [{ task: name, metrics }];
  });
}

const tooGoodText = ({ task, metrics }: TooGood): string =>
  `"${task}" is predicted nearly perfectly (${metrics.map(({ part, text }) => `${part} ${text}`).join(', ')}): ` +
  'see whether a feature is known only after the label is, or held-out rows are in training, too';
