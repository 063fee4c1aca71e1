import { biggerIsBetter, mainMetric, metricLabels, type RunManifest } from '../shared/run.js';
import { formatMetric } from './numbers.js';
import { formatTable } from './table.js';

/** A variant's main metric of a task over its seeds, on test (on validation where there is no test). */
export interface ComparisonRow {
  readonly variant: string;
  readonly task: string;
  readonly metric: string;
  readonly split: 'test' | 'validation';
  readonly runs: number;
  readonly mean: number | null;
  readonly best: number | null;
  /** Largest minus smallest; null with one run. */
  readonly spread: number | null;
}

export function summarise(manifests: readonly RunManifest[]): ComparisonRow[] {
  const byVariant = new Map<string, RunManifest[]>();
  for (const manifest of manifests) {
    const variant = manifest.network?.variant ?? '';
    byVariant.set(variant, [...(byVariant.get(variant) ?? []), manifest]);
  }
  return [...byVariant].flatMap(([variant, runs]) => {
    const split = runs.every(({ summary }) => (summary?.test ?? null) !== null) ? 'test' : 'validation';
    return (runs[0]?.tasks ?? []).map(({ name, kind }) => {
      const metric = mainMetric(kind);
      const values = runs.map(({ summary }) => summary?.[split]?.[name]?.[metric] ?? null).filter((value) => value !== null);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const some = values.length > 0;
      return {
        variant,
        task: name,
        metric,
        split,
        runs: values.length,
        mean: some ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
        best: some ? (biggerIsBetter(metric) ? high : low) : null,
        spread: values.length > 1 ? high - low : null,
      } as const;
    });
  });
}

export function comparisonTable(rows: readonly ComparisonRow[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ variant, task, metric, split, runs, mean, best, spread }) => [
    variant,
    task,
    `${split} ${metricLabels[metric]}`,
    String(runs),
    formatMetric(mean),
    formatMetric(best),
    formatMetric(spread),
  ]);
  return formatTable(['variant', 'task', 'metric', 'runs', 'mean', 'best', 'spread'], lines, 3);
}
