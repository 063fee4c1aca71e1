import { InputError } from '../../shared/errors.js';
import { quoted } from '../../shared/sql.js';
import type { Feature } from '../decide/plan-columns.js';
import type { PlannedTeacher } from '../decide/plan-teacher.js';
import { countOf, type Database } from '../duckdb/database.js';
import { isFloat, isText, isTime, typeKind } from '../duckdb/type-kind.js';
import { failOnTexts } from '../read/fail-on-texts.js';
import { placeOfRow } from '../read/row-place.js';
import type { Selection } from '../read/table/selection.js';
import { rowNumber, type SourceColumn } from '../read/table/source-table.js';
import { sameColumn } from './feature-columns.js';
import { failOnOtherTypes, numberAsTrained, numbersOf } from './same-numbers.js';

/** Throws an InputError for the first value of a numeric feature that is no finite number, with its row. */
export async function failOnBadNumbers(
  db: Database,
  selection: Selection,
  features: readonly Feature[],
): Promise<void> {
  const { table, where } = selection;
  const numbers = numbersOf(features, (name) => sameColumn(table, name));
  await failOnOtherTypes(db, table, numbers);
  const doubtful = numbers.filter(
    ({ column: { type } }) => isFloat(type) || isText(type) || typeKind(type) === 'other',
  );
  const wrong = doubtful.map((one) => {
    const { name, type } = one.column;
    const value = numberAsTrained(one) ?? 'null::double';
    return isFloat(type)
      ? `not isfinite(${value})`
      : `${quoted(name)} is not null and (${value} is null or not isfinite(${value}))`;
  });
  const rows = await firstRows(db, selection, wrong);
  for (const [i, { column, trained }] of doubtful.entries()) {
    const row = rows[i] ?? null;
    if (row === null) continue;
    const { name, type } = column;
    if (isTime(trained) && !isFloat(type)) throw await noTime(db, selection, column, trained, row);
    if (isText(type)) await failOnTexts(db, table, name, where);
    if (typeKind(type) === 'other' && type !== 'JSON') {
      const message = `the column is ${type.toLowerCase()}, and no number; make one of it by a query, or set it to "ignore"`;
      throw new InputError('data.no-number', message, await placeOfRow(db, table, row, name));
    }
    throw await notFinite(db, selection, name, quoted(name), row);
  }
}

/** Makes the error for a text that is no date or time, as the column was when it was learned. */
async function noTime(
  db: Database,
  { table }: Selection,
  { name }: SourceColumn,
  trained: string,
  row: number,
): Promise<InputError> {
  const { value } = await db.row(
    `select ${quoted(name)}::varchar as value from ${quoted(table.view)} where ${quoted(rowNumber)} = ${row}`,
  );
  const like = trained.startsWith('TIME') && !trained.startsWith('TIMESTAMP') ? '12:30:00' : '2024-01-31';
  const message =
    `"${String(value)}" is no ${trained}, as the column was when it was learned; ` +
    `write it as ${like}, or list it in data.read.null if it means missing`;
  return new InputError('data.no-time', message, await placeOfRow(db, table, row, name));
}

/**
 * Throws an InputError for the first value of a label that is not finite. `name`: the label's, for people.
 */
export async function failOnBadLabels(
  db: Database,
  selection: Selection,
  sql: string,
  name: string,
): Promise<void> {
  const value = `(${sql})::double`;
  const [row = null] = await firstRows(db, selection, [`not isfinite(${value})`]);
  if (row !== null) throw await notFinite(db, selection, name, value, row);
}

/** Throws an InputError for the first of a teacher's values that is not finite, or no probability. */
export async function failOnBadTeachers(
  db: Database,
  selection: Selection,
  { sql, written, isProbability }: PlannedTeacher,
): Promise<void> {
  const value = `(${sql})::double`;
  const conditions = [`not isfinite(${value})`, ...(isProbability ? [`not (${value} between 0 and 1)`] : [])];
  const [infinite = null, outside = null] = await firstRows(db, selection, conditions);
  if (infinite !== null) throw await notFinite(db, selection, written, value, infinite);
  if (outside === null) return;
  const message = 'this teacher’s value is no probability; it must lie from 0 to 1';
  throw new InputError('data.teacher', message, await placeOfRow(db, selection.table, outside, written));
}

/** The largest weight: losses and their squares with it are still numbers of single precision. */
const mostWeight = 1e36;

/** Throws an InputError for the first weight that is too large, not finite, negative or missing. */
export async function failOnBadWeights(
  db: Database,
  selection: Selection,
  sql: string,
  name: string,
): Promise<void> {
  const value = `(${sql})::double`;
  const conditions = [
    `not isfinite(${value})`,
    `${value} < 0`,
    `${value} is null`,
    `${value} > ${mostWeight}`,
  ];
  const [infinite = null, negative = null, missing = null, large = null] = await firstRows(
    db,
    selection,
    conditions,
  );
  if (infinite !== null) throw await notFinite(db, selection, name, value, infinite);
  const fail = async (row: number, message: string): Promise<InputError> =>
    new InputError('data.weight', message, await placeOfRow(db, selection.table, row, name));
  if (negative !== null) throw await fail(negative, 'this weight is negative; weights must be 0 or more');
  if (missing !== null)
    throw await fail(missing, 'this weight is missing; every row needs one: coalesce(…, 1)');
  if (large !== null)
    throw await fail(
      large,
      `this weight is over ${mostWeight}, with which a loss is no finite number; divide all`,
    );
}

/** Finds the number of the first row that each condition is true for; null where there is none. */
async function firstRows(
  db: Database,
  { table, where }: Selection,
  conditions: readonly string[],
): Promise<(number | null)[]> {
  if (conditions.length === 0) return [];
  // No `filter (where …)`: DuckDB makes room for the values of all aggregates in each one that has it.
  const first = conditions.map((one, i) => `min(case when ${one} then ${quoted(rowNumber)} end) as c${i}`);
  const found = await db.row(
    `select ${first.join(', ')} from ${quoted(table.view)} where ${where ?? 'true'}`,
  );
  return conditions.map((_, i) => {
    const row = found[`c${i}`] ?? null;
    return row === null ? null : countOf(row);
  });
}

/** Makes the error for a value that is not finite, given as SQL. */
async function notFinite(
  db: Database,
  { table }: Selection,
  name: string,
  sql: string,
  row: number,
): Promise<InputError> {
  const { value } = await db.row(
    `select (${sql})::varchar as value from ${quoted(table.view)} where ${quoted(rowNumber)} = ${row}`,
  );
  const message =
    `"${String(value)}" is not a finite number, or stands for one over 1.8e308; correct it, ` +
    'or list it in data.read.null if it means missing';
  return new InputError('data.not-finite', message, await placeOfRow(db, table, row, name));
}
