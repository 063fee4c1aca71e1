import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { Experiment } from '../../experiment/schema.js';
import { inClassOrder } from '../../shared/class-order.js';
import type { TaskKind } from '../../shared/task-kinds.js';
import { quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { isFloat, isInteger, isNumber, isText, isTime, numberSql, typeKind } from '../duckdb/type-kind.js';
import { listTexts, type Dictionary } from '../read/table/dictionary.js';
import { areTruths, truthOf } from '../read/texts/clean-text.js';
import { columnNamed, readExpression, type Expression } from '../read/table/expression.js';
import type { Selection } from '../read/table/selection.js';
import { rawName } from '../read/table/source-table.js';
import type { Wanted } from '../read/table/wanted.js';
import { classLimit, inferLabelKind } from './infer.js';
import {
  checkClasses,
  operandOf,
  textAsRegression,
  timeLabel,
  tooManyClasses,
  typeOfLabel,
  type Deciding,
} from './label-errors.js';
import { notesOnSentinels } from './sentinels.js';
import { notesOnClasses } from './text-notes.js';

/** A task's label, decided. */
export interface PlannedLabel {
  readonly name: string;
  readonly path: JsonPath;
  readonly kind: TaskKind;
  /** The classes in index order; null for regression. */
  readonly classes: readonly string[] | null;
  /** The values to read, by selection. */
  readonly wanted: readonly WantedLabel[];
  /** The columns that it is made of. */
  readonly columns: readonly string[];
  /** Whether the data could hold a value that is not finite. */
  readonly mayBeInfinite: boolean;
  /** What should be known of its texts, for people. */
  readonly notes: readonly string[];
}

interface WantedLabel {
  readonly column: Wanted;
  /** For texts, the class of each code (-1: none); null for numbers. */
  readonly classOf: Int32Array | null;
}

type Decided = Pick<PlannedLabel, 'kind' | 'classes' | 'wanted'>;

/** A selection with the label's expression over its table. */
interface SelectedLabel {
  readonly selection: Selection;
  readonly expression: Expression;
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
): Promise<PlannedLabel> {
  const path = ['tasks', index, 'label'];
  const name = task.name ?? task.label;
  const labels: SelectedLabel[] = [];
  for (const selection of selections) {
    const what = `label of task "${name}"`;
    labels.push({
      selection,
      expression: await readExpression(db, selection.table, task.label, path, what),
    });
  }
  const { type, columns } = labels[0]!.expression;
  for (const { selection, expression } of labels) {
    if (isTime(expression.type) === isTime(type)) continue;
    const tables = [
      `${expression.type} in ${selection.table.title}`,
      `${type} in ${selections[0]!.table.title}`,
    ];
    const message = `label "${task.label}" is ${tables.join(' and ')}; give it the same type in both`;
    throw new ExperimentError('data.label-type', message, path);
  }
  const column = columnNamed(selections[0]!.table.columns, task.label);
  const deciding = { label: task.label, path, type, operand: operandOf(task.label, column) };
  const mayBeInfinite = labels.some(({ expression }) => isFloat(expression.type));
  const found = await decideLabel(db, labels, index, task.kind, deciding);
  const { classes } = found;
  const notes =
    column === undefined || !isText(column.type) || classes === null
      ? []
      : notesOnClasses(column.name, classes);
  const isMeasured = found.kind === 'regression' && column !== undefined && isNumber(column.type);
  const sentinels = await notesOnSentinels(db, selections[0]!.table, isMeasured ? [column] : []);
  const all = [...notes, ...sentinels.values()];
  return { name, path, columns, mayBeInfinite, notes: all, ...withPositive(found, task, index) };
}

/** Returns a decided label with the value that the experiment says is positive as its second class. */
function withPositive(
  decided: Decided,
  { label, positive }: Experiment['tasks'][number],
  index: number,
): Decided {
  if (positive === undefined) return decided;
  const fail = (why: string): ExperimentError =>
    new ExperimentError('data.label-positive', `label "${label}" ${why}`, ['tasks', index, 'positive']);
  const { kind, classes, wanted } = decided;
  if (kind !== 'binary' || classes === null)
    throw fail(`makes a ${kind} task, which has no positive value; leave "positive" out`);
  const at = classes.findIndex(
    (one) => one === String(positive) || isSameNumber(one, positive) || isSameTruth(classes, one, positive),
  );
  if (at < 0)
    throw fail(
      `has no value ${JSON.stringify(positive)} that could be positive; it has ${classes.join(', ')}`,
    );
  if (at === classes.length - 1) return decided;
  return { kind, classes: [...classes].reverse(), wanted: wanted.map(turned) };
}

const isSameNumber = (text: string, value: string | number | boolean): boolean =>
  typeof value !== 'boolean' && String(value).trim() !== '' && Number(text) === Number(value);

/** Whether a text means a class of a label of truth values, which a file may have as yes and no, too. */
const isSameTruth = (classes: readonly string[], one: string, value: string | number | boolean): boolean =>
  areTruths(classes) && (truthOf(String(value)) ?? '') === one;

/** Returns a label of two classes with each in the other's place. */
function turned({ column, classOf }: WantedLabel): WantedLabel {
  if (classOf !== null) return { column, classOf: classOf.map((one) => (one < 0 ? one : 1 - one)) };
  return column.kind === 'number' ? wantedNumber(`1 - (${column.sql})`) : { column, classOf };
}

async function decideLabel(
  db: Database,
  labels: readonly SelectedLabel[],
  index: number,
  declared: TaskKind | undefined,
  deciding: Deciding,
): Promise<Decided> {
  switch (typeKind(deciding.type)) {
    case 'boolean':
      return declared === 'regression'
        ? numberLabel(db, labels, declared, deciding)
        : truthLabel(labels, declared ?? 'binary', deciding);
    case 'text':
      if (declared === 'regression') throw textAsRegression(deciding);
      return textLabel(db, labels, index, declared, deciding);
    case 'integer':
    case 'float':
    case 'decimal':
    case 'time':
      return numberLabel(db, labels, declared, deciding);
    case 'other':
      throw typeOfLabel(deciding);
  }
}

function truthLabel(labels: readonly SelectedLabel[], kind: TaskKind, { type }: Deciding): Decided {
  const wanted = labels.map(({ expression }) => wantedNumber(numberSql(expression.sql, type)));
  return { kind, classes: ['false', 'true'], wanted };
}

const wantedNumber = (sql: string): WantedLabel => ({ column: { kind: 'number', sql }, classOf: null });

async function numberLabel(
  db: Database,
  labels: readonly SelectedLabel[],
  declared: TaskKind | undefined,
  deciding: Deciding,
): Promise<Decided> {
  const numbers = labels.map(({ expression: { sql, type } }) => numberSql(sql, type));
  const regression: Decided = { kind: 'regression', classes: null, wanted: numbers.map(wantedNumber) };
  if (declared === 'regression') return regression;
  if (isTime(deciding.type)) throw timeLabel(declared, deciding);
  const { classes, areFinite, listed, places } = await differentNumbers(db, labels, numbers);
  const kind = declared ?? kindOfNumbers(deciding.type, classes.length);
  if (kind === 'regression') return regression;
  // Rows with values that are not finite are refused where the rows are gathered, with their place.
  if (!areFinite) return { kind, classes, wanted: numbers.map(wantedNumber) };
  checkClasses(kind, classes, deciding);
  const wanted = places.map((sql) => wantedNumber(`list_position(${listed}, ${sql}) - 1`));
  return { kind, classes, wanted };
}

/** A label of fractions that are all the same is still a regression. */
const kindOfNumbers = (type: string, different: number): TaskKind =>
  different < 2 && isFloat(type) ? 'regression' : (inferLabelKind(type, different) ?? 'binary');

/** A label's different numbers, ascending; one more than there may be, if there are too many. */
interface DifferentNumbers {
  readonly classes: readonly string[];
  readonly areFinite: boolean;
  /** The SQL of a list of them, and of the value to look for in it, by selection. */
  readonly listed: string;
  readonly places: readonly string[];
}

/** Lists a label's different numbers: as doubles, or digit by digit where doubles would confuse them. */
async function differentNumbers(
  db: Database,
  labels: readonly SelectedLabel[],
  numbers: readonly string[],
): Promise<DifferentNumbers> {
  const doubles = (await different(db, labels, numbers)).map(Number);
  const types = labels.map(({ expression }) => expression.type);
  const areFinite = doubles.every(Number.isFinite);
  if (doubles.every((one) => Math.abs(one) <= Number.MAX_SAFE_INTEGER) || !types.every(isInteger))
    return {
      areFinite,
      classes: doubles.map(String),
      listed: `[${doubles.join(', ')}]::double[]`,
      places: numbers,
    };
  const type = types.includes('UHUGEINT') ? 'uhugeint' : 'hugeint';
  const places = labels.map(({ expression }) => `(${expression.sql})::${type}`);
  const classes = await different(db, labels, places);
  return { areFinite, classes, listed: `[${classes.join(', ')}]::${type}[]`, places };
}

/** Returns the different values of a label, ascending, given as SQL by selection. */
async function different(
  db: Database,
  labels: readonly SelectedLabel[],
  values: readonly string[],
): Promise<string[]> {
  const all = labels.map(({ selection: { table, where } }, i) => {
    const condition = where === null ? '' : ` where ${where}`;
    return `select ${values[i]!} as value from ${quoted(table.view)}${condition}`;
  });
  const found = await db.rows(
    `select distinct value from (${all.join(' union all ')})
     where value is not null order by value limit ${classLimit + 1}`,
  );
  return found.map((row) => String(row['value']));
}

async function textLabel(
  db: Database,
  labels: readonly SelectedLabel[],
  index: number,
  declared: 'binary' | 'multiclass' | undefined,
  deciding: Deciding,
): Promise<Decided> {
  const listed: Dictionary[] = [];
  for (const label of labels) listed.push(await listLabel(db, label, index, deciding));
  const classes = inClassOrder([
    ...new Set(listed.flatMap(({ texts }) => [...texts].filter((text) => text !== null))),
  ]);
  const kind = declared ?? (classes.length > 2 ? 'multiclass' : 'binary');
  checkClasses(kind, classes, deciding);
  const wanted = listed.map((dictionary): WantedLabel => ({
    column: { kind: 'text', dictionary },
    classOf: classesByCode(dictionary, classes),
  }));
  return { kind, classes, wanted };
}

async function listLabel(
  db: Database,
  { selection: { table, where }, expression: { sql, written } }: SelectedLabel,
  index: number,
  deciding: Deciding,
): Promise<Dictionary> {
  const column = columnNamed(table.columns, written);
  const text = `(${column === undefined ? sql : quoted(rawName(column))})::varchar`;
  const from = where === null ? quoted(table.view) : `(select * from ${quoted(table.view)} where ${where})`;
  // Counted first, so that a million texts are not listed in vain.
  const about = countOf((await db.row(`select approx_count_distinct(${text}) as n from ${from}`))['n']);
  if (about > 2 * classLimit) throw tooManyClasses(`about ${about}`, deciding);
  return listTexts(db, table, { from, sql: text, viewed: text, enumName: `${table.view}#label ${index}` });
}

/** Returns the class of each code; -1 where there is no label. */
const classesByCode = ({ texts }: Dictionary, classes: readonly string[]): Int32Array =>
  Int32Array.from([-1, ...Array.from(texts, (text) => (text === null ? -1 : classes.indexOf(text)))]);
