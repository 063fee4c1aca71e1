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

/**
 * Returns what makes a run's metrics doubtful, for people: features that alone give a label away, metrics of
 * validation and test rows that are too good to be learned, and such that one row decides.
 */
export const suspicions = (run: Pick<RunManifest, 'data' | 'tasks' | 'summary'>): string[] => [
  ...(run.data?.leaks ?? []).map(leakText),
  ...tooGoodTexts(run),
  ...oneRowTexts(run),
];

/** Returns in which R² one row counts for much. */
function oneRowTexts({ tasks, summary }: Pick<RunManifest, 'tasks' | 'summary'>): string[] {
  return tasks.flatMap(({ name }) =>
    (['validation', 'test'] as const).flatMap((part) => {
      const { r2, [r2WithoutWorst]: without } = summary?.[part]?.[name] ?? {};
      if (r2 === undefined || without === undefined) return [];
      return [
        `one row decides the ${part} ${metricLabel('r2')} of "${name}": ${formatMetric(r2)}, and ` +
          `${formatMetric(without)} without it`,
      ];
    }),
  );
}

function tooGoodTexts({ data, tasks, summary }: Pick<RunManifest, 'data' | 'tasks' | 'summary'>): string[] {
  return tasks.flatMap(({ name, kind, labels }) => {
    const metric = mainMetric(kind);
    const good = (['validation', 'test'] as const).flatMap((part) => {
      const value = summary?.[part]?.[name]?.[metric] ?? null;
      const rows = labels?.[part] ?? data?.rows[part] ?? 0;
      return value !== null && value >= tooGood && rows >= fewestRows
        ? [`${part} ${metricLabel(metric)} ${formatMetric(value)}`]
        : [];
    });
    if (good.length === 0) return [];
    return [
      `"${name}" is predicted nearly perfectly (${good.join(', ')}): see whether a feature is known only after ` +
        'the label is, or held-out rows are in training, too',
    ];
  });
}
