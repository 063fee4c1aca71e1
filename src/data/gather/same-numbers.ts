import { InputError } from '../../shared/errors.js';
import { quoted } from '../../shared/sql.js';
import type { Feature } from '../decide/plan-columns.js';
import { countOf, type Database } from '../duckdb/database.js';
import { dayOfNumber, looksLikeDay } from '../read/texts/date-forms.js';
import { isTime, numberSql, typeKind } from '../duckdb/type-kind.js';
import type { SourceColumn, SourceTable } from '../read/table/source-table.js';

/** A numeric feature's column in some table, which may be of another type than in the training table. */
export interface NumberColumn {
  readonly column: SourceColumn;
  /** DuckDB's type in the training table. */
  readonly trained: string;
}

const isMoment = (type: string): boolean => /^(DATE|TIMESTAMP)/.test(type);

/**
 * Returns the SQL of a column's value as the number that it is in the training table, as a double: null where
 * it is missing or no such number. Dates and times of any precision are seconds, and texts are read as what
 * the training table has. Returns null for a type whose values mean something else there: a number is no date.
 */
export function numberAsTrained({ column: { name, type }, trained }: NumberColumn): string | null {
  const sql = quoted(name);
  if (type === trained) return numberSql(sql, type);
  const text = type === 'JSON' ? `(${sql} ->> '$')` : sql;
  const isText = type === 'JSON' || typeKind(type) === 'text';
  if (isMoment(trained)) return isText ? momentSql(text) : isMoment(type) ? numberSql(sql, type) : null;
  if (isTime(trained))
    return isText
      ? `epoch(try_cast(${text} as time))::double`
      : isMoment(type) || !isTime(type)
        ? null
        : numberSql(sql, type);
  switch (typeKind(type)) {
    case 'integer':
    case 'float':
    case 'decimal':
    case 'boolean':
      return numberSql(sql, type);
    case 'text':
    case 'other': {
      if (!isText) return null;
      const number = `try_cast(${text} as double)`;
      return trained === 'BOOLEAN'
        ? `coalesce(${number}, try_cast(${text} as boolean)::integer::double)`
        : number;
    }
    case 'time':
      return null;
  }
}

/** Returns the seconds of a text that is a date or a time; one without a zone is in UTC, as dates are. */
function momentSql(text: string): string {
  const hasZone = String.raw`regexp_matches(trim(${text}), ':\d\d(:\d\d(\.\d+)?)? ?(Z|UTC|[+-]\d\d(:?\d\d)?)$')`;
  return `case when ${hasZone} then epoch(try_cast(${text} as timestamptz)) else epoch(try_cast(${text} as timestamp)) end`;
}

/** Throws an InputError for a column with values of a type that means something else than in training. */
export async function failOnOtherTypes(
  db: Database,
  table: SourceTable,
  columns: readonly NumberColumn[],
): Promise<void> {
  for (const one of columns.filter((column) => numberAsTrained(column) === null)) {
    const { name, type } = one.column;
    const found = await db.row(
      `select count(${quoted(name)}) as n, any_value(${quoted(name)}::varchar) as value
         ${typeKind(type) === 'integer' ? `, max(abs(${quoted(name)}::double)) as most` : ''}
       from ${quoted(table.view)}`,
    );
    if (countOf(found['n']) === 0) continue;
    const example = String(found['value']);
    throw otherType(
      one,
      example.length > 40 ? `${example.slice(0, 39)}…` : example,
      countOf(found['most']),
      table,
    );
  }
}

function otherType(
  { column: { name, type }, trained }: NumberColumn,
  example: string,
  most: number,
  { title, files }: SourceTable,
): InputError {
  const advice =
    isMoment(trained) && typeKind(type) === 'integer'
      ? `a number is no date: make it one by a query, ${JSON.stringify(`select * replace (${momentOf(quoted(name), most)} as ${quoted(name)}) from …`)}`
      : 'give it the same type, by a query where need be';
  const [file] = files;
  const message =
    `${file === undefined ? `${title}: ` : ''}column "${name}" is ${type} here (such as ${example}), ` +
    `and was ${trained} when it was learned; ${advice}`;
  return new InputError('data.other-type', message, file === undefined ? {} : { file });
}

/** Returns the SQL that makes a moment of a number, by how large the numbers of our times are. */
const momentOf = (sql: string, most: number): string => {
  if (looksLikeDay(String(most))) return dayOfNumber(sql);
  if (most < 1e11) return `to_timestamp(${sql})`;
  return `${most < 1e14 ? 'epoch_ms' : most < 1e17 ? 'make_timestamp' : 'make_timestamp_ns'}(${sql})`;
};

/** Returns the numeric ones of some features with their columns in a table. */
export const numbersOf = (
  features: readonly Feature[],
  columnOf: (name: string) => SourceColumn,
): NumberColumn[] =>
  features
    .filter(({ use }) => use === 'numeric')
    .map(({ name, type }) => ({ column: columnOf(name), trained: type }));
