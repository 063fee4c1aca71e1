import { quoted } from '../../../shared/sql.js';
import { countOf, firstLineOf, type Database } from '../../duckdb/database.js';
import {
  firstReject,
  isEncodingError,
  malformedLine,
  mostlyNumeric,
  notInEncoding,
  textInNumbers,
} from './csv-explaining.js';
import { csvReader, type CsvColumn, type CsvLayout } from './csv-reader.js';
import type { ReadOptions } from '../source-kind.js';

/** Text files as they were tried to be read. */
export interface CsvAttempt {
  readonly files: readonly string[];
  /** One for each file. */
  readonly layouts: readonly CsvLayout[];
  readonly read: ReadOptions;
  /** DuckDB types that were asked for, by column in lower case; these are never widened. */
  readonly wanted: ReadonlyMap<string, string>;
}

/**
 * Returns the layouts with one type for each column in all files: the wanted one, or else the narrowest that
 * holds all that were detected.
 */
export function withTypes(layouts: readonly CsvLayout[], wanted: ReadonlyMap<string, string>): CsvLayout[] {
  const joint = new Map<string, string>();
  for (const { columns } of layouts) {
    for (const { name, type } of columns) joint.set(name, widest(joint.get(name), type));
  }
  const typed = ({ name, type }: CsvColumn): CsvColumn => ({
    name,
    type: wanted.get(name.toLowerCase()) ?? joint.get(name) ?? type,
  });
  return layouts.map((layout) => ({ ...layout, columns: layout.columns.map(typed) }));
}

function widest(one: string | undefined, other: string): string {
  if (one === undefined || one === other) return other;
  const numbers = ['BIGINT', 'DOUBLE'];
  return numbers.includes(one) && numbers.includes(other) ? 'DOUBLE' : 'VARCHAR';
}

/**
 * Returns the types of the columns (in lower case) with a wider one for the column that could not be read;
 * null if it is not clear which. Throws an InputError if no wider type is right.
 */
export async function widened(
  db: Database,
  attempt: CsvAttempt,
  cause: unknown,
): Promise<Map<string, string> | null> {
  const { files, layouts, read } = attempt;
  for (const [i, file] of files.entries()) {
    const layout = layouts[i]!;
    const reject = await firstReject(db, file, layout, read);
    if (reject === null) continue;
    if (reject.type !== 'CAST') throw malformedLine(file, reject, read.encoding);
    const column = layout.columns.find(({ name }) => name.toLowerCase() === reject.column.toLowerCase());
    if (column === undefined) return null;
    const type = await widerType(db, { ...attempt, file, line: reject.line, layout }, column);
    return new Map([
      ...layout.columns.map((one): [string, string] => [one.name.toLowerCase(), one.type]),
      [column.name.toLowerCase(), type],
    ]);
  }
  if (isEncodingError(firstLineOf(cause))) throw notInEncoding(files[0]!, undefined, read.encoding);
  throw cause;
}

/** Returns the type that a column needs because of its values in one file. */
async function widerType(
  db: Database,
  where: CsvAttempt & { readonly file: string; readonly line: number; readonly layout: CsvLayout },
  { name, type }: CsvColumn,
): Promise<string> {
  const { file, line, layout, read, wanted } = where;
  const values = await textsAmongNumbers(db, file, layout, read, name);
  if (!wanted.has(name.toLowerCase())) {
    if (type !== 'DOUBLE' && values.texts === 0) return 'DOUBLE';
    if (values.texts > mostlyNumeric * values.all) return 'VARCHAR';
  }
  const first = { value: values.first ?? '', row: values.row };
  throw textInNumbers({ column: name, type }, first, values.texts, { file, line });
}

/** Counts a column's values and those that are no numbers, and finds the first of these. */
async function textsAmongNumbers(
  db: Database,
  file: string,
  layout: CsvLayout,
  read: ReadOptions,
  column: string,
): Promise<{ all: number; texts: number; row: number; first: string | null }> {
  const texts = { ...layout, columns: layout.columns.map(({ name }) => ({ name, type: 'VARCHAR' })) };
  const found = await db.row(
    `select count(value) as every, count(*) filter (where bad) as wrong,
       min(number) filter (where bad) as first, arg_min(value, number) filter (where bad) as value
     from (select row_number() over () as number, trim(${quoted(column)}) as value,
             try_cast(value as double) is null and value <> '' as bad
           from ${csvReader([file], texts, read, ', ignore_errors = true')})`,
  );
  const first = found['value'];
  return {
    all: countOf(found['every']),
    texts: countOf(found['wrong']),
    row: countOf(found['first']),
    first: typeof first === 'string' ? first : null,
  };
}
