import { biggerIsBetter, mainMetric } from '../../../src/shared/task-kinds.js';
import type { ComparisonRow } from './comparison-rows.js';
import type { ResultCell, Results } from './results.js';

/** The order of a table. */
export interface Sort {
  /** `name`, `seeds`, or a column of a task as `taskColumn` names it. */
  readonly column: string;
  /** Whether the best comes first, or the last name. */
  readonly descending: boolean;
}

/** The columns that each task has. */
export type TaskColumnKind = 'mean' | 'best' | 'gain';

/** Returns the name of a task's column. */
export const taskColumn = (kind: TaskColumnKind, task: string): string => `${kind}:${task}`;

const cellValue = {
  mean: ({ mean }) => mean,
  best: ({ best }) => best,
  gain: ({ gain }) => gain?.mean ?? null,
} as const satisfies Record<TaskColumnKind, (cell: ResultCell) => number | null>;

const isTaskColumn = (kind: string): kind is TaskColumnKind => Object.hasOwn(cellValue, kind);

/**
 * Returns the rows in order; null leaves them in the order in which they were made. Rows without a number
 * come last either way.
 */
export function sortRows(
  rows: readonly ComparisonRow[],
  results: Results,
  sort: Sort | null,
): ComparisonRow[] {
  if (sort === null) return [...rows];
  const { column, descending } = sort;
  const sign = descending ? -1 : 1;
  if (column === 'name')
    return [...rows].sort(
      (a, b) => sign * a.label.localeCompare(b.label, undefined, { numeric: true }) || a.line - b.line,
    );
  const value = (row: ComparisonRow): number | null => {
    if (column === 'seeds') return row.runs.length;
    const split = column.indexOf(':');
    const kind = column.slice(0, split);
    const at = results.tasks.findIndex(({ name }) => name === column.slice(split + 1));
    const cell = results.cells.get(row.key)?.[at];
    const found = cell === undefined || !isTaskColumn(kind) ? null : cellValue[kind](cell);
    return found === null || biggerIsBetter(mainMetric(results.tasks[at]!.kind)) ? found : -found;
  };
  return [...rows].sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === null || other === null)
      return Number(one === null) - Number(other === null) || a.line - b.line;
    return sign * (one - other) || a.line - b.line;
  });
}
