import type { RunManifest } from './run/run-manifest.js';
import { biggerIsBetter, mainMetric } from './task-kinds.js';
import { errorOfMean, meanOf, summarise } from './statistics.js';

/**
 * Compares variants that were trained with several seeds: each variant's main metric of each task, over its
 * seeds.
 */

/** The variant that the others are compared with: tasks that share nothing. */
export const baselineVariant = 'single-task';

export interface VariantScore {
  readonly variant: string;
  readonly task: string;
  readonly metric: string;
  /** The same for all rows: validation where a run has no test metrics. */
  readonly split: 'test' | 'validation';
  /** Those that have the metric. */
  readonly seeds: readonly number[];
  readonly mean: number | null;
  readonly best: number | null;
  /** Sample standard deviation (n − 1); null with one seed. */
  readonly sd: number | null;
  /** Largest minus smallest; null with one seed. */
  readonly spread: number | null;
  /** Null: this is the baseline, or there is none with the same seeds. */
  readonly gain: Gain | null;
}

/**
 * A variant against the baseline with the same seeds; positive is better, also where less of the metric is.
 */
export interface Gain {
  readonly mean: number;
  /** The standard error of the mean difference: s / √n over the seeds' differences; null with one seed. */
  readonly standardError: number | null;
  readonly seeds: number;
  /** `better`, `worse`: by a paired t-test, two-sided, at 95 %. */
  readonly verdict: 'better' | 'worse' | 'cannot tell' | 'one seed';
}

/** Values by seed. */
type Values = ReadonlyMap<number, number>;

/**
 * A row for each variant and task, variants in the order in which they come first. Only runs that have
 * finished should be given.
 */
export function compareVariants(manifests: readonly RunManifest[]): VariantScore[] {
  const byVariant = new Map<string, RunManifest[]>();
  for (const manifest of manifests) {
    const variant = manifest.network?.variant ?? '';
    byVariant.set(variant, [...(byVariant.get(variant) ?? []), manifest]);
  }
  const split = manifests.every(({ summary }) => (summary?.test ?? null) !== null) ? 'test' : 'validation';
  const baseline = byVariant.get(baselineVariant) ?? [];
  return [...byVariant].flatMap(([variant, runs]) =>
    (runs[0]?.tasks ?? []).map(({ name, kind }) => {
      const metric = mainMetric(kind);
      const values = valuesBySeed(runs, split, name, metric);
      const gain =
        variant === baselineVariant
          ? null
          : gainOver(valuesBySeed(baseline, split, name, metric), values, metric);
      return {
        variant,
        task: name,
        metric,
        split,
        seeds: [...values.keys()],
        ...summarise([...values.values()], biggerIsBetter(metric)),
        gain,
      };
    }),
  );
}

function valuesBySeed(
  runs: readonly RunManifest[],
  split: 'test' | 'validation',
  task: string,
  metric: string,
): Values {
  const values = new Map<number, number>();
  for (const { seed, summary } of runs) {
    const value = summary?.[split]?.[task]?.[metric] ?? null;
    if (value !== null) values.set(seed, value);
  }
  return values;
}

/** Returns how much better values are than a baseline's with the same seeds; null: they have no seed in common. */
export function gainOver(baseline: Values, values: Values, metric: string): Gain | null {
  const sign = biggerIsBetter(metric) ? 1 : -1;
  const differences = [...values].flatMap(([seed, value]) => {
    const other = baseline.get(seed);
    return other === undefined ? [] : [sign * (value - other)];
  });
  if (differences.length === 0) return null;
  const difference = meanOf(differences);
  const standardError = errorOfMean(differences);
  if (standardError === null) return { mean: difference, standardError: null, seeds: 1, verdict: 'one seed' };
  const sure = Math.abs(difference) > criticalT(differences.length - 1) * standardError;
  const verdict = !sure ? 'cannot tell' : difference > 0 ? 'better' : 'worse';
  return { mean: difference, standardError, seeds: differences.length, verdict };
}

/** Student's t, two-sided 95 %, by degrees of freedom from 1. */
const tTable = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086,
];

function criticalT(freedom: number): number {
  const z = 1.959964;
  // Cornish and Fisher's expansion: within 0.0005 from 21 on.
  return (
    tTable[freedom - 1] ??
    z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2)
  );
}
