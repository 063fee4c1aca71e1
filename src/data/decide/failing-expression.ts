import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { Experiment } from '../../experiment/schema.js';
import { quoted } from '../../shared/sql.js';
import { writtenTeacher } from './plan-teacher.js';
import type { Database } from '../duckdb/database.js';
import { refusalOf, saidOfSql } from '../duckdb/refusal.js';
import { readExpression } from '../read/table/expression.js';
import { heldOutParts, type Selection, type Selections } from '../read/table/selection.js';
import { splitKind } from '../read/source-kind.js';

/** An expression of the experiment, as it is written. */
interface Written {
  readonly text: string;
  readonly path: JsonPath;
  /** The name of its purpose. */
  readonly what: string;
}

/**
 * Does work on the selections. What DuckDB cannot compute there is an expression of the experiment: it is
 * looked for, and the error names it, as an ExperimentError.
 */
export async function blamingExpressions<T>(
  db: Database,
  { selections }: Selections,
  experiment: Experiment,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (refusalOf(error) === null) throw error;
    for (const written of expressionsOf(experiment))
      for (const selection of selections) await failOnUncomputable(db, selection, written);
    throw error;
  }
}

function expressionsOf({ data, tasks }: Experiment): Written[] {
  const splits = heldOutParts.flatMap((part): Written[] => {
    const split = splitKind(data[part]);
    return split.kind === 'condition'
      ? [{ text: split.where, path: ['data', part, 'where'], what: 'condition' }]
      : [];
  });
  const labels = tasks.map(({ name, label }, index): Written => ({
    text: label,
    path: ['tasks', index, 'label'],
    what: `label of task "${name ?? label}"`,
  }));
  const teachers = tasks.flatMap((task, index): Written[] => {
    const teacher = writtenTeacher(task, index);
    const what = `teacher of task "${task.name ?? task.label}"`;
    return teacher === null ? [] : [{ text: teacher.value, path: teacher.path, what }];
  });
  const { weight } = data;
  return [
    ...splits,
    ...labels,
    ...teachers,
    ...(weight === undefined ? [] : [{ text: weight, path: ['data', 'weight'], what: 'weight' }]),
  ];
}

/** Throws an ExperimentError for an expression that DuckDB cannot compute in every row. */
async function failOnUncomputable(
  db: Database,
  { table, where }: Selection,
  { text, path, what }: Written,
): Promise<void> {
  const { sql } = await readExpression(db, table, text, path, what);
  const values = `select (${sql})::varchar as value from ${quoted(table.view)} where ${where ?? 'true'}`;
  await db.row(`select max(value) as value from (${values})`).catch((error: unknown) => {
    if (refusalOf(error) === null) throw error;
    const message = `${what} "${text}" cannot be computed in every row: ${saidOfSql(error)}`;
    throw new ExperimentError('data.expression', message, path, {}, error);
  });
}
