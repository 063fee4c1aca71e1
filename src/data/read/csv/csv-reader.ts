import { literal, quoted } from '../../../shared/sql.js';
import type { ReadOptions } from '../source-kind.js';
import { literalPath } from '../files/source-files.js';
import { isInteger } from '../../duckdb/type-kind.js';
import { hasZone, isPadded, valueOfText, zonedType } from '../texts/text-types.js';
import { partitionArgument, withPartitions, type Partition } from '../files/partitions.js';

/** How a text file is laid out. */
export interface CsvLayout {
  readonly delimiter: string;
  readonly quote: string;
  readonly escape: string;
  /** The sign that begins a line which is no row; empty: there is none. */
  readonly comment: string;
  /** How many lines come before the table. */
  readonly skip: number;
  /** Whether the first line is no row. */
  readonly header: boolean;
  readonly columns: readonly CsvColumn[];
  /** How dates and times are written, by DuckDB's type, where that is not as in ISO 8601. */
  readonly timeFormats: Readonly<Record<string, string>>;
  /** What people should know about how it was found out. */
  readonly notes: readonly string[];
  /** Whether digits have a `_` between them in its beginning, which DuckDB would pass over in a number. */
  readonly hasUnderscores: boolean;
}

export interface CsvColumn {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
  /** Whether the type is a guess from the beginning of a file, so that later values may be of another. */
  readonly guessed?: boolean;
}

/**
 * A quarter of DuckDB's own buffer, so that all threads have work to the end: 15 % faster for 100 MB on two
 * threads.
 */
export const bufferBytes = 8_000_000;

/** Returns the SQL of the rows of text files of one layout. `more`: further arguments, each after a comma. */
export function csvReader(
  files: readonly string[],
  layout: CsvLayout,
  read: Pick<ReadOptions, 'null' | 'encoding'>,
  more = '',
): string {
  const columns = layout.columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ');
  return `read_csv([${files.map(literalPath).join(', ')}], auto_detect = false,
    hive_partitioning = false, header = ${layout.header},
    delim = ${literal(layout.delimiter)}, quote = ${literal(layout.quote)},
    escape = ${literal(layout.escape)}, comment = ${literal(layout.comment)}, skip = ${layout.skip},
    nullstr = ${missingTextsSql(read)}, encoding = ${literal(read.encoding ?? 'utf-8')},
    buffer_size = ${bufferBytes}, columns = {${columns}}${more})`;
}

/** Returns a layout whose columns are all texts. */
export const asTexts = (layout: CsvLayout): CsvLayout => ({
  ...layout,
  columns: layout.columns.map(({ name }) => ({ name, type: 'VARCHAR' })),
});

/**
 * Returns the query of the rows of text files that fails where a guessed type would change a value: DuckDB's
 * reader rounds 3.75 in a column of whole numbers, and drops the time in a column of dates. `asNumbers`: the
 * columns whose whole numbers are known to be small, which are read as doubles, the fastest way to see a
 * fraction. `partitions`: the columns that the files' folders give to them, after the others.
 */
export function checkedRows(
  files: readonly string[],
  layout: CsvLayout,
  read: ReadOptions,
  asNumbers: ReadonlySet<string>,
  partitions: readonly Partition[] = [],
): string {
  const checked = layout.columns.map((column) => checkedColumn(column, asNumbers.has(column.name)));
  const reader = csvReader(
    files,
    { ...layout, columns: layout.columns.map(({ name }, i) => ({ name, type: checked[i]!.type })) },
    read,
    partitionArgument(partitions),
  );
  const rows = withPartitions(reader, partitions);
  if (checked.every(({ value }) => value === null)) return `select * from ${rows}`;
  const shown = layout.columns.map(({ name }, i) => {
    const { value } = checked[i]!;
    return value === null ? quoted(name) : `${value} as ${quoted(name)}`;
  });
  const all = [...shown, ...partitions.map(({ name }) => quoted(name))];
  return `select ${all.join(', ')} from ${rows}`;
}

/** Returns the type that a column is read as, and the SQL of its values; null: they are as read. */
function checkedColumn(
  { name, type, guessed = false }: CsvColumn,
  asNumber: boolean,
): { type: string; value: string | null } {
  if (!guessed && !isInteger(type)) return { type, value: null };
  const column = quoted(name);
  const orFail = (fits: string, value: string): string =>
    `case when ${column} is null or ${fits} then ${value} else error('another type') end`;
  switch (type) {
    case 'DATE':
      return {
        type: 'TIMESTAMP',
        value: orFail(`${column} = date_trunc('day', ${column})`, `${column}::date`),
      };
    case 'BOOLEAN':
    case 'TIME':
    case 'TIMESTAMP':
    case zonedType:
      break;
    default:
      if (!isInteger(type)) return { type, value: null };
      if (asNumber) return { type: 'DOUBLE', value: orFail(`${column} = floor(${column})`, column) };
  }
  const text = `trim(${column})`;
  const value = valueOfText(text, { type });
  const fails = `error('another type')::${type}`;
  // Zeros before digits say that these are no number, unless the type is asked for.
  const code = guessed && isInteger(type) ? ` when ${isPadded(text)} then ${fails}` : '';
  // A time without a zone beside others is taken as UTC, of which people have to know.
  const unzoned = type === zonedType ? ` when not ${hasZone(text)} then ${fails}` : '';
  // A text that its number gives again needs no patterns, which take several times as long.
  const cast = `try_cast(${column} as ${type})`;
  const plain = isInteger(type) ? ` when ${cast}::varchar = ${text} then ${cast}` : '';
  return {
    type: 'VARCHAR',
    value: `case${plain} when ${column} is null then null${code}${unzoned} else coalesce(${value}, ${fails}) end`,
  };
}

/** Returns the SQL of the texts that mean a missing value; blanks around them do not count. */
export function missingTextsSql(read: Pick<ReadOptions, 'null'>): string {
  const texts = (read.null ?? []).flatMap((text) => [text, ` ${text}`, `${text} `, ` ${text} `]);
  return `[${[...new Set(['', ...texts])].map(literal).join(', ')}]`;
}
