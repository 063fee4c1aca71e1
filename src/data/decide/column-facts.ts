import { quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { isInteger, numberSql } from '../duckdb/type-kind.js';
import type { Dictionary } from '../read/dictionary.js';
import type { SourceColumn, SourceTable } from '../read/source-table.js';

/** The facts about a column that inference needs. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly rows: number;
  readonly present: number;
  /** The number of different values; null where nobody needs to know it (numbers that are not whole). */
  readonly distinct: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** How many of the different values of a text column are numbers. */
  readonly numericTexts: number;
}

/** Finds the facts of numbers, times and booleans, in one pass. */
export async function numberFacts(
  db: Database,
  table: SourceTable,
  columns: readonly SourceColumn[],
): Promise<ColumnFacts[]> {
  if (columns.length === 0) return [];
  const parts = columns.flatMap((column, i) => {
    const sql = quoted(column.name);
    const value = numberSql(sql, column.type);
    return [`count(${sql}) as present${i}`, `min(${value}) as low${i}`, `max(${value}) as high${i}`];
  });
  const found = await db.row(`select ${parts.join(', ')} from ${quoted(table.raw)}`);
  const numberAt = (key: string): number | null => (typeof found[key] === 'number' ? found[key] : null);
  const facts = columns.map((column, i) => ({
    ...column,
    rows: table.rows,
    present: countOf(found[`present${i}`]),
    distinct: null,
    min: numberAt(`low${i}`),
    max: numberAt(`high${i}`),
    numericTexts: 0,
  }));
  return countIdentities(db, table, facts);
}

/** Adds the number of different values for whole numbers that could identify a row. */
async function countIdentities(
  db: Database,
  table: SourceTable,
  facts: readonly ColumnFacts[],
): Promise<ColumnFacts[]> {
  const suspects = facts.filter(
    (one) =>
      isInteger(one.type) && one.min !== null && one.max !== null && one.max - one.min + 1 >= one.present,
  );
  if (suspects.length === 0) return [...facts];
  const counts = suspects.map((one, i) => `count(distinct ${quoted(one.name)}) as n${i}`);
  const counted = await db.row(`select ${counts.join(', ')} from ${quoted(table.raw)}`);
  return facts.map((one) => {
    const at = suspects.indexOf(one);
    return at < 0 ? one : { ...one, distinct: countOf(counted[`n${at}`]) };
  });
}

/** Finds the facts of a column whose texts are listed. */
export async function textFacts(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  dictionary: Dictionary,
): Promise<ColumnFacts> {
  const values = new Set(dictionary.texts.filter((one): one is string => one !== null));
  let numericTexts = 0;
  for (const value of values) if (isNumericText(value)) numericTexts++;
  // The number of rows that have a value matters only if values are very few or very many.
  const decides = values.size === 1 || values.size > table.rows / 10;
  const present = decides
    ? countOf((await db.row(`select count(${quoted(column.name)}) as n from ${quoted(table.view)}`))['n'])
    : table.rows;
  return {
    ...column,
    rows: table.rows,
    present: values.size === 0 ? 0 : present,
    distinct: values.size,
    min: null,
    max: null,
    numericTexts,
  };
}

export const isNumericText = (value: string): boolean =>
  value.trim() !== '' && Number.isFinite(Number(value));
