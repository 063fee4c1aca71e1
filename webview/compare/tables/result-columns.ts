import { mainMetric, metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import type { CompareModel } from '../model/compare-model.js';
import { taskColumn, type TaskColumnKind } from '../model/sort-rows.js';

export interface ResultColumn {
  /** The name by which the table is sorted by this column. */
  readonly id: string;
  readonly kind: TaskColumnKind;
  /** Index of the task. */
  readonly task: number;
  readonly label: string;
  /** Whether it is the first column of its task. */
  readonly isFirst: boolean;
  /** Whether values of test and validation rows stand in it together, so that the latter must say so. */
  readonly marksSplit: boolean;
  /** Decimals of its numbers. */
  readonly decimals: number;
}

/**
 * Returns the columns of each task: its metric, the best of the seeds where there are several, and the
 * difference from single-task where that was trained as well.
 */
export function resultColumns({ tasks, rows, results }: CompareModel): ResultColumn[] {
  const hasSeeds = rows.some(({ runs }) => runs.length > 1);
  return tasks.flatMap((task, index) => {
    const metric = metricLabel(mainMetric(task.kind));
    const cells = rows.flatMap(({ key }) => results.cells.get(key)?.[index] ?? []);
    const splits = new Set(cells.map(({ split }) => split));
    const means = decimalsOf(
      cells.map(({ mean }) => mean),
      cells.map(({ sd }) => sd),
    );
    const gains = decimalsOf(
      cells.map(({ gain }) => gain?.mean ?? null),
      cells.map(({ gain }) => gain?.standardError ?? null),
    );
    const main = s(splits.has('test') ? 'testMetric' : 'validationMetric', metric);
    const marksSplit = splits.has('test') && splits.has('validation');
    const column = (kind: ResultColumn['kind'], label: string): ResultColumn => ({
      id: taskColumn(kind, task.name),
      kind,
      task: index,
      label,
      isFirst: kind === 'mean',
      marksSplit,
      decimals: kind === 'gain' ? Math.max(gains, means) : means,
    });
    return [
      column('mean', main),
      ...(hasSeeds ? [column('best', s('bestOf'))] : []),
      ...(results.hasGains ? [column('gain', s('againstAlone'))] : []),
    ];
  });
}

const maxDecimals = 6;

/** Returns the decimals of a column's numbers: enough for the first digit of the smallest error. */
export function decimalsOf(values: readonly (number | null)[], errors: readonly (number | null)[]): number {
  const size = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
  const usual = Math.max(0, 4 - Math.max(0, Math.floor(Math.log10(size || 1))));
  const smallest = Math.min(...errors.flatMap((error) => (error === null || error === 0 ? [] : [error])));
  const needed = Number.isFinite(smallest) ? Math.ceil(-Math.log10(smallest)) : 0;
  return Math.min(maxDecimals, Math.max(usual, needed));
}
