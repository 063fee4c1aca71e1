import type { Experiment } from '../../experiment/schema.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { TaskKind } from '../../shared/task-kinds.js';
import type { ReadOptions } from '../read/csv.js';
import { countOf, type Database } from '../duckdb/database.js';
import { literal, quoted, sqlName } from '../../shared/sql.js';
import { listTexts, type Dictionary } from '../read/dictionary.js';
import { columnNamed, readExpression, type Expression } from '../read/expression.js';
import { isFloat, isNumber, isText, isTime, numberSql } from './column-facts.js';
import { classLimit, inferLabelKind } from './infer.js';
import type { Wanted } from '../gather/read-columns.js';
import { rawName, type SourceColumn, type SourceTable } from '../read/source-table.js';
import type { Items } from '../duckdb/vector.js';

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
  /** Whether the data could hold a value that is not finite. */
  readonly mayBeEndless: boolean;
}

/** What is being decided, for its messages. */
interface Deciding {
  readonly label: string;
  readonly path: JsonPath;
  readonly type: string;
  /** The label as a part of a larger expression. */
  readonly operand: string;
}

/**
 * Decides a task's kind and classes from its label in all selections. Throws an ExperimentError for a label
 * that cannot be learned; whether it has more than one value is seen when it has been read.
 */
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
  for (const { table } of selections)
    expressions.push(await readExpression(db, table, task.label, path, `label of task "${title}"`));
  const { type, columns } = expressions[0]!;
  const column = columnNamed(selections[0]!.table.columns, task.label);
  const deciding = { label: task.label, path, type, operand: operandOf(task.label, column) };
  const common = { name: title, path, columns, mayBeEndless: expressions.some((one) => isFloat(one.type)) };
  if (type === 'BOOLEAN' && task.kind !== 'regression') {
    const wanted = expressions.map(({ sql }): PlannedLabel['wanted'][number] => ({
      column: { kind: 'number', sql: numberSql(sql, type) },
      classOf: null,
    }));
    return { ...common, kind: task.kind ?? 'binary', classes: ['false', 'true'], wanted };
  }
  if (isText(type))
    return { ...common, ...(await textLabel(db, selections, expressions, index, task.kind, deciding, read)) };
  if (isNumber(type) || isTime(type) || type === 'BOOLEAN')
    return { ...common, ...(await numberLabel(db, selections, expressions, task.kind, deciding)) };
  throw new ExperimentError(
    'data.label-type',
    `label "${task.label}" is ${type.toLowerCase()}; it must be a number, a text or a truth value`,
    path,
  );
}

type Decided = Pick<PlannedLabel, 'kind' | 'classes' | 'wanted'>;

async function numberLabel(
  db: Database,
  selections: readonly Selection[],
  expressions: readonly Expression[],
  declared: TaskKind | undefined,
  deciding: Deciding,
): Promise<Decided> {
  const numbers = expressions.map(({ sql, type }) => numberSql(sql, type));
  const wanted = numbers.map((sql): PlannedLabel['wanted'][number] => ({
    column: { kind: 'number', sql },
    classOf: null,
  }));
  if (declared === 'regression') return { kind: 'regression', classes: null, wanted };
  if (isTime(deciding.type)) throw momentLabel(declared, deciding);
  const all = selections
    .map(
      ({ table, where }, i) =>
        `select ${numbers[i]!} as value from ${quoted(table.view)}${where === null ? '' : ` where ${where}`}`,
    )
    .join(' union all ');
  // One more than there may be is enough to know that there are too many.
  const found = await db.rows(
    `select distinct value from (${all}) where value is not null order by value limit ${classLimit + 1}`,
  );
  const values = found.map((row) => Number(row['value']));
  const kind =
    declared ??
    (values.length < 2 && isFloat(deciding.type)
      ? 'regression'
      : (inferLabelKind(deciding.type, values.length) ?? 'binary'));
  if (kind === 'regression') return { kind, classes: null, wanted };
  checkClasses(kind, values.map(String), deciding);
  return {
    kind,
    classes: values.map(String),
    wanted: numbers.map((sql) => ({
      column: { kind: 'number', sql: `list_position([${values.join(', ')}]::double[], ${sql}) - 1` },
      classOf: null,
    })),
  };
}

async function textLabel(
  db: Database,
  selections: readonly Selection[],
  expressions: readonly Expression[],
  index: number,
  declared: TaskKind | undefined,
  deciding: Deciding,
  read: ReadOptions,
): Promise<Decided> {
  if (declared === 'regression') {
    const message = `label "${deciding.label}" is a text, which cannot be a regression; use an expression that makes it a number`;
    throw new ExperimentError('data.label-kind', message, deciding.path);
  }
  const listed: Dictionary[] = [];
  for (const [i, { table, where }] of selections.entries()) {
    const { sql, written } = expressions[i]!;
    const column = columnNamed(table.columns, written);
    const value = `(${column === undefined ? sql : quoted(rawName(column))})::varchar`;
    const from = where === null ? quoted(table.view) : `(select * from ${quoted(table.view)} where ${where})`;
    await failOnManyTexts(db, value, from, deciding);
    listed.push(
      await listTexts(db, { from, sql: value, viewed: value, type: `${table.view}#label ${index}` }, read),
    );
  }
  const classes = [
    ...new Set(listed.flatMap(({ texts }) => texts.filter((text): text is string => text !== null))),
  ];
  const areNumbers = classes.every((text) => Number.isFinite(Number(text)));
  classes.sort((one, other) => (areNumbers ? Number(one) - Number(other) : one < other ? -1 : 1));
  const kind = declared ?? (classes.length > 2 ? 'multiclass' : 'binary');
  checkClasses(kind, classes, deciding);
  return {
    kind,
    classes,
    wanted: listed.map((dictionary) => ({
      column: { kind: 'text', dictionary },
      classOf: Int32Array.from([
        -1,
        ...dictionary.texts.map((text) => (text === null ? -1 : classes.indexOf(text))),
      ]),
    })),
  };
}

/** Asked first, so that a million texts are not listed in vain. */
async function failOnManyTexts(db: Database, value: string, from: string, deciding: Deciding): Promise<void> {
  const { n } = await db.row(`select approx_count_distinct(${value}) as n from ${from}`);
  if (countOf(n) > 2 * classLimit) throw tooManyClasses(`about ${countOf(n)}`, deciding);
}

function checkClasses(kind: 'binary' | 'multiclass', classes: readonly string[], deciding: Deciding): void {
  if (classes.length > classLimit) throw tooManyClasses(`more than ${classLimit}`, deciding);
  if (kind === 'multiclass' || classes.length <= 2) return;
  const shown = `${classes.slice(0, 4).join(', ')}${classes.length > 4 ? ' …' : ''}`;
  const example = JSON.stringify(
    `${deciding.operand} = ${isText(deciding.type) ? literal(classes[0]!) : classes[0]!}`,
  );
  const message = `label "${deciding.label}" of a binary task has ${classes.length} different values (${shown}); use an expression that is true or false, such as ${example}`;
  throw new ExperimentError('data.label-kind', message, deciding.path);
}

/** A plain name stands as it is; any other, and an expression, would come apart. */
function operandOf(label: string, column: SourceColumn | undefined): string {
  if (column === undefined) return `(${label})`;
  return sqlName(column.name);
}

/** A date or time of which nobody said what to learn. */
function momentLabel(
  declared: TaskKind | undefined,
  { label, type, path, operand }: Deciding,
): ExperimentError {
  const isDate = /^(DATE|TIMESTAMP)/.test(type);
  const example = JSON.stringify(`${operand} >= ${isDate ? "DATE '2024-01-01'" : "TIME '12:00:00'"}`);
  const message = `label "${label}" is ${isDate ? 'a date' : 'a time'}, which ${declared === undefined ? 'says no kind of task' : `a ${declared} task cannot learn`}; set "kind": "regression" to learn it in seconds, or use an expression, such as ${example}`;
  return new ExperimentError('data.label-kind', message, path);
}

function tooManyClasses(found: string, { label, type, path, operand }: Deciding): ExperimentError {
  const remedy = isText(type)
    ? `group them by an expression, such as ${JSON.stringify(`${operand} = '…'`)}`
    : 'make it a regression, or group them by an expression';
  return new ExperimentError(
    'data.label-kind',
    `label "${label}" has ${found} different values, too many for classes (${classLimit}); ${remedy}`,
    path,
  );
}

/** A label without two values. */
export function constantLabel(
  { name: task, path }: PlannedLabel,
  value: string | null,
  table: SourceTable,
): ExperimentError {
  const what =
    value === null ? 'is missing in all rows' : `has the same value, ${value}, in all rows that have one`;
  return new ExperimentError(
    'data.label-constant',
    `the label of task "${task}" ${what} of ${table.title}; there is nothing to learn`,
    path,
  );
}

/** The label as a network reads it, before scaling [rows]: class index or value; NaN where it is missing. */
export function labelValues(items: Items, classOf: Int32Array | null): Items {
  if (classOf === null) return items;
  const values = new Float32Array(items.length);
  for (let row = 0; row < values.length; row++) {
    const index = classOf[items[row]!]!;
    values[row] = index < 0 ? NaN : index;
  }
  return values;
}
