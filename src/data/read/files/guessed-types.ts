import { literal, quoted } from '../../../shared/sql.js';
import type { Database } from '../../duckdb/database.js';
import { refusalOf } from '../../duckdb/refusal.js';
import { columnsOf } from '../table/stored-columns.js';

/** Files that a query reads in types that DuckDB guesses from a sample of their rows. */
export interface GuessedRead {
  readonly format: 'csv' | 'json';
  /** Returns the SQL of their rows; `more`: further arguments of the reader, each after a comma. */
  readonly rows: (more: string) => string;
}

/** The types of which the reader changes values without an error, with those that keep them. */
const widerTypes: ReadonlyMap<string, string> = new Map([
  ['BIGINT', 'DOUBLE'],
  ['DATE', 'TIMESTAMP'],
]);

/**
 * Returns the arguments of a reader by which it changes no value: of guessed types DuckDB rounds 3.75 in a column
 * of whole numbers, drops the time in one of dates, and in JSON passes over keys. JSON is looked at whole; of text
 * only the doubtful columns are read once more, for to guess from all rows takes several times as long.
 */
export async function argumentsFor(db: Database, { format, rows }: GuessedRead): Promise<string> {
  if (format === 'json') return ', sample_size = -1';
  try {
    const columns = (await columnsOf(db, rows(''))).flatMap(({ name, type }) => {
      const wider = widerTypes.get(type);
      return wider === undefined ? [] : [{ name, wider }];
    });
    if (columns.length === 0) return '';
    const changed = columns.map(({ name, wider }, i) => {
      const column = quoted(name);
      const kept = wider === 'DOUBLE' ? `floor(${column})` : `date_trunc('day', ${column})`;
      return `coalesce(bool_or(${column} <> ${kept}), false) as c${i}`;
    });
    const found = await db.row(`select ${changed.join(', ')} from ${rows(typesArgument(columns))}`);
    const late = columns.filter((_, i) => found[`c${i}`] === true);
    return late.length === 0 ? '' : typesArgument(late);
  } catch (error) {
    // The query itself meets it again, and tells of it.
    if (refusalOf(error) === null) throw error;
    return '';
  }
}

const typesArgument = (columns: readonly { readonly name: string; readonly wider: string }[]): string =>
  `, types = {${columns.map(({ name, wider }) => `${literal(name)}: ${literal(wider)}`).join(', ')}}`;
