import type { Source } from '../../experiment/schema.js';
import type { ColumnReport, DescribeReport } from '../../shared/messages/reports.js';
import { formatCount } from '../../shared/numbers.js';
import { quoted } from '../../shared/sql.js';
import { countOf, Database, type Row } from '../duckdb/database.js';
import { isFloat, isInteger, isNumber, isText, numberSql, typeKind } from '../duckdb/type-kind.js';
import { loadSource } from '../read/load-source.js';
import { realFolders } from '../read/source-files.js';
import type { ReadOptions } from '../read/source-kind.js';
import type { SourceColumn, SourceTable } from '../read/source-table.js';
import { isPadded } from '../read/text-types.js';
import { isBeyondDouble, type ColumnFacts } from './column-facts.js';
import { inferColumn, inferLabelKind, type Inference } from './infer.js';
import { missingMarks, notesOnTexts } from './text-notes.js';

export interface DescribeOptions {
  readonly folder: string;
  readonly workspace: string;
  /** How an experiment says that the table is read; left out where there is none yet. */
  readonly read?: ReadOptions | undefined;
  /** Whether the inferences of `"defaults": 2` count, which a new experiment writes out. Default: they do. */
  readonly newer?: boolean;
}

/**
 * Describes a source: its columns with kinds, ranges, counts, missing values and a guess at labels. As long as
 * nobody says how it is read, marks such as NA among numbers count as missing, which the report says. Throws
 * InputErrors.
 */
export async function describeSource(source: Source, options: DescribeOptions): Promise<DescribeReport> {
  const report = await describeAsRead(source, options);
  const marks = report.read?.['null'];
  if (options.read !== undefined || !Array.isArray(marks)) return report;
  const again = await describeAsRead(source, { ...options, read: { null: marks } });
  const listed = marks.map((mark) => JSON.stringify(mark)).join(', ');
  const note = `${listed} among numbers counts as missing here; an experiment says so, "null": [${listed}]`;
  return { ...again, notes: [note, ...(again.notes ?? [])], read: { ...again.read, null: marks } };
}

async function describeAsRead(source: Source, options: DescribeOptions): Promise<DescribeReport> {
  const folders = await realFolders(options.folder, options.workspace);
  const db = await Database.open(folders.workspace);
  try {
    const types = new Map(
      Object.entries(options.read?.types ?? {}).map(([column, type]) => [column.toLowerCase(), { type }]),
    );
    const table = await loadSource(db, 'data', source, { folders, read: options.read ?? {}, types });
    const wanted = table.columns.flatMap(statistics);
    const found = await db.row(`select ${wanted.join(', ')} from ${quoted(table.view)}`);
    const columns: ColumnReport[] = [];
    for (const [i, column] of table.columns.entries())
      columns.push(await describeColumn(db, table, column, i, found, options.newer ?? true));
    const texts = await textsOf(db, table);
    const notes = [...table.notes, ...[...texts].flatMap(([name, some]) => notesOnTexts(name, some))];
    const read = readOf(table, texts);
    return {
      ...{ source: table.title, files: table.files.length, rows: table.rows, columns },
      ...(notes.length > 0 && { notes }),
      ...(Object.keys(read).length > 0 && { read }),
    };
  } finally {
    db.close();
  }
}

/** So many different texts of a column are looked at. */
const textsForNotes = 2000;

/** Returns different texts of each text column, by name. */
async function textsOf(db: Database, table: SourceTable): Promise<Map<string, string[]>> {
  const texts = new Map<string, string[]>();
  for (const { name } of table.columns.filter(({ type }) => type === 'VARCHAR')) {
    const rows = await db.rows(
      `select distinct ${quoted(name)} as text from ${quoted(table.view)}
       where ${quoted(name)} is not null limit ${textsForNotes}`,
    );
    texts.set(
      name,
      rows.map(({ text }) => String(text)),
    );
  }
  return texts;
}

/** Returns the `data.read` that says what was found out about how values are written. */
function readOf(
  { columns, read }: SourceTable,
  texts: ReadonlyMap<string, readonly string[]>,
): NonNullable<DescribeReport['read']> {
  const formatsOf = (type: string): string[] => [
    ...new Set(columns.flatMap((one) => (one.type === type && one.format !== undefined ? [one.format] : []))),
  ];
  const marks = [...new Set([...texts.values()].flatMap(missingMarks))].sort();
  const [number] = formatsOf('DOUBLE');
  const [date, ...otherDates] = formatsOf('DATE');
  const [timestamp, ...otherTimestamps] = formatsOf('TIMESTAMP');
  // One sign for the whole file would be wrong for numbers that have another.
  const isAlone = !columns.some(({ type, format }) => type === 'DOUBLE' && format === undefined);
  return {
    ...(number === ',' && isAlone && read.decimal === undefined && { decimal: ',' }),
    ...(date !== undefined &&
      otherDates.length === 0 &&
      read.dateFormat === undefined && { dateFormat: date }),
    ...(timestamp !== undefined &&
      otherTimestamps.length === 0 &&
      read.timestampFormat === undefined && { timestampFormat: timestamp }),
    ...(marks.length > 0 && { null: [...(read.null ?? []), ...marks] }),
  };
}

const hasOrder = (type: string): boolean => typeKind(type) !== 'other';

function statistics(column: SourceColumn, i: number): string[] {
  const sql = quoted(column.name);
  if (!hasOrder(column.type)) return [`count(${sql}) as present${i}`];
  const parts = [
    `count(${sql}) as present${i}`,
    `count(distinct ${sql}) as distinct${i}`,
    `min(${sql})::varchar as min${i}`,
    `max(${sql})::varchar as max${i}`,
  ];
  if (isText(column.type))
    return [
      ...parts,
      `count(distinct ${sql}) filter (where isfinite(try_cast(${sql} as double))) as numeric${i}`,
      `count(distinct ${sql}) filter (where ${isPadded(`${sql}::varchar`)}) as padded${i}`,
    ];
  const value = numberSql(sql, column.type);
  if (isFloat(column.type))
    parts.push(
      `count(*) filter (where not isfinite(${sql})) as infinite${i}`,
      `bool_and(${sql} = floor(${sql})) as whole${i}`,
    );
  return [...parts, `avg(${value}) filter (where isfinite(${value})) as mean${i}`];
}

async function describeColumn(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  i: number,
  found: Row,
  newer: boolean,
): Promise<ColumnReport> {
  const present = countOf(found[`present${i}`]);
  const distinct = countOf(found[`distinct${i}`]);
  const numberAt = (key: string): number | null =>
    typeof found[`${key}${i}`] === 'number' ? Number(found[`${key}${i}`]) : null;
  const textAt = (key: string): string | null =>
    typeof found[`${key}${i}`] === 'string' ? String(found[`${key}${i}`]) : null;
  const isCounted = hasOrder(column.type);
  const facts: ColumnFacts = {
    ...column,
    rows: table.rows,
    present,
    distinct: isCounted ? distinct : null,
    min: textAt('min'),
    max: textAt('max'),
    whole: isInteger(column.type) || found[`whole${i}`] === true,
    fitsDouble: await fitsDouble(db, table, column, distinct, [textAt('min'), textAt('max')]),
    numericTexts: countOf(found[`numeric${i}`]),
    paddedTexts: countOf(found[`padded${i}`]),
  };
  const labelKind = isCounted && !isIdentity(facts) ? inferLabelKind(column.type, distinct) : null;
  return {
    ...column,
    ...withInfinite(inferColumn(facts, newer), countOf(found[`infinite${i}`])),
    distinct,
    missing: table.rows - present,
    min: textAt('min'),
    max: textAt('max'),
    mean: isNumber(column.type) ? numberAt('mean') : null,
    top: isCounted ? await mostFrequent(db, table, column) : [],
    labelKind,
    looksLikeLabel: labelKind !== null && looksLikeLabel(column.name, i, table, labelKind),
  };
}

async function fitsDouble(
  db: Database,
  table: SourceTable,
  { name, type }: SourceColumn,
  distinct: number,
  ends: readonly (string | null)[],
): Promise<boolean> {
  if (!isInteger(type) || !ends.some(isBeyondDouble)) return true;
  const found = await db.row(
    `select count(distinct ${quoted(name)}::double) as n from ${quoted(table.view)}`,
  );
  return countOf(found['n']) === distinct;
}

/** Adds to an inference that a column has values that are not finite, which a training would refuse. */
function withInfinite({ kind, why }: Inference, infinite: number): Inference {
  if (infinite === 0) return { kind, why };
  const [what, it, means] =
    infinite === 1
      ? ['1 value that is', 'it', 'it means']
      : [`${formatCount(infinite)} values that are`, 'them', 'they mean'];
  const advice = `correct ${it}, or list ${it} in data.read.null if ${means} missing`;
  return { kind, why: `${why}, with ${what} inf or nan: ${advice}` };
}

/** Whether a column of a report has values that are not finite: these are its largest or smallest. */
export const hasInfinite = ({ type, min, max }: ColumnReport): boolean =>
  isFloat(type) && [min, max].some((one) => one !== null && /^-?(inf|nan)/i.test(one));

const isIdentity = ({ type, distinct, present }: ColumnFacts): boolean =>
  present > 20 && distinct === present && !/^(DOUBLE|FLOAT|DECIMAL)/.test(type);

async function mostFrequent(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
): Promise<ColumnReport['top']> {
  const sql = quoted(column.name);
  const rows = await db.rows(
    `select ${sql}::varchar as value, count(*) as n from ${quoted(table.view)}
     where ${sql} is not null group by ${sql} order by n desc, value limit 20`,
  );
  return rows.map((row) => ({ value: String(row['value']), count: countOf(row['n']) }));
}

/**
 * The names that labels have. Only whole words count, so that `target_price` and `y1` match and `year` does
 * not.
 */
const labelWords = String.raw`
  label labels target class outcome y y\d+ response click clicked buy bought purchase purchased
  convert converted conversion churn churned like liked rating score income default fraud survived
  watch watched minutes dwell ctr cvr
`;
const labelName = new RegExp(
  String.raw`(^|[_\s.-])(${labelWords.trim().split(/\s+/).join('|')})($|[_\s.-])`,
  'i',
);

/** The names of sums over the past: such columns are features, whatever else their names say. */
const historyName = /(^|[_\s.-])(average|avg|mean|median|past|prev|previous|last|total|num|count|n)[_\s.-]/i;

/** Whether a column is a likely label: by its name, or else as a last column with two values. */
function looksLikeLabel(column: string, index: number, table: SourceTable, kind: string): boolean {
  const isNamed = (candidate: string): boolean => labelName.test(candidate) && !historyName.test(candidate);
  if (isNamed(column)) return true;
  return (
    index === table.columns.length - 1 &&
    kind === 'binary' &&
    !table.columns.some((other) => isNamed(other.name))
  );
}
