import { biggerIsBetter, mainMetric } from '../../../src/shared/task-kinds.js';
import type { Results } from './results.js';
import type { ComparisonRow } from './comparison-rows.js';

/** A column to sort by: `name`, `seeds`, or `mean`, `best` or `gain` of a task. */
export interface Sort {
  readonly column: string;
  /** True: the best, or the last, first. */
  readonly descending: boolean;
}

export const taskColumn = (kind: 'mean' | 'best' | 'gain', task: string): string => `${kind}:${task}`;

/** Null leaves the order in which rows were made; rows without a number come last either way. */
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
    const found =
      kind === 'gain'
        ? (cell?.gain?.value ?? null)
        : kind === 'best'
          ? (cell?.best ?? null)
          : (cell?.mean ?? null);
    return found === null || biggerIsBetter(mainMetric(results.tasks[at]!.kind)) ? found : -found;
  };
  return [...rows].sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (one === null || other === null)
      return Number(one === null) - Number(other === null) || a.line - b.line;
    return sign * (one - other) || a.line - b.line;
  });
}
