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
import type { ColumnFacts } from './column-facts.js';
import { inferColumn, inferLabelKind, type Inference } from './infer.js';

/**
 * Describes a source: its columns with kinds, ranges, counts, missing values and a guess at labels. Throws
 * InputErrors.
 */
export async function describeSource(
  source: Source,
  options: { readonly folder: string; readonly workspace: string; readonly read?: ReadOptions | undefined },
): Promise<DescribeReport> {
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
      columns.push(await describeColumn(db, table, column, i, found));
    return { source: table.title, files: table.files.length, rows: table.rows, columns };
  } finally {
    db.close();
  }
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
  if (isInteger(column.type)) parts.push(`count(distinct ${value}) as doubles${i}`);
  return [...parts, `avg(${value}) filter (where isfinite(${value})) as mean${i}`];
}

async function describeColumn(
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  i: number,
  found: Row,
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
    fitsDouble: !isInteger(column.type) || countOf(found[`doubles${i}`]) === distinct,
    numericTexts: countOf(found[`numeric${i}`]),
    paddedTexts: countOf(found[`padded${i}`]),
  };
  const labelKind = isCounted && !isIdentity(facts) ? inferLabelKind(column.type, distinct) : null;
  return {
    ...column,
    ...withInfinite(inferColumn(facts), countOf(found[`infinite${i}`])),
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
