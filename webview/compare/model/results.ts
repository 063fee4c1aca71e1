import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { baselineVariant } from '../../../src/shared/comparison.js';
import { isKept } from '../../../src/shared/run/kept-epoch.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { difference, summarise, type Difference, type Summary } from '../../../src/shared/statistics.js';
import { biggerIsBetter, mainMetric } from '../../../src/shared/task-kinds.js';
import { variantPath, type Differences } from './compared-settings.js';
import { methodKey, type ComparisonRow } from './comparison-rows.js';

/** The main metric of a task in a row, over the row's runs. */
export interface ResultCell extends Summary {
  /**
   * The rows of the data that the values are of: validation as long as there is no test. Null: no value yet.
   */
  readonly split: 'test' | 'validation' | null;
  /** Runs that have a value. */
  readonly count: number;
  /** Difference from the single-task runs with the same settings; null: there are none, or this is one. */
  readonly gain: Difference | null;
  /**
   * Whether it is the best of its column, by mean and by best value. Validation does not compete with test.
   */
  readonly isBestMean: boolean;
  readonly isBestValue: boolean;
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

/** Returns the results of `rows`; `all` are the methods among which single-task ones are looked for. */
export function resultsOf(
  rows: readonly ComparisonRow[],
  all: readonly ComparisonRow[],
  differing: Differences,
): Results {
  const tasks = tasksOf(rows.flatMap(({ runs }) => runs));
  const cells = new Map<string, ResultCell[]>(rows.map(({ key }) => [key, []]));
  for (const task of tasks) {
    const better = biggerIsBetter(mainMetric(task.kind));
    const column = rows.map((row) => {
      const { split, values } = valuesOf(row.runs, task);
      const alone = baselineOf(row, all, differing);
      const other = alone === null ? null : valuesOf(alone.runs, task);
      const gain = other?.split === split ? difference(bySeed(values), bySeed(other.values)) : null;
      return {
        row,
        split,
        count: values.length,
        ...summarise(
          values.map(({ value }) => value),
          better,
        ),
        gain,
      };
    });
    const rankedSplit = column.some(({ split }) => split === 'test') ? 'test' : 'validation';
    const ranked = column.filter(({ split }) => split === rankedSplit);
    const sign = better ? 1 : -1;
    const top = (values: (number | null)[]): number =>
      Math.max(...values.flatMap((value) => (value === null ? [] : [sign * value])));
    const [bestMean, bestValue] = [top(ranked.map(({ mean }) => mean)), top(ranked.map(({ best }) => best))];
    const competes = ranked.length > 1;
    for (const { row, ...cell } of column) {
      const isRanked = competes && cell.split === rankedSplit;
      cells.get(row.key)!.push({
        ...cell,
        isBestMean: isRanked && cell.mean !== null && sign * cell.mean === bestMean,
        isBestValue: isRanked && cell.best !== null && sign * cell.best === bestValue,
      });
    }
  }
  return { tasks, cells, hasGains: [...cells.values()].some((row) => row.some(({ gain }) => gain !== null)) };
}

interface Value {
  readonly seed: number;
  readonly value: number;
}

/** Returns the runs' test values or, as long as there are none, their validation values. */
function valuesOf(
  runs: readonly ComparedRun[],
  task: RunTask,
): { split: ResultCell['split']; values: Value[] } {
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
