import { quoted } from '../../shared/sql.js';
import { inParts } from '../duckdb/column-parts.js';
import { countOf, type Database, type Row } from '../duckdb/database.js';
import { isFloat, isInteger } from '../duckdb/type-kind.js';
import type { Dictionary } from '../read/table/dictionary.js';
import { isNumericText } from '../read/texts/clean-text.js';
import { distinctOf } from '../texts/texts.js';
import { valuesOf, type SourceColumn, type SourceTable } from '../read/table/source-table.js';

/** The facts about a column that inference needs. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  readonly rows: number;
  readonly present: number;
  /** The number of different values; null where nobody needs to know it (numbers that are not whole). */
  readonly distinct: number | null;
  /** The least and the largest value as texts, exact to the last digit; null: there is none. */
  readonly min: string | null;
  readonly max: string | null;
  /** Whether all of a column's numbers are whole. */
  readonly whole: boolean;
  /** Whether doubles hold all of its different whole numbers, each as one of its own; of texts, each exactly. */
  readonly fitsDouble: boolean;
  /** How many of the different values of a text column are numbers. */
  readonly numericTexts: number;
  /** How many of these are digits with zeros before them, as codes have. */
  readonly paddedTexts: number;
  /** Whether it is called as an index of pandas is, and counts the rows up, beginning anew at times. */
  readonly countsUp: boolean;
}

/** Finds the facts of numbers, times and booleans. */
export async function numberFacts(
  db: Database,
  table: SourceTable,
  columns: readonly SourceColumn[],
): Promise<ColumnFacts[]> {
  const facts: ColumnFacts[] = [];
  for (const some of inParts(columns)) facts.push(...(await rangesOf(db, table, some)));
  const counting = await columnsThatCount(db, table, facts);
  const marked = facts.map((one) => ({ ...one, countsUp: counting.has(one.name) }));
  return countIdentities(db, table, marked);
}

/** Finds all facts but the number of different values, in one pass. */
async function rangesOf(
  db: Database,
  table: SourceTable,
  columns: readonly SourceColumn[],
): Promise<ColumnFacts[]> {
  const parts = columns.flatMap((column, i) => {
    const sql = quoted(column.name);
    return [
      `count(${sql}) as present${i}`,
      `min(${sql})::varchar as low${i}`,
      `max(${sql})::varchar as high${i}`,
      ...(isFloat(column.type) ? [`bool_and(${sql} = floor(${sql})) as whole${i}`] : []),
    ];
  });
  const found = await db.row(`select ${parts.join(', ')} from ${quoted(table.raw)}`);
  const textAt = (key: string): string | null => (typeof found[key] === 'string' ? found[key] : null);
  return columns.map((column, i) => ({
    ...column,
    rows: table.rows,
    present: countOf(found[`present${i}`]),
    distinct: null,
    min: textAt(`low${i}`),
    max: textAt(`high${i}`),
    whole: isInteger(column.type) || found[`whole${i}`] === true,
    fitsDouble: true,
    numericTexts: 0,
    paddedTexts: 0,
    countsUp: false,
  }));
}

/** Returns how many whole numbers there are from the least to the largest value; null where there is none. */
export function spanOf({ type, min, max }: Pick<ColumnFacts, 'type' | 'min' | 'max'>): bigint | null {
  if (!isInteger(type) || min === null || max === null) return null;
  return BigInt(max) - BigInt(min) + 1n;
}

/** Whether a whole number is so large that its neighbours may be the same double. */
export const isBeyondDouble = (text: string | null): boolean =>
  text !== null && /^-?\d{16,}$/.test(text) && !Number.isSafeInteger(Number(text));

/** The names that programs give to the number of a row: pandas' index, a column without a name. */
const indexName =
  /^(__index_level_\d+__|unnamed: \d+|column0*|index|level_0|row[ _]?(id|no|nr|num|number|index)?)$/i;

/** Whether a column is called as the number of a row is. */
export const isIndexName = (name: string): boolean => indexName.test(name);

/** The names that an index has whose rows were put together. */
const repeatedIndex = /^(__index_level_\d+__|unnamed: 0(\.\d+)?|column0*|index|level_0)$/i;

/** So many rows are looked at for whether a column counts them. */
const countedRows = 8192;

/**
 * Returns those of some columns that count their rows up, as an index does, and begin anew where tables were put
 * together: nearly every value of the first rows is one more than that before it.
 */
export async function columnsThatCount(
  db: Database,
  { raw }: SourceTable,
  columns: readonly Pick<ColumnFacts, 'name' | 'type' | 'whole' | 'min'>[],
): Promise<ReadonlySet<string>> {
  const named = columns.filter(
    ({ name, type, whole, min }) =>
      repeatedIndex.test(name) &&
      (isInteger(type) || (isFloat(type) && whole)) &&
      min !== null &&
      Number(min) <= 1,
  );
  if (named.length === 0) return new Set();
  const shown = named.map(({ name }, i) => `${quoted(name)}::double as c${i}`);
  const steps = named.map((_, i) => `c${i} - lag(c${i}) over (order by row) as d${i}`);
  const found = await db.row(
    `select ${named.map((_, i) => `avg(case when d${i} = 1 then 1 when d${i} is null then null else 0 end) as s${i}`).join(', ')}
     from (select ${steps.join(', ')}
       from (select row_number() over () as row, ${shown.join(', ')} from ${quoted(raw)} limit ${countedRows}))`,
  );
  return new Set(
    named.flatMap(({ name }, i) => {
      const share = found[`s${i}`];
      return typeof share === 'number' && share >= 0.9 ? [name] : [];
    }),
  );
}

/** So many columns' values are counted in one statement: each takes a table of its values. */
const countsAtOnce = 4;

/**
 * Adds the number of different values for whole numbers that could identify a row, or that a double could
 * confuse.
 */
async function countIdentities(
  db: Database,
  table: SourceTable,
  facts: readonly ColumnFacts[],
): Promise<ColumnFacts[]> {
  const suspects = facts.filter((one) => {
    // Other programs write an index with a fraction of 0 where they have joined tables.
    if (isFloat(one.type) && one.whole && isIndexName(one.name)) return true;
    const span = spanOf(one);
    return (
      span !== null && (span >= BigInt(one.present) || isBeyondDouble(one.min) || isBeyondDouble(one.max))
    );
  });
  if (suspects.length === 0) return [...facts];
  const counts = suspects.flatMap(({ name, min, max }, i) => [
    `count(distinct ${quoted(name)}) as n${i}`,
    ...(isBeyondDouble(min) || isBeyondDouble(max)
      ? [`count(distinct ${quoted(name)}::double) as doubles${i}`]
      : []),
  ]);
  const counted: Row = {};
  for (const some of inParts(counts, countsAtOnce))
    Object.assign(counted, await db.row(`select ${some.join(', ')} from ${quoted(table.raw)}`));
  return facts.map((one) => {
    const at = suspects.indexOf(one);
    if (at < 0) return one;
    const distinct = countOf(counted[`n${at}`]);
    const doubles = counted[`doubles${at}`];
    return { ...one, distinct, fitsDouble: doubles === undefined || countOf(doubles) === distinct };
  });
}

/** Finds the facts of a column from its different texts. */
export async function textFacts(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  texts: Dictionary['texts'],
): Promise<ColumnFacts> {
  const values = distinctOf(texts);
  let numericTexts = 0;
  let paddedTexts = 0;
  let fitsDouble = true;
  for (const value of values) {
    if (value === null) continue;
    if (isBeyondDouble(value.trim())) fitsDouble = false;
    if (isNumericText(value)) numericTexts++;
    if (isPaddedText(value)) paddedTexts++;
  }
  // The number of rows that have a value matters only if values are very few or very many.
  const decides = values.length === 1 || values.length > table.rows / 10;
  const present = decides
    ? countOf((await db.row(`select count(${valuesOf(table, column)}) as n from ${quoted(table.raw)}`))['n'])
    : table.rows;
  return {
    ...column,
    rows: table.rows,
    present: values.length === 0 ? 0 : present,
    distinct: values.length,
    min: null,
    max: null,
    whole: false,
    fitsDouble,
    numericTexts,
    paddedTexts,
    countsUp: false,
  };
}

/** Whether a text is digits with zeros before them. */
const isPaddedText = (value: string): boolean => /^\s*[+-]?0\d+\s*$/.test(value);
