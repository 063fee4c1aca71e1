import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { baselineVariant, contrast, verdictBy, type Gain } from '../../../src/shared/comparison.js';
import { isKept } from '../../../src/shared/run/kept-epoch.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { methodKey, variantPath, type Differences } from '../../../src/shared/settings/run-settings.js';
import { holm, meanOf, summarise, type Summary } from '../../../src/shared/statistics/statistics.js';
import { biggerIsBetter, mainMetric } from '../../../src/shared/task-kinds.js';
import type { ComparisonRow } from './comparison-rows.js';

/** The main metric of a task in a row, over the row's runs. */
export interface ResultCell extends Summary {
  /**
   * The rows of the data that the values are of: validation as long as there is no test. Null: no value yet.
   */
  readonly split: 'test' | 'validation' | null;
  /** Runs that have a value. */
  readonly count: number;
  /** Difference from the single-task runs with the same settings; null: there are none, or this is one. */
  readonly gain: Gain | null;
  /**
   * Whether its mean is better than that of every other row of the same test rows, and chance could not have
   * made it so. Validation does not compete with test.
   */
  readonly isBest: boolean;
}

export interface Results {
  readonly tasks: readonly RunTask[];
  /** The cells of each row, by its key: one for each of `tasks`. */
  readonly cells: ReadonlyMap<string, readonly ResultCell[]>;
  /** Whether any cell has a gain, so that a column is worth its place. */
  readonly hasGains: boolean;
}

/** Returns the tasks of all runs, each name once, in the order in which runs have them. */
export function tasksOf(runs: readonly ComparedRun[]): RunTask[] {
  const tasks = new Map<string, RunTask>();
  for (const { manifest } of runs)
    for (const task of manifest.tasks) if (!tasks.has(task.name)) tasks.set(task.name, task);
  return [...tasks.values()];
}

/** Rows that are judged by the same rows of data. */
export interface RowGroup {
  /** Empty where all are. */
  readonly label: string;
  readonly rows: readonly ComparisonRow[];
  /** What each row is called in the group, by its key. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Returns the results of rows, which are compared within their group only; `all` are the methods among which
 * single-task ones are looked for.
 */
export function resultsOf(
  tasks: readonly RunTask[],
  groups: readonly RowGroup[],
  all: readonly RowGroup[],
  differing: Differences,
): Results {
  const cells = new Map<string, ResultCell[]>();
  for (const { rows } of groups) {
    const isHere = new Set(rows.flatMap(({ runs }) => runs.map(({ folder }) => folder)));
    const methods = all.flatMap((group) => group.rows.filter(({ runs }) => isHere.has(runs[0]!.folder)));
    for (const { key } of rows) cells.set(key, []);
    for (const task of tasks) {
      const column = rows.map((row) => ({ row, ...valuesOf(row.runs, task) }));
      const best = surelyBest(column, task);
      for (const one of column) {
        const alone = baselineOf(one.row, methods, differing);
        const other = alone === null ? null : valuesOf(alone.runs, task);
        cells.get(one.row.key)!.push({
          split: one.split,
          count: one.values.length,
          ...summarise(
            one.values.map(({ value }) => value),
            isBetter(task),
          ),
          gain: other === null ? null : gainOf(one, other, task),
          isBest: one.row === best,
        });
      }
    }
  }
  return { tasks, cells, hasGains: [...cells.values()].some((row) => row.some(({ gain }) => gain !== null)) };
}

const isBetter = ({ kind }: RunTask): boolean => biggerIsBetter(mainMetric(kind));

interface Values {
  readonly split: ResultCell['split'];
  readonly values: readonly Value[];
}

const gainOf = (one: Values, other: Values, { kind }: RunTask): Gain | null =>
  one.split === other.split ? contrast(bySeed(other.values), bySeed(one.values), mainMetric(kind)) : null;

/** Returns the row whose mean is better than that of each other one, beyond chance; null: there is none. */
function surelyBest(
  column: readonly (Values & { readonly row: ComparisonRow })[],
  task: RunTask,
): ComparisonRow | null {
  const split = column.some((one) => one.split === 'test') ? 'test' : 'validation';
  const ranked = column.filter((one) => one.split === split);
  if (ranked.length < 2) return null;
  const sign = isBetter(task) ? 1 : -1;
  const mean = ({ values }: Values): number => sign * meanOf(values.map(({ value }) => value));
  const first = ranked.reduce((best, one) => (mean(one) > mean(best) ? one : best));
  const gains = ranked.flatMap((one) => (one === first ? [] : [gainOf(first, one, task)]));
  const isSure = holm(gains.map((gain) => gain?.p ?? 1)).every((p) => verdictBy(p ?? 1, 1) === 'better');
  return isSure ? first.row : null;
}

interface Value {
  readonly seed: number;
  readonly value: number;
}

/** Returns the runs' test values or, as long as there are none, their validation values. */
function valuesOf(runs: readonly ComparedRun[], task: RunTask): Values {
  for (const split of ['test', 'validation'] as const) {
    const values = runs.flatMap((run) => {
      const value = valueOf(run, task, split);
      return value === null ? [] : [{ seed: run.manifest.seed, value }];
    });
    if (values.length > 0) return { split, values };
  }
  return { split: null, values: [] };
}

/** Returns the value at the run's best epoch. While a run trains, its epochs are ahead of its manifest. */
function valueOf(
  { manifest, epochs, split: curves }: ComparedRun,
  { name, kind }: RunTask,
  split: 'test' | 'validation',
): number | null {
  const metric = mainMetric(kind);
  if (split === 'test') return manifest.summary?.test?.[name]?.[metric] ?? null;
  const best = curves === 'validation' ? epochs.findLast((epoch) => isKept(epoch, name)) : undefined;
  return best?.metrics[name]?.[metric] ?? manifest.summary?.validation[name]?.[metric] ?? null;
}

const bySeed = (values: readonly Value[]): Map<number, number> =>
  new Map(values.map(({ seed, value }) => [seed, value]));

/**
 * Returns the single-task method that differs from this row in the variant alone, or the only single-task
 * method if there is just one.
 */
function baselineOf(
  row: ComparisonRow,
  all: readonly ComparisonRow[],
  differing: Differences,
): ComparisonRow | null {
  const settings = ({ runs }: ComparisonRow) => differing.values.get(runs[0]!.folder);
  const isAlone = (one: ComparisonRow): boolean => settings(one)?.get(variantPath) === baselineVariant;
  if (isAlone(row)) return null;
  const candidates = all.filter(isAlone);
  const own = methodKey(settings(row), differing, true);
  return (
    candidates.find((one) => methodKey(settings(one), differing, true) === own) ??
    (candidates.length === 1 ? candidates[0]! : null)
  );
}
