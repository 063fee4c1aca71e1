import { InputError } from '../../shared/errors.js';
import { failOnTexts, listColumn } from '../decide/columns.js';
import type { ReadOptions } from '../read/csv.js';
import { countOf, type Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import type { Dictionary } from '../read/dictionary.js';
import { isFloat, isText, numberSql } from '../decide/column-facts.js';
import type { Selection } from '../decide/plan-label.js';
import { sameColumn } from '../decide/data-plan.js';
import type { Wanted } from './read-columns.js';
import { placeOfRow, rowNumber, type SourceColumn } from '../read/source-table.js';

/** A feature, as planned or as an encoder has it: its name and type in the training table. */
export interface Feature extends SourceColumn {
  readonly use: 'numeric' | 'categorical';
}

/** What to read for features, in order. Lists the texts that no dictionary is given for. */
export async function featureColumns(
  db: Database,
  { table }: Selection,
  features: readonly Feature[],
  dictionaries: ReadonlyMap<string, Dictionary>,
  read: ReadOptions,
): Promise<Wanted[]> {
  const wanted: Wanted[] = [];
  for (const feature of features) {
    const column = sameColumn(table, feature.name);
    if (feature.use === 'numeric')
      wanted.push({ kind: 'number', sql: numberSql(quoted(column.name), column.type) });
    else {
      const dictionary =
        dictionaries.get(feature.name) ?? (await listColumn(db, table, column, read, feature.type));
      wanted.push({ kind: 'text', dictionary });
    }
  }
  return wanted;
}

/** Throws an InputError for the first value of a numeric feature that is no number, with its row. */
export async function failOnBadNumbers(
  db: Database,
  selection: Selection,
  features: readonly Feature[],
  read: ReadOptions,
): Promise<void> {
  const { table } = selection;
  const where = selection.where ?? 'true';
  const columns = features
    .filter((feature) => feature.use === 'numeric')
    .map((feature) => sameColumn(table, feature.name));
  const checks = columns.filter((column) => isFloat(column.type) || isText(column.type));
  if (checks.length === 0) return;
  const bad = checks.map((column) => {
    const value = numberSql(quoted(column.name), column.type);
    const wrong = isText(column.type)
      ? `${quoted(column.name)} is not null and (${value} is null or not isfinite(${value}))`
      : `not isfinite(${value})`;
    return `min(${quoted(rowNumber)}) filter (where ${wrong})`;
  });
  const found = await db.row(
    `select ${bad.map((sql, i) => `${sql} as c${i}`).join(', ')} from ${quoted(table.view)} where ${where}`,
  );
  for (const [i, column] of checks.entries()) {
    if (found[`c${i}`] === null) continue;
    if (isText(column.type)) await failOnTexts(db, table, column.name, read, where);
    throw await notFinite(db, selection, column.name, quoted(column.name), countOf(found[`c${i}`]), read);
  }
}

/**
 * What a label or weight must be: a number in every row that has one; for a weight also present and not
 * negative.
 */
export async function failOnBadValues(
  db: Database,
  selection: Selection,
  sql: string,
  title: string,
  kind: 'label' | 'weight',
  read: ReadOptions,
): Promise<void> {
  const { table } = selection;
  const value = `(${sql})::double`;
  const first = (wrong: string): string => `min(${quoted(rowNumber)}) filter (where ${wrong})`;
  const found = await db.row(
    `select ${first(`not isfinite(${value})`)} as endless, ${first(`${value} < 0`)} as negative, ${first(`${value} is null`)} as missing
     from ${quoted(table.view)} where ${selection.where ?? 'true'}`,
  );
  if (found['endless'] !== null)
    throw await notFinite(db, selection, title, value, countOf(found['endless']), read);
  if (kind === 'label') return;
  for (const [flaw, message] of [
    ['negative', 'this weight is negative; weights must be 0 or more'],
    ['missing', 'this weight is missing; every row needs one: coalesce(…, 1)'],
  ] as const) {
    if (found[flaw] !== null)
      throw new InputError(
        'data.weight',
        message,
        await placeOfRow(db, table, countOf(found[flaw]), title, read),
      );
  }
}

async function notFinite(
  db: Database,
  { table }: Selection,
  title: string,
  sql: string,
  row: number,
  read: ReadOptions,
): Promise<InputError> {
  const { value } = await db.row(
    `select (${sql})::varchar as value from ${quoted(table.view)} where ${quoted(rowNumber)} = ${row}`,
  );
  const message = `"${String(value)}" is not a finite number; correct it, or list it in data.read.null if it means missing`;
  return new InputError('data.not-finite', message, await placeOfRow(db, table, row, title, read));
}
