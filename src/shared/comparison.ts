import type { RunManifest } from './run/run-manifest.js';
import { biggerIsBetter, mainMetric } from './task-kinds.js';
import { errorOfMean, meanOf, summarise } from './statistics/statistics.js';
import { studentQuantile, studentTail } from './statistics/student.js';

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
  /** How many seeds both have; 0: the means were compared. */
  readonly seeds: number;
  /** In which the difference lies with 95 %. */
  readonly interval: readonly [number, number] | null;
  /** How likely a difference as large is by chance (t-test, two-sided). */
  readonly p: number | null;
  /**
   * Two one-sided tests (Schuirmann, 1987) say with 95 % that the difference is no larger than this, one way or the
   * other.
   */
  readonly within: number | null;
  /** `better`, `worse`: by the t-test at 95 %. */
  readonly verdict: Verdict;
}

/** `one seed`: there are too few for a test. */
export type Verdict = 'better' | 'worse' | 'cannot tell' | 'one seed';

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
  const [mean, error, seeds] = [meanOf(differences), errorOfMean(differences), differences.length];
  return error === null ? ofOneSeed(mean) : tested(mean, error, seeds - 1, seeds);
}

/**
 * Returns how much better values are than a baseline's whose seeds are others: the means are compared (Welch, 1947);
 * null: one of them has no two values.
 */
export function gainOfMeans(baseline: Values, values: Values, metric: string): Gain | null {
  const sign = biggerIsBetter(metric) ? 1 : -1;
  const [own, others] = [[...values.values()], [...baseline.values()]];
  const [one, other] = [errorOfMean(own), errorOfMean(others)];
  if (one === null || other === null) return null;
  const variance = one ** 2 + other ** 2;
  const freedom =
    variance ** 2 / (one ** 4 / (own.length - 1) + other ** 4 / (others.length - 1)) ||
    own.length + others.length - 2;
  return tested(sign * (meanOf(own) - meanOf(others)), Math.sqrt(variance), freedom, 0);
}

/**
 * Returns how much better values are than a baseline's: seed by seed where they have two or more in common, and by
 * their means otherwise; null: one of them has no value.
 */
export function contrast(baseline: Values, values: Values, metric: string): Gain | null {
  const paired = gainOver(baseline, values, metric);
  if (paired !== null && (paired.seeds > 1 || values.size === 1)) return paired;
  const ofMeans = gainOfMeans(baseline, values, metric) ?? paired;
  if (ofMeans !== null || values.size === 0 || baseline.size === 0) return ofMeans;
  const sign = biggerIsBetter(metric) ? 1 : -1;
  return { ...ofOneSeed(sign * (meanOf([...values.values()]) - meanOf([...baseline.values()]))), seeds: 0 };
}

/** Nobody trains more seeds than this to tell one method from another. */
const mostSeeds = 1000;

/**
 * Returns about how many seeds would tell a difference of pairs that so many do not: the fewest with which one of the
 * same size and deviation is beyond chance; null: it is told already, or more than 1,000.
 */
export function seedsThatTell({ mean, standardError, seeds, verdict }: TestedGain): number | null {
  if (standardError === null || verdict !== 'cannot tell' || seeds < 2) return null;
  for (let count = seeds + 1; count <= mostSeeds; count++)
    if (
      verdictBy(studentTail((mean / standardError) * Math.sqrt(count / seeds), count - 1), mean) !== verdict
    )
      return count;
  return null;
}

/** What is needed of a gain to judge it. */
type TestedGain = Pick<Gain, 'mean' | 'standardError' | 'seeds' | 'verdict'>;

const ofOneSeed = (mean: number): Gain => ({
  ...{ mean, standardError: null, seeds: 1, interval: null, p: null, within: null, verdict: 'one seed' },
});

function tested(mean: number, standardError: number, freedom: number, seeds: number): Gain {
  const around = (tail: number): number => studentQuantile(tail, freedom) * standardError;
  // All differences alike: a difference is sure, and so is none.
  const p = mean === 0 ? 1 : studentTail(mean / standardError, freedom);
  return {
    ...{ mean, standardError, seeds, p },
    interval: [mean - around(0.05), mean + around(0.05)],
    within: Math.abs(mean) + around(0.1),
    verdict: verdictBy(p, mean),
  };
}

/** Returns what a test says of a difference at 95 %. */
export const verdictBy = (p: number, mean: number): 'better' | 'worse' | 'cannot tell' =>
  p >= 0.05 ? 'cannot tell' : mean > 0 ? 'better' : 'worse';
