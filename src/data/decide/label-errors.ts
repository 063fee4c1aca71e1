import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { TaskKind } from '../../shared/task-kinds.js';
import { literal, sqlName } from '../../shared/sql.js';
import { isText } from '../duckdb/type-kind.js';
import type { SourceColumn } from '../read/table/source-table.js';
import { classLimit } from './infer.js';

/** A label that is being decided, for its messages. */
export interface Deciding {
  readonly label: string;
  readonly path: JsonPath;
  readonly type: string;
  /** The label as a part of a larger expression. */
  readonly operand: string;
}

/**
 * Returns a label as a part of a larger expression, which it would come apart in without parentheses or
 * quotes.
 */
export const operandOf = (label: string, column: SourceColumn | undefined): string =>
  column === undefined ? `(${label})` : sqlName(column.name);

/** Throws an ExperimentError for more classes than a task of this kind can have. */
export function checkClasses(
  kind: Exclude<TaskKind, 'regression'>,
  classes: readonly string[],
  deciding: Deciding,
): void {
  if (classes.length > classLimit) throw tooManyClasses(`more than ${classLimit}`, deciding);
  switch (kind) {
    case 'binary':
      if (classes.length > 2) throw notTwoClasses(classes, deciding);
      break;
    case 'multiclass':
  }
}

function notTwoClasses(
  classes: readonly string[],
  { label, type, path, operand }: Deciding,
): ExperimentError {
  const shown = `${classes.slice(0, 4).join(', ')}${classes.length > 4 ? ' …' : ''}`;
  const first = isText(type) ? literal(classes[0]!) : classes[0]!;
  const message =
    `label "${label}" of a binary task has ${classes.length} different values (${shown}); ` +
    `use an expression that is true or false, such as ${JSON.stringify(`${operand} = ${first}`)}`;
  return new ExperimentError('data.label-kind', message, path);
}

/** Makes the error for a label with too many different values. `found`: how many, in words. */
export function tooManyClasses(found: string, { label, type, path, operand }: Deciding): ExperimentError {
  const remedy = isText(type)
    ? `group them by an expression, such as ${JSON.stringify(`${operand} = '…'`)}`
    : 'make it a regression, or group them by an expression';
  const message =
    `label "${label}" has ${found} different values, ` + `too many for classes (${classLimit}); ${remedy}`;
  return new ExperimentError('data.label-kind', message, path);
}

/** Makes the error for texts that are to be a regression. */
export function textAsRegression({ label, path }: Deciding): ExperimentError {
  const message =
    `label "${label}" is a text, which cannot be a regression; ` + 'use an expression that makes it a number';
  return new ExperimentError('data.label-kind', message, path);
}

/** Makes the error for a label of a type that no task can learn. */
export function typeOfLabel({ label, type, path }: Deciding): ExperimentError {
  const message = `label "${label}" is ${type.toLowerCase()}; it must be a number, a text or a truth value`;
  return new ExperimentError('data.label-type', message, path);
}

/** Makes the error for a date or time that the experiment does not say to learn in seconds. */
export function timeLabel(
  declared: TaskKind | undefined,
  { label, type, path, operand }: Deciding,
): ExperimentError {
  const isDate = /^(DATE|TIMESTAMP)/.test(type);
  const example = JSON.stringify(`${operand} >= ${isDate ? "DATE '2024-01-01'" : "TIME '12:00:00'"}`);
  const flaw = declared === undefined ? 'says no kind of task' : `a ${declared} task cannot learn`;
  const message =
    `label "${label}" is ${isDate ? 'a date' : 'a time'}, which ${flaw}; ` +
    `set "kind": "regression" to learn it in seconds, or use an expression, such as ${example}`;
  return new ExperimentError('data.label-kind', message, path);
}
