import { learnTogether, type TogetherVerdict } from '../../../src/shared/together.js';
import type { Results, RowGroup } from './results.js';

/** What can be told of the methods of a group of rows. */
export interface GroupVerdict {
  /** Of the group; empty where there is one only. */
  readonly label: string;
  /** Whether its tasks are better learned together; null: there is no single-task run to compare with. */
  readonly together: TogetherVerdict | null;
  /** The most seeds of a method. */
  readonly seeds: number;
  /** Whether test metrics of all of its runs are known. */
  readonly isComplete: boolean;
  /** For each task the method that is surely the best; null: it cannot be told. */
  readonly best: readonly { readonly task: string; readonly method: string | null }[];
}

/** Returns what can be told of methods; `results` are theirs. */
export const verdictsOf = (groups: readonly RowGroup[], { tasks, cells }: Results): GroupVerdict[] =>
  groups
    .filter(({ rows }) => rows.length > 1)
    .map(({ label, rows, names }) => ({
      label,
      together: learnTogether(
        rows.flatMap((row) =>
          tasks.flatMap((task, at) => {
            const gain = cells.get(row.key)?.[at]?.gain ?? null;
            return gain === null ? [] : [{ method: names.get(row.key)!, task: task.name, gain }];
          }),
        ),
      ),
      seeds: Math.max(...rows.map(({ runs }) => runs.length)),
      isComplete: rows.every(({ key, runs }) =>
        (cells.get(key) ?? []).every(({ split, count }) => split === 'test' && count === runs.length),
      ),
      best: tasks.map((task, at) => ({
        task: task.name,
        method: names.get(rows.find(({ key }) => cells.get(key)?.[at]?.isBest === true)?.key ?? '') ?? null,
      })),
    }));
