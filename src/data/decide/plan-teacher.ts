import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Database } from '../duckdb/database.js';
import { isNumber } from '../duckdb/type-kind.js';
import { readExpression } from '../read/table/expression.js';
import type { Selection } from '../read/table/selection.js';
import type { PlannedLabel } from './plan-label.js';

type Task = Experiment['tasks'][number];

/** What another model predicts for a task's training rows, decided. */
export interface PlannedTeacher {
  /** The SQL of its number, in the units of the label; null where there is none. */
  readonly sql: string;
  /** As it is written. */
  readonly written: string;
  /** The columns that it is made of. */
  readonly columns: readonly string[];
  /** Its share in what a row is taught, 0 … 1. */
  readonly weight: number;
  /** Its values must be probabilities. */
  readonly isProbability: boolean;
}

/** Where a task's teacher stands in the experiment, with its text; null: the task has none. */
export function writtenTeacher(
  { teacher }: Task,
  index: number,
): { readonly value: string; readonly weight: number; readonly path: JsonPath } | null {
  if (teacher === undefined) return null;
  return typeof teacher === 'string'
    ? { value: teacher, weight: 0.5, path: ['tasks', index, 'teacher'] }
    : { ...teacher, path: ['tasks', index, 'teacher', 'value'] };
}

/**
 * Decides what a task's teacher is, which the selection of the training rows has; null: it has none. Throws an
 * ExperimentError for what is no number, and for a task whose classes a number cannot say.
 */
export async function planTeacher(
  db: Database,
  { table }: Selection,
  task: Task,
  { name, kind }: PlannedLabel,
  index: number,
): Promise<PlannedTeacher | null> {
  const found = writtenTeacher(task, index);
  if (found === null) return null;
  const { value, weight, path } = found;
  const fail = (why: string): ExperimentError =>
    new ExperimentError('data.teacher', `teacher "${value}" of task "${name}" ${why}`, path);
  if (kind === 'multiclass')
    throw fail('cannot say how likely each class is; only binary tasks and regressions have a teacher');
  const { sql, type, columns } = await readExpression(db, table, value, path, `teacher of task "${name}"`);
  if (!isNumber(type)) throw fail(`is ${type}; it must be a number`);
  return { sql, written: value, columns, weight, isProbability: kind === 'binary' };
}
