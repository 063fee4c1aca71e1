import { literal, quoted } from '../../shared/sql.js';
import { formatCount } from '../../shared/numbers.js';
import { countOf, type Database } from '../duckdb/database.js';
import { isNumber, isText, numberSql } from '../duckdb/type-kind.js';
import { columnsOf, rowSql } from './table/stored-columns.js';
import { valuesOf, type SourceColumn, type SourceTable } from './table/source-table.js';

/** What spreadsheets and reports write in a last line that is no row. */
const total =
  /^(grand |sub-?)?(total|totals|sum|sums|average|mean|summe|gesamt|insgesamt|mittelwert|somme|suma|totale)( general)?:?$/i;

/** In a table of fewer rows a last one is no more remarkable than any other. */
const leastRows = 5;
/** So many columns of the last row are looked at. */
const mostColumns = 500;

/**
 * Says of a table's last row that it seems to be a line of totals: by what one of its texts says, which no other row
 * has, or because it lacks what nearly all others have, and a number is the sum of theirs.
 */
export async function notesOnTotals(db: Database, table: SourceTable): Promise<string[]> {
  const columns = table.columns.slice(0, mostColumns);
  const texts = columns.filter(({ type }) => isText(type));
  if (table.rows < leastRows || texts.length === 0) return [];
  const isLast = `${rowSql(await columnsOf(db, quoted(table.raw)))} = ${table.rows - 1}`;
  const values = columns.map((column, i) => `${valuesOf(table, column)}::varchar as c${i}`);
  const last = await db.row(`select ${values.join(', ')} from ${quoted(table.raw)} where ${isLast}`);
  const textOf = (column: SourceColumn): string | null => {
    const value = last[`c${columns.indexOf(column)}`];
    return typeof value === 'string' ? value : null;
  };
  const named = texts.find((column) => total.test(textOf(column) ?? ''));
  if (named !== undefined) {
    const text = textOf(named)!;
    const same = `lower(${valuesOf(table, named)}) = ${quotedText(text)}`;
    const found = await db.row(`select count(*) as n from ${quoted(table.raw)} where ${same}`);
    return countOf(found['n']) === 1 ? [noteOn(table, `has "${text}" in column "${named.name}"`)] : [];
  }
  const empty = texts.filter((column) => textOf(column) === null);
  const numbers = columns.filter((column) => isNumber(column.type) && Number(textOf(column) ?? 0) !== 0);
  if (empty.length === 0 || numbers.length === 0) return [];
  const asked = [
    ...empty.map((column, i) => `count(${valuesOf(table, column)}) as n${i}`),
    ...numbers.map(
      ({ name, type }, i) =>
        `sum(case when not (${isLast}) then ${numberSql(quoted(name), type)} end) as s${i}`,
    ),
  ];
  const found = await db.row(`select ${asked.join(', ')} from ${quoted(table.raw)}`);
  const lacked = empty.find((_, i) => countOf(found[`n${i}`]) >= 0.9 * (table.rows - 1));
  const sum = numbers.find((column, i) => {
    const [value, sumOfOthers] = [Number(textOf(column)), found[`s${i}`]];
    return typeof sumOfOthers === 'number' && Math.abs(value - sumOfOthers) <= 1e-9 * Math.abs(value);
  });
  if (lacked === undefined || sum === undefined) return [];
  return [noteOn(table, `has no "${lacked.name}", and in "${sum.name}" the sum of all others`)];
}

const quotedText = (text: string): string => literal(text.toLowerCase());

const noteOn = ({ rows }: SourceTable, what: string): string =>
  `the last of the ${formatCount(rows)} rows ${what}: if it is a line of totals, take it out of the table`;
