import * as v from 'valibot';
import { formatCount } from '../../shared/numbers.js';
import { quoted } from '../../shared/sql.js';
import { inParts } from '../duckdb/column-parts.js';
import { countOf, type Database, type Row } from '../duckdb/database.js';
import { isTime, numberSql } from '../duckdb/type-kind.js';
import { columnsOf, rowSql } from '../read/table/stored-columns.js';
import { valuesOf, type SourceColumn, type SourceTable } from '../read/table/source-table.js';

/** Numbers that stand for a missing value, such as -999, are found by how far they lie outside all others. */

/** So many rows are looked at, evenly from all, and fewer where there are very many columns. */
const mostRows = 16_384;
const mostValues = 4e6;

/** The least share of a column's values that is suspected. */
const leastShare = 0.01;

/** Numbers that people and programs write for a missing value: -1, 99, -999, -999.25, the largest of a type. */
const usual =
  /^(-1|-?9{2,}(\.9+|\.25)?|-?(8{3,}|7{3,})|-[789]|-2147483648|2147483647|-32768|32767|65535|-?1e\+?\d+)$/;
/** Days that stand for none, in seconds. */
const usualDays = new Set(
  ['0001-01-01', '1900-01-01', '1970-01-01', '2999-12-31', '9999-01-01', '9999-12-31'].map(
    (day) => Date.parse(`${day}T00:00:00Z`) / 1000,
  ),
);

const numberSchema = v.fallback(v.nullable(v.number()), null);

/** A column's values in some rows. `others`: all but the least and the largest. */
interface Spread {
  readonly present: number;
  readonly ends: readonly { readonly value: number; readonly text: string; readonly count: number }[];
  readonly others: {
    readonly different: number;
    readonly low: number;
    readonly high: number;
    readonly mean: number;
    readonly deviation: number;
  };
}

/** Says of columns of numbers and times which value may stand for a missing one, by column. */
export async function notesOnSentinels(
  db: Database,
  table: SourceTable,
  columns: readonly SourceColumn[],
): Promise<Map<string, string>> {
  const notes = new Map<string, string>();
  if (columns.length === 0) return notes;
  const row = rowSql(await columnsOf(db, quoted(table.raw)));
  const most = Math.min(mostRows, Math.ceil(mostValues / columns.length));
  const step = Math.max(1, Math.floor(table.rows / most));
  const where = step === 1 ? '' : `where ${row} % ${step} = 0`;
  for (const some of inParts(columns)) {
    const values = some.map(
      (column, i) =>
        `${numberSql(valuesOf(table, column), column.type)} as c${i}, ${valuesOf(table, column)}::varchar as t${i}`,
    );
    const found = await db.row(
      `with shown as materialized (select ${values.join(', ')} from ${quoted(table.raw)} ${where}),
         ends as (select ${some.map((_, i) => `min(c${i}) as low${i}, max(c${i}) as high${i}`).join(', ')} from shown)
       select ${some.flatMap((_, i) => spreadOf(i)).join(', ')} from shown, ends`,
    );
    for (const [i, column] of some.entries()) {
      const spread = readSpread(found, i);
      const suspect = spread === null ? null : suspectIn(spread, column.type);
      if (spread !== null && suspect !== null) notes.set(column.name, noteOn(column, suspect, spread));
    }
  }
  return notes;
}

function spreadOf(i: number): string[] {
  const other = `case when c${i} > low${i} and c${i} < high${i} then c${i} end`;
  // From the least value on, so that squares of large numbers that lie close together keep their difference.
  const above = `(${other} - low${i})`;
  return [
    `count(c${i}) as present${i}`,
    `any_value(low${i}) as least${i}`,
    `any_value(high${i}) as most${i}`,
    `arg_min(t${i}, c${i}) as leastText${i}`,
    `arg_max(t${i}, c${i}) as mostText${i}`,
    `count(case when c${i} = low${i} then 1 end) as leasts${i}`,
    `count(case when c${i} = high${i} then 1 end) as mosts${i}`,
    `approx_count_distinct(${other}) as different${i}`,
    `min(${other}) as otherLow${i}`,
    `max(${other}) as otherHigh${i}`,
    `avg(${other}) as mean${i}`,
    `sqrt(greatest(0, avg(${above} * ${above}) - avg(${above}) * avg(${above}))) as deviation${i}`,
  ];
}

function readSpread(found: Row, i: number): Spread | null {
  const numberAt = (key: string): number | null => v.parse(numberSchema, found[`${key}${i}`]);
  const [low, high] = [numberAt('otherLow'), numberAt('otherHigh')];
  const [mean, deviation] = [numberAt('mean'), numberAt('deviation')];
  const [least, most] = [numberAt('least'), numberAt('most')];
  if (low === null || high === null || mean === null || deviation === null) return null;
  if (least === null || most === null || ![least, most].every(Number.isFinite)) return null;
  const end = (value: number, text: unknown, count: Row[string] | undefined) => ({
    value,
    text: String(text),
    count: countOf(count ?? 0),
  });
  return {
    present: countOf(found[`present${i}`]),
    ends: [
      end(least, found[`leastText${i}`], found[`leasts${i}`]),
      end(most, found[`mostText${i}`], found[`mosts${i}`]),
    ],
    others: { different: countOf(found[`different${i}`]), low, high, mean, deviation },
  };
}

/** Returns the end of a column's values that seems to be no value like the others; null: neither does. */
function suspectIn({ present, ends, others }: Spread, type: string): Spread['ends'][number] | null {
  const { low, high, mean, deviation, different } = others;
  const isSuspect = ({ value, count }: Spread['ends'][number]): boolean => {
    if (count < 2 || count < leastShare * present || different < 5 || deviation === 0) return false;
    const far = Math.abs(value - mean) / deviation;
    const gap = value < low ? low - value : value - high;
    if (isTime(type) ? usualDays.has(value) : usual.test(String(value)))
      return (far > 4 && gap > deviation) || (value === -1 && low >= 0 && different >= 10);
    return !isTime(type) && value !== 0 && different >= 10 && far > 10 && gap > 2 * (high - low);
  };
  return ends.find(isSuspect) ?? null;
}

function noteOn(
  { name, type }: SourceColumn,
  { value, text, count }: Spread['ends'][number],
  { present, others }: Spread,
): string {
  const written = isTime(type) ? text : String(value);
  const column = quoted(name);
  const share = `${formatCount(Math.round((1000 * count) / present) / 10)} %`;
  const range = isTime(type) ? '' : ` (${shown(others.low)} … ${shown(others.high)})`;
  const sql = isTime(type) ? `nullif(${column}, '${text}')` : `nullif(${column}, ${written})`;
  return (
    `column "${name}" has ${written} in ${share} of its rows, outside of all its other values${range}; if it means ` +
    `missing, list it in data.read.null: ["${written}"], or, for this column alone, give data.source a query: ` +
    `select * replace (${sql} as ${column}) from …`
  );
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));
