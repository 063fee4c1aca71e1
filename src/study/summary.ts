import { baselineVariant, gainOver, type Gain } from '../shared/comparison.js';
import { summarise, type Summary } from '../shared/statistics.js';
import { biggerIsBetter, mainMetric } from '../shared/task-kinds.js';
import type { Settings } from './cells.js';
import type { StudyLine } from './line.js';
import { isSameValue } from './pick.js';
import type { StudyFile } from './schema.js';

/** The trainings of a combination of settings. */
export interface Combination {
  readonly settings: Settings;
  readonly lines: readonly StudyLine[];
}

/** A metric of a task over the seeds of a combination. */
export interface StudyScore extends Summary {
  readonly settings: Settings;
  readonly task: string;
  readonly metric: string;
  readonly split: 'test' | 'validation';
  /** How many trainings have the metric, and how many have diverged. */
  readonly seeds: number;
  readonly diverged: number;
  /** Against what the study compares with; null: this is it, or there is nothing to compare with. */
  readonly gain: Gain | null;
}

/** Returns what a study compares with; null: nothing. */
export function comparedWith({ compare, vary }: StudyFile): { setting: string; to: unknown } | null {
  if (compare !== undefined) return compare;
  const variants = vary['model.variant'];
  return variants?.includes(baselineVariant) === true
    ? { setting: 'model.variant', to: baselineVariant }
    : null;
}

/** Returns a score for each task and combination, by task. `metric`: default: the one that a task is judged by. */
export function scoresOf(
  file: StudyFile,
  combinations: readonly Combination[],
  metric?: string,
): StudyScore[] {
  const lines = combinations.flatMap((one) => one.lines);
  const split = lines.every(({ test, status }) => test !== null || status === 'diverged')
    ? 'test'
    : 'validation';
  const tasks = [...new Set(lines.flatMap((line) => Object.keys(line[split] ?? {})))];
  const reference = comparedWith(file);
  const { pick } = file;
  return tasks.flatMap((task) =>
    combinations.map((one): StudyScore => {
      const shown = metric ?? mainMetric(lines.find(({ kinds }) => task in kinds)!.kinds[task]!);
      const values = bySeed(one, split, task, shown);
      const baseline =
        reference === null ? undefined : combinations.find((other) => isBaselineOf(other, one));
      return {
        settings: one.settings,
        ...{ task, metric: shown, split },
        seeds: values.size,
        diverged: one.lines.filter(({ status }) => status === 'diverged').length,
        ...summarise([...values.values()], biggerIsBetter(shown)),
        gain:
          baseline === undefined || baseline === one
            ? null
            : gainOver(bySeed(baseline, split, task, shown), values, shown),
      };
    }),
  );

  /** Whether a combination has the value that is compared with, and otherwise the same settings. */
  function isBaselineOf({ settings }: Combination, one: Combination): boolean {
    const { setting, to } = reference!;
    return Object.keys(settings).every(
      (path) =>
        path === pick?.setting || isSameValue(settings[path], path === setting ? to : one.settings[path]),
    );
  }
}

/** Returns a metric of a combination's trainings by seed. */
export function bySeed(
  { lines }: Combination,
  split: 'test' | 'validation',
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

/** Returns a setting's value for people. */
export const shownValue = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
