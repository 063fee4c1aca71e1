import type { Experiment } from '../experiment/schema.js';
import { ExperimentError } from '../experiment/experiment-error.js';
import type { JsonPath } from '../experiment/place.js';
import type { TaskKind } from '../network/description.js';
import type { ReadOptions } from './csv.js';
import { count, name, type Database } from './database.js';
import { listTexts } from './dictionary.js';
import { readExpression, type Expression } from './expression.js';
import { isNumber, isText, isTime, numberSql } from './facts.js';
import { classLimit, inferLabelKind } from './infer.js';
import type { Wanted } from './rows.js';
import type { SourceTable } from './source-table.js';

/** A table and the condition that its rows must meet. */
export interface Selection {
  readonly table: SourceTable;
  /** SQL; null: all rows. */
  readonly where: string | null;
}

/** A task's label, decided. */
export interface PlannedLabel {
  readonly name: string;
  readonly path: JsonPath;
  readonly kind: TaskKind;
  /** In index order; null for regression. */
  readonly classes: readonly string[] | null;
  /** By selection: what to read, and for texts the class of each code (-1: none). */
  readonly wanted: readonly { readonly column: Wanted; readonly classOf: Int32Array | null }[];
  readonly columns: readonly string[];
}

/** Decides a task's kind and classes from its label in all selections. Throws an ExperimentError for a label that cannot be learned. */
export async function planLabel(
  db: Database,
  selections: readonly Selection[],
  task: Experiment['tasks'][number],
  index: number,
  read: ReadOptions,
): Promise<PlannedLabel> {
  const path = ['tasks', index, 'label'];
  const title = task.name ?? task.label;
  const expressions: Expression[] = [];
  for (const { table } of selections) expressions.push(await readExpression(db, table, task.label, path, `label of task "${title}"`));
  const { type, columns } = expressions[0]!;
  if (!isNumber(type) && !isText(type) && !isTime(type) && type !== 'BOOLEAN') {
    throw new ExperimentError(
      'data.label-type',
      `label "${task.label}" is ${type.toLowerCase()}; it must be a number, a text or a truth value`,
      path,
    );
  }
  const values = await differentValues(db, selections, expressions);
  if (values.count < 2) throw constantLabel(task.label, values.shown[0], selections[0]!.table, path);
  const kind = task.kind ?? inferLabelKind(type, values.count);
  if (kind === null) {
    const what = isText(type) ? `has ${values.count} different texts, too many for classes (${classLimit})` : `is ${type.toLowerCase()}`;
    throw new ExperimentError('data.label-kind', `label "${task.label}" ${what}; use an expression, such as "${task.label} = '…'"`, path);
  }
  if (kind === 'regression')
    return { name: title, path, kind, classes: null, columns, wanted: await regressionColumns(expressions, task.label, path) };
  if (kind === 'binary' && values.count !== 2) {
    const shown = `${values.shown.slice(0, 4).join(', ')}${values.count > 4 ? ' …' : ''}`;
    const message = `label "${task.label}" of a binary task has ${values.count} different values (${shown}); use an expression that is true or false, such as "${task.label} = ${isText(type) ? `'${values.shown[0] ?? ''}'` : (values.shown[0] ?? '')}"`;
    throw new ExperimentError('data.label-kind', message, path);
  }
  if (values.count > classLimit) {
    const message = `label "${task.label}" has ${values.count} different values, too many for classes (${classLimit}); make it a regression, or group them by an expression`;
    throw new ExperimentError('data.label-kind', message, path);
  }
  return { name: title, path, kind, columns, ...(await classColumns(db, selections, expressions, index, read)) };
}

interface Different {
  readonly count: number;
  /** A few of them. */
  readonly shown: readonly string[];
}

async function differentValues(db: Database, selections: readonly Selection[], expressions: readonly Expression[]): Promise<Different> {
  const all = selections
    .map(
      ({ table, where }, i) =>
        `select (${expressions[i]!.sql})::varchar as value from ${name(table.view)}${where === null ? '' : ` where ${where}`}`,
    )
    .join(' union all ');
  const rows = await db.rows(
    `with values as materialized (select value, count(*) as n from (${all}) where value is not null group by value)
     select (select count(*) from values) as different, value from values order by n desc, value limit 5`,
  );
  return { count: count(rows[0]?.['different']), shown: rows.map((row) => String(row['value'])) };
}

function constantLabel(label: string, value: string | undefined, table: SourceTable, path: JsonPath): ExperimentError {
  const what = value === undefined ? 'is missing in all rows' : `has the same value in all rows that have one: ${value}`;
  return new ExperimentError('data.label-constant', `label "${label}" ${what} of ${table.title}; there is nothing to learn`, path);
}

async function regressionColumns(expressions: readonly Expression[], label: string, path: JsonPath): Promise<PlannedLabel['wanted']> {
  return expressions.map(({ sql, type }) => {
    if (isText(type)) {
      throw new ExperimentError(
        'data.label-kind',
        `label "${label}" is a text, which cannot be a regression; use an expression that makes it a number`,
        path,
      );
    }
    return { column: { kind: 'number', sql: numberSql(sql, type) }, classOf: null };
  });
}

async function classColumns(
  db: Database,
  selections: readonly Selection[],
  expressions: readonly Expression[],
  index: number,
  read: ReadOptions,
): Promise<Pick<PlannedLabel, 'classes' | 'wanted'>> {
  const listed = [];
  for (const [i, { table, where }] of selections.entries()) {
    const { sql, type } = expressions[i]!;
    const value = `(${sql})::varchar`;
    const from = `(select * from ${name(table.view)}${where === null ? '' : ` where ${where}`})`;
    const dictionary = await listTexts(db, table, value, `${table.view}:label ${index}`, read, from);
    const shown = dictionary.texts.map((text) => (text !== null && isNumber(type) ? String(Number(text)) : text));
    listed.push({ value, dictionary, shown });
  }
  const classes = [...new Set(listed.flatMap(({ shown }) => shown.filter((text): text is string => text !== null)))];
  const numeric = classes.every((text) => text !== '' && Number.isFinite(Number(text)));
  classes.sort((one, other) => (numeric ? Number(one) - Number(other) : one < other ? -1 : 1));
  return {
    classes,
    wanted: listed.map(({ value, dictionary, shown }) => ({
      column: { kind: 'text', sql: value, dictionary },
      classOf: Int32Array.from([-1, ...shown.map((text) => (text === null ? -1 : classes.indexOf(text)))]),
    })),
  };
}

/** The label as a network reads it, before scaling [rows]: class index or value; NaN where it is missing. */
export function labelValues(items: ArrayLike<number>, classOf: Int32Array | null): Float64Array {
  const values = new Float64Array(items.length);
  for (let row = 0; row < values.length; row++) {
    if (classOf === null) values[row] = items[row]!;
    else {
      const index = classOf[items[row]!]!;
      values[row] = index < 0 ? NaN : index;
    }
  }
  return values;
}
