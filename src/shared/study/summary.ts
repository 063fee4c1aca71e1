import { baselineVariant, contrast, verdictBy, type Gain } from '../comparison.js';
import { holm, standardDeviation, summarise, type Summary } from '../statistics/statistics.js';
import { biggerIsBetter, mainMetric } from '../task-kinds.js';
import type { StudyLine } from './line.js';
import { isSameValue, type Settings } from './settings.js';

/** The trainings of a combination of settings. */
export interface Combination {
  readonly settings: Settings;
  readonly lines: readonly StudyLine[];
}

/** What a study's results are compared with: a value of a setting that varies. */
export interface Reference {
  readonly setting: string;
  readonly to: unknown;
}

/** The part of a study that says what its combinations are. */
export interface StudyPlan {
  readonly vary: Readonly<Record<string, readonly unknown[]>>;
  readonly compare?: Reference | null | undefined;
  readonly pick?: { readonly setting: string } | null | undefined;
  /** Settings that are tuned for each combination, by their path. */
  readonly tune?: { readonly settings: Readonly<Record<string, unknown>> } | null | undefined;
}

/** A difference among all those that a table has. */
export interface StudyGain extends Omit<Gain, 'verdict'> {
  /** The p-value as it counts among them all (Holm). */
  readonly holm: number | null;
  /**
   * `better`, `worse`: beyond chance at 95 % by `holm`; `alike`: surely less apart than a small effect; `one seed`:
   * nothing can be said.
   */
  readonly verdict: Gain['verdict'] | 'alike';
}

/** A metric of a task over the seeds of a combination. */
export interface StudyScore extends Summary {
  readonly settings: Settings;
  readonly task: string;
  readonly metric: string;
  readonly split: Split;
  /** How many trainings have the metric, and how many have diverged. */
  readonly seeds: number;
  readonly diverged: number;
  /** Against what the study compares with; null: this is it, or there is nothing to compare with. */
  readonly gain: StudyGain | null;
}

export type Split = 'test' | 'validation';

/** A difference below this share of the spread between seeds is small (Cohen, 1988). */
const smallEffect = 0.2;

/** Returns what a study compares with; null: nothing. */
export function comparedWith({ compare, vary }: StudyPlan): Reference | null {
  if (compare !== undefined && compare !== null) return compare;
  const variants = vary['model.variant'];
  return variants?.includes(baselineVariant) === true
    ? { setting: 'model.variant', to: baselineVariant }
    : null;
}

/** Returns the rows that metrics are of: test rows, if all trainings have some. */
export const splitOf = (lines: readonly StudyLine[]): Split =>
  lines.every(({ test, status }) => test !== null || status === 'diverged') ? 'test' : 'validation';

export interface ScoreOptions {
  /** Default: the one that a task is judged by. */
  readonly metric?: string | undefined;
  /** Default: what the study compares with. */
  readonly reference?: Reference | null | undefined;
}

/** Returns a score for each task and combination, by task. */
export function scoresOf(
  plan: StudyPlan,
  combinations: readonly Combination[],
  { metric, reference = comparedWith(plan) }: ScoreOptions = {},
): StudyScore[] {
  const lines = combinations.flatMap((one) => one.lines);
  const split = splitOf(lines);
  const scores = tasksOf(lines).flatMap(({ task, kind }) =>
    combinations.map((one) => {
      const shown = metric ?? mainMetric(kind);
      const values = bySeed(one, split, task, shown);
      const baseline = reference === null ? undefined : baselineOf(plan, combinations, one, reference);
      const others = baseline === undefined || baseline === one ? null : bySeed(baseline, split, task, shown);
      const score = {
        settings: one.settings,
        ...{ task, metric: shown, split },
        seeds: values.size,
        diverged: one.lines.filter(({ status }) => status === 'diverged').length,
        ...summarise([...values.values()], biggerIsBetter(shown)),
      };
      return { score, others, gain: others === null ? null : contrast(others, values, shown) };
    }),
  );
  const adjusted = holm(scores.map(({ gain }) => gain?.p ?? null));
  return scores.map(({ score, others, gain }, i): StudyScore => {
    if (gain === null) return { ...score, gain };
    const p = adjusted[i] ?? null;
    const told = p === null ? gain.verdict : verdictBy(p, gain.mean);
    const verdict = told === 'cannot tell' && isAlike(gain, others!) ? 'alike' : told;
    return { ...score, gain: { ...gain, holm: p, verdict } };
  });
}

/** Returns the tasks that some training has metrics of, with their kinds. */
export function tasksOf(lines: readonly StudyLine[]): { task: string; kind: StudyLine['kinds'][string] }[] {
  const kinds = new Map<string, StudyLine['kinds'][string]>();
  for (const line of lines)
    for (const [task, kind] of Object.entries(line.kinds))
      if (!kinds.has(task) && (line.test ?? line.validation)?.[task] !== undefined) kinds.set(task, kind);
  return [...kinds].map(([task, kind]) => ({ task, kind }));
}

/** Whether a difference is surely small beside the spread between the seeds of what it is compared with. */
export function isAlike({ within }: Pick<Gain, 'within'>, baseline: ReadonlyMap<number, number>): boolean {
  const spread = standardDeviation([...baseline.values()]);
  return within !== null && spread !== null && within < smallEffect * spread;
}

/** Returns the combination with the value that is compared with, and otherwise the same settings. */
function baselineOf(
  plan: StudyPlan,
  combinations: readonly Combination[],
  one: Combination,
  { setting, to }: Reference,
): Combination | undefined {
  return combinations.find(({ settings }) =>
    Object.keys(settings).every(
      (path) =>
        isChosen(plan, path) || isSameValue(settings[path], path === setting ? to : one.settings[path]),
    ),
  );
}

/** Whether a setting is picked or tuned for each combination: it tells no two combinations apart. */
export const isChosen = ({ pick, tune }: StudyPlan, path: string): boolean =>
  path === pick?.setting || Object.hasOwn(tune?.settings ?? {}, path);

/** Returns a metric of a combination's trainings by seed. */
export function bySeed(
  { lines }: Pick<Combination, 'lines'>,
  split: Split,
  task: string,
  metric: string,
): Map<number, number> {
  const values = new Map<number, number>();
  for (const line of lines) {
    const value = line[split]?.[task]?.[metric] ?? null;
    if (value !== null) values.set(line.seed, value);
  }
  return values;
}
