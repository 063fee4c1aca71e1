import { mainMetric, metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import { decimalsOf } from '../results/decimals.js';
import type { CompareModel } from '../model/compare-model.js';
import { taskColumn } from '../model/sort-rows.js';

export interface ResultColumn {
  /** As it is sorted by. */
  readonly id: string;
  readonly kind: 'mean' | 'best' | 'gain';
  /** Index of the task. */
  readonly task: number;
  readonly label: string;
  /** The first of its task. */
  readonly isFirst: boolean;
  /** Test and validation values stand below each other, so that the latter must say what they are. */
  readonly marksSplit: boolean;
  /** Of its numbers. */
  readonly decimals: number;
}

/**
 * Of each task: its metric, the best of the seeds where there are several, the difference to single-task
 * where that was trained as well.
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
      cells.map(({ gain }) => gain?.value ?? null),
      cells.map(({ gain }) => gain?.error ?? null),
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
