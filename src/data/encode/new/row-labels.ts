import type { Experiment } from '../../../experiment/schema.js';
import { InputError } from '../../../shared/errors.js';
import { quoted } from '../../../shared/sql.js';
import type { Database } from '../../duckdb/database.js';
import { isText, numberSql, typeKind } from '../../duckdb/type-kind.js';
import type { Items } from '../../duckdb/vector.js';
import { failOnBadLabels, failOnBadWeights } from '../../gather/check-values.js';
import { listColumn, listTexts } from '../../read/table/dictionary.js';
import { columnNamed, readCondition, readExpression, type Expression } from '../../read/table/expression.js';
import type { SourceTable } from '../../read/table/source-table.js';
import type { Wanted } from '../../read/table/wanted.js';
import type { TextType } from '../../read/texts/text-types.js';
import { Texts } from '../../texts/texts.js';
import type { Encoder } from '../encoder.js';
import { indexByCode } from '../categories/match-texts.js';

type Task = Encoder['tasks'][number];

/** What an experiment says of the labels and weights that new rows may have, too. */
export interface LabelledBy {
  readonly tasks: readonly Pick<Experiment['tasks'][number], 'label'>[];
  readonly weight: string | undefined;
  /** The condition that the rows of training and test meet; undefined: there is none. */
  readonly where: string | undefined;
}

/** The labels and weights of new rows: what to read for them, and what they are then. */
export interface RowLabels {
  readonly wanted: readonly Wanted[];
  /** By task: why its label is not known of any row; null: it is. */
  readonly absent: readonly (string | null)[];
  /** Why the rows count alike, though the experiment weighs them; null: they need not, or are weighed. */
  readonly unweighted: string | null;
  /** Why it cannot be told which rows meet the experiment's condition; null: it can, or there is none. */
  readonly unfiltered: string | null;
  /**
   * Writes the labels of the rows of columns that were read [rows, tasks], as a network reads them; rows that do not
   * meet the experiment's condition have none, and are counted in `leftOut`.
   */
  labels(
    columns: readonly Items[],
    rows: number,
  ): { readonly labels: Float32Array; readonly leftOut: number };
  /** Returns the rows' weights; null: all are 1. */
  weights(columns: readonly Items[]): Float32Array | null;
}

interface TaskLabel {
  readonly wanted: Wanted;
  /** The class of each code; null: the values are numbers. */
  readonly classOf: Int32Array | null;
}

/**
 * Finds the labels of tasks in a table of new rows, which need not have them. A label that cannot be computed
 * there is no error, but has a reason. `forced`: the columns that are read as other types than they are
 * written in.
 */
export async function rowLabels(
  db: Database,
  table: SourceTable,
  encoder: Encoder,
  by: LabelledBy,
  forced: ReadonlyMap<string, TextType>,
): Promise<RowLabels> {
  const found: (TaskLabel | string)[] = [];
  for (const [at, task] of encoder.tasks.entries())
    found.push(await orReason(() => labelOf(db, table, task, by.tasks[at]!.label, at, forced)));
  const { weight } = by;
  const weighed = weight === undefined ? null : await orReason(() => weightOf(db, table, weight, forced));
  const { where } = by;
  const condition =
    where === undefined ? null : await orReason(() => conditionOf(db, table, encoder, where, forced));
  const known = found.filter((one) => typeof one !== 'string');
  const weights = weighed === null || typeof weighed === 'string' ? [] : [weighed];
  const conditions = condition === null || typeof condition === 'string' ? [] : [condition];
  return {
    wanted: [...known.map(({ wanted }) => wanted), ...weights, ...conditions],
    absent: found.map((one) => (typeof one === 'string' ? one : null)),
    unweighted: typeof weighed === 'string' ? weighed : null,
    unfiltered: typeof condition === 'string' ? condition : null,
    labels(columns, rows) {
      const { tasks } = encoder;
      const labels = new Float32Array(rows * tasks.length).fill(NaN);
      const meets = conditions.length === 0 ? null : columns[known.length + weights.length]!;
      let column = 0;
      found.forEach((one, task) => {
        if (typeof one === 'string') return;
        const values = columns[column++]!;
        const { offset, factor } = tasks[task]!;
        const { classOf } = one;
        for (let row = 0; row < rows; row++) {
          const value = classOf === null ? values[row]! : classOf[values[row]!]!;
          if (classOf === null) labels[row * tasks.length + task] = (value - offset) / factor;
          else if (value > 0) labels[row * tasks.length + task] = value - 1;
        }
      });
      let leftOut = 0;
      for (let row = 0; row < rows; row++)
        if (meets?.[row] === 0) {
          labels.fill(NaN, row * tasks.length, (row + 1) * tasks.length);
          leftOut++;
        }
      return { labels, leftOut };
    },
    weights: (columns) => (weights.length === 0 ? null : Float32Array.from(columns[known.length]!)),
  };
}

async function orReason<T>(find: () => Promise<T>): Promise<T | string> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

async function labelOf(
  db: Database,
  table: SourceTable,
  task: Task,
  written: string,
  at: number,
  forced: ReadonlyMap<string, TextType>,
): Promise<TaskLabel> {
  const name = `label of task "${task.name}"`;
  const expression = await readExpression(db, table, written, ['tasks', at, 'label'], name);
  failOnForced(table, expression, forced);
  const { sql, type } = expression;
  if (task.kind === 'regression') {
    const number = numberSql(sql, type);
    await failOnBadLabels(db, { table, where: null }, number, task.name);
    return { wanted: { kind: 'number', sql: number }, classOf: null };
  }
  const column = columnNamed(table.columns, written);
  const text = `(${sql})::varchar`;
  const enumName = `${table.view}#label ${at}`;
  const dictionary =
    column === undefined
      ? await listTexts(db, table, {
          ...{ from: quoted(table.view), sql: text, viewed: text },
          enumName,
        })
      : await listColumn(db, table, column, enumName);
  const classes = task.classes ?? [];
  const known = { name: task.name, type: typeOfClasses(classes), values: Texts.from(classes) };
  return {
    wanted: { kind: 'text', dictionary },
    classOf: indexByCode(known, { values: dictionary.texts, type }),
  };
}

/** The type that a label of these classes had. */
function typeOfClasses(classes: readonly string[]): string {
  if (classes.every((one) => one === 'true' || one === 'false')) return 'BOOLEAN';
  return classes.every((one) => one.trim() !== '' && Number.isFinite(Number(one))) ? 'DOUBLE' : 'VARCHAR';
}

async function weightOf(
  db: Database,
  table: SourceTable,
  written: string,
  forced: ReadonlyMap<string, TextType>,
): Promise<Wanted> {
  const expression = await readExpression(db, table, written, ['data', 'weight'], 'weight');
  failOnForced(table, expression, forced);
  const sql = numberSql(expression.sql, expression.type);
  await failOnBadWeights(db, { table, where: null }, sql, written);
  return { kind: 'number', sql };
}

async function conditionOf(
  db: Database,
  table: SourceTable,
  encoder: Encoder,
  written: string,
  forced: ReadonlyMap<string, TextType>,
): Promise<Wanted> {
  const expression = await readCondition(db, table, written, ['data', 'where']);
  // What was text for training, too, is compared as it was then.
  const texts = new Set(
    encoder.categorical.flatMap(({ name, type }) => (isText(type) ? [name.toLowerCase()] : [])),
  );
  failOnForced(table, expression, new Map([...forced].filter(([column]) => !texts.has(column))));
  return { kind: 'flag', sql: expression.sql };
}

/**
 * Throws an InputError where an expression computes with a column that is read as texts because it is carried
 * along or a category, though it was written otherwise: "9" is not less than "10" then.
 */
function failOnForced(
  table: SourceTable,
  { written, columns }: Expression,
  forced: ReadonlyMap<string, TextType>,
): void {
  if (columnNamed(table.columns, written) !== undefined) return;
  const isForced = (name: string): boolean => {
    const type = table.columns.find((one) => one.name === name)?.type ?? '';
    return isText(type) && typeKind(forced.get(name.toLowerCase())?.type ?? 'OTHER') === 'text';
  };
  const column = columns.find(isForced);
  if (column !== undefined)
    throw new InputError(
      'predict.label',
      `"${written}" computes with "${column}", whose values are read as texts here, as they are written`,
    );
}
