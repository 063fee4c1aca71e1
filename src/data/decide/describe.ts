import * as v from 'valibot';
import type { Source } from '../../experiment/schema.js';
import type { ColumnReport, DescribeReport } from '../../shared/messages/reports.js';
import { formatCount } from '../../shared/numbers.js';
import { quoted } from '../../shared/sql.js';
import { inParts } from '../duckdb/column-parts.js';
import { Database } from '../duckdb/database.js';
import { isFloat, isInteger, isList, isNumber, isText, numberSql, typeKind } from '../duckdb/type-kind.js';
import { checkTypes } from '../read/check-types.js';
import { loadSource } from '../read/load-source.js';
import { realFolders } from '../read/files/source-files.js';
import type { ReadOptions } from '../read/source-kind.js';
import { valuesOf, type SourceColumn, type SourceTable } from '../read/table/source-table.js';
import { isPadded } from '../read/texts/text-types.js';
import { columnsThatCount, type ColumnFacts } from './column-facts.js';
import { inferColumn, inferLabelKind, type Inference } from './infer.js';
import { notesOnSentinels } from './sentinels.js';
import { missingMarks, notesOnDays, notesOnTexts, separatorIn } from './text-notes.js';

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
    await checkTypes(db, options.read ?? {});
    const types = new Map(
      Object.entries(options.read?.types ?? {}).map(([column, type]) => [column.toLowerCase(), { type }]),
    );
    const table = await loadSource(db, 'data', source, { folders, read: options.read ?? {}, types });
    const columns: ColumnReport[] = [];
    const texts = new Map<string, readonly string[]>();
    for (const some of inParts(table.columns, table.rows > fewRows ? countedAtOnce : undefined)) {
      const found = await statistics(db, table, some);
      const different = await differentOf(db, table, some);
      const counting = await columnsThatCount(
        db,
        table,
        some.map((column, i) => ({ ...column, whole: found[i]!.whole ?? false, min: found[i]!.min })),
      );
      for (const [i, column] of some.entries()) {
        columns.push(
          describeColumn(table, column, columns.length, {
            ...{ found: found[i]!, different: different[i]!, newer: options.newer ?? true },
            countsUp: counting.has(column.name),
          }),
        );
        if (isText(column.type)) texts.set(column.name, different[i]?.texts ?? []);
      }
    }
    const days = columns.filter(({ kind }) => kind === 'numeric').flatMap(notesOnDays);
    const ofTexts = [...texts].flatMap(([name, some]) => notesOnTexts(name, some));
    const numbers = columns.filter(({ kind, type }) => kind === 'numeric' && !isText(type));
    const sentinels = await notesOnSentinels(db, table, numbers);
    const notes = [...table.notes, ...days, ...ofTexts, ...sentinels.values()];
    const read = readOf(table, texts, columns);
    return {
      ...{ source: table.title, files: table.files.length, rows: table.rows, columns },
      ...(notes.length > 0 && { notes }),
      ...(Object.keys(read).length > 0 && { read }),
    };
  } finally {
    db.close();
  }
}

/** Returns the `data.read` that says what was found out about how values are written. */
function readOf(
  { columns, read }: SourceTable,
  texts: ReadonlyMap<string, readonly string[]>,
  reports: readonly ColumnReport[],
): NonNullable<DescribeReport['read']> {
  const formatsOf = (type: string): string[] => [
    ...new Set(columns.flatMap((one) => (one.type === type && one.format !== undefined ? [one.format] : []))),
  ];
  const marks = [
    ...new Set([...[...texts.values()].flatMap(missingMarks), ...(hasNan(reports) ? ['nan'] : [])]),
  ].sort();
  const numbers = formatsOf('DOUBLE');
  const isComma = numbers.length > 0 && numbers.every((format) => format.startsWith(','));
  const [thousands, ...otherThousands] = new Set(numbers.flatMap(([, sign]) => sign ?? []));
  const [date, ...otherDates] = formatsOf('DATE');
  const [timestamp, ...otherTimestamps] = formatsOf('TIMESTAMP');
  // One sign for the whole file would be wrong for numbers that have another.
  const isAlone = !columns.some(({ type, format }) => type === 'DOUBLE' && format === undefined);
  return {
    ...(isComma && isAlone && read.decimal === undefined && { decimal: ',' }),
    ...(isComma &&
      isAlone &&
      read.thousands === undefined &&
      thousands !== undefined &&
      otherThousands.length === 0 && { thousands }),
    ...(date !== undefined &&
      otherDates.length === 0 &&
      read.dateFormat === undefined && { dateFormat: date }),
    ...(timestamp !== undefined &&
      otherTimestamps.length === 0 &&
      read.timestampFormat === undefined && { timestampFormat: timestamp }),
    ...(marks.length > 0 && { null: [...(read.null ?? []), ...marks] }),
  };
}

/** Whether a column of numbers has NaN, by which other programs mark a value that is missing: it is the largest. */
const hasNan = (reports: readonly ColumnReport[]): boolean =>
  reports.some(({ type, max }) => isFloat(type) && max !== null && /^nan$/i.test(max));

const hasOrder = (type: string): boolean => typeKind(type) !== 'other';

/** So many columns' different values are counted in one statement: each takes a table of its values. */
const countedAtOnce = 16;

const countSchema = v.pipe(v.union([v.string(), v.number()]), v.transform(Number));

const statisticsSchema = v.object({
  present: countSchema,
  min: v.nullish(v.string(), null),
  max: v.nullish(v.string(), null),
  /** The mean of the finite values; null where there is none. */
  mean: v.fallback(v.nullable(v.number()), null),
  /** How many values are not finite. */
  infinite: v.optional(countSchema, 0),
  whole: v.nullish(v.boolean(), null),
});

/** What a column's values are, as one pass shows without counting each of them. */
type Statistics = v.InferOutput<typeof statisticsSchema>;

async function statistics(
  db: Database,
  table: SourceTable,
  columns: readonly SourceColumn[],
): Promise<Statistics[]> {
  const values = columns.map((column, i) => `${valuesOf(table, column)} as c${i}`);
  const asked = columns.map(({ type }, i) => `{ ${statisticsOf(`c${i}`, type).join(', ')} } as s${i}`);
  const found = await db.row(
    `select ${asked.join(', ')} from (select ${values.join(', ')} from ${quoted(table.raw)})`,
  );
  return columns.map((_, i) => v.parse(statisticsSchema, JSON.parse(String(found[`s${i}`]))));
}

function statisticsOf(sql: string, type: string): string[] {
  if (!hasOrder(type)) return [`present: count(${sql})`];
  const parts = [`present: count(${sql})`, `min: min(${sql})::varchar`, `max: max(${sql})::varchar`];
  if (isText(type)) return parts;
  const value = numberSql(sql, type);
  if (isFloat(type))
    parts.push(
      `infinite: count(case when not isfinite(${sql}) then 1 end)`,
      `whole: bool_and(${sql} = floor(${sql}))`,
    );
  // No `filter (where …)`: DuckDB makes room for the values of all aggregates in each one that has it.
  return [...parts, `mean: avg(case when isfinite(${value}) then ${value} end)`];
}

const differentSchema = v.object({
  /** The number of different values. */
  values: countSchema,
  /** How many of them are numbers, for texts. */
  numeric: v.optional(countSchema, 0),
  /** How many of them are digits with zeros before them, for texts. */
  padded: v.optional(countSchema, 0),
  /** How many of them are whole numbers of more digits than a double holds, for texts. */
  beyond: v.optional(countSchema, 0),
  /** How many different doubles they are, for whole numbers. */
  doubles: v.optional(countSchema, 0),
  /** Some of them, for texts. */
  texts: v.nullish(v.array(v.string()), []),
  top: v.nullish(v.array(v.object({ n: countSchema, v: v.string() })), []),
});

/** A column's different values. */
type Different = v.InferOutput<typeof differentSchema>;

/** So many of a column's most frequent values are reported. */
const topValues = 20;

/** So many of a column's different texts are looked at. */
const textsForNotes = 2000;

/** A column that has an order, and its place among those that are asked for. */
interface Counted {
  readonly column: SourceColumn;
  readonly i: number;
}

/**
 * A table of so many rows is counted with all columns of a kind in one table of values: one for each column
 * would take two megabytes, three times, however few they are.
 */
const fewRows = 8192;

/** Counts the different values of columns. */
async function differentOf(
  db: Database,
  table: SourceTable,
  columns: readonly SourceColumn[],
): Promise<(Different | null)[]> {
  const counted = columns.flatMap((column, i) => (hasOrder(column.type) ? [{ column, i }] : []));
  const kinds =
    table.rows > fewRows
      ? [counted]
      : [isText, isInteger, (type: string) => !isText(type) && !isInteger(type)].map((isKind) =>
          counted.filter(({ column }) => isKind(column.type)),
        );
  const different = new Map<number, Different>();
  for (const some of kinds.filter(({ length }) => length > 0)) {
    const query = table.rows > fewRows ? eachCounted(table, some) : allCounted(table, some);
    for (const row of await db.rows(query))
      different.set(Number(row['i']), v.parse(differentSchema, JSON.parse(String(row['found']))));
  }
  return columns.map((_, i) => different.get(i) ?? null);
}

/** Returns the query that counts the different values of each column for itself. */
function eachCounted(table: SourceTable, counted: readonly Counted[]): string {
  const values = counted.map(({ column, i }) => `${valuesOf(table, column)} as c${i}`);
  const asked = counted.map(
    ({ column: { type }, i }) =>
      `select ${i} as i, to_json({ ${differencesOf(type).join(', ')} })::varchar as found
       from (select c${i} as v, count(*) as n from shown group by c${i})`,
  );
  // The names of very many columns take longer to look at, for each column again, than to copy some columns.
  const how = table.columns.length > countedAtOnce ** 2 ? 'materialized' : 'not materialized';
  return `with shown as ${how} (select ${values.join(', ')} from ${quoted(table.raw)}) ${asked.join(' union all ')}`;
}

/** Returns the query that counts the different values of columns of one kind together, as texts. */
function allCounted(table: SourceTable, counted: readonly Counted[]): string {
  const values = counted.map(({ column, i }) => {
    const value = valuesOf(table, column);
    // Of the two zeros of floating-point numbers there is one, as where the numbers themselves are counted.
    const one = isFloat(column.type) ? `case when ${value} = 0 then 0 else ${value} end` : value;
    return `{ i: ${i}, v: (${one})::varchar }`;
  });
  return `select i, to_json({ ${differencesOf(counted[0]!.column.type).join(', ')} })::varchar as found
    from (
      select i, v, count(*) as n
      from (select unnest([${values.join(', ')}], recursive := true) from ${quoted(table.raw)}) group by i, v
    ) group by i`;
}

/** Returns what to find out of a column's different values `v`, each of which `n` rows have. */
function differencesOf(type: string): string[] {
  const top = `top: min(case when v is not null then { n: -n, v: v::varchar } end, ${topValues})`;
  const parts = ['values: count(v)', top];
  if (isInteger(type)) parts.push('doubles: count(distinct v::double)');
  if (!isText(type)) return parts;
  return [
    ...parts,
    `texts: min(v::varchar, ${textsForNotes})`,
    // DuckDB takes 1_000 for a number, what plans a training does not.
    "numeric: count(case when isfinite(try_cast(v as double)) and not contains(v::varchar, '_') then 1 end)",
    `padded: count(case when ${isPadded('v::varchar')} then 1 end)`,
    `beyond: count(case when regexp_full_match(trim(v::varchar), '-?[0-9]{16,}')
       and abs(try_cast(v as double)) >= 2e0 ** 53 then 1 end)`,
  ];
}

function describeColumn(
  table: SourceTable,
  column: SourceColumn,
  index: number,
  {
    found,
    different,
    countsUp,
    newer,
  }: { found: Statistics; different: Different | null; countsUp: boolean; newer: boolean },
): ColumnReport {
  const { present, min, max } = found;
  const distinct = different?.values ?? 0;
  const isCounted = hasOrder(column.type);
  const facts: ColumnFacts = {
    ...column,
    rows: table.rows,
    present,
    distinct: isCounted ? distinct : null,
    min,
    max,
    whole: isInteger(column.type) || (found.whole ?? false),
    fitsDouble: isInteger(column.type) ? different?.doubles === distinct : different?.beyond === 0,
    numericTexts: different?.numeric ?? 0,
    paddedTexts: different?.padded ?? 0,
    countsUp,
  };
  const several = isList(column.type)
    ? { separator: null }
    : isText(column.type)
      ? separatorIn(different?.texts ?? [])
      : null;
  const labelKind = isCounted && !isIdentity(facts) ? inferLabelKind(column.type, distinct) : null;
  return {
    ...column,
    ...withInfinite(inferColumn(facts, newer), found.infinite),
    distinct,
    missing: table.rows - present,
    min,
    max,
    mean: isNumber(column.type) ? found.mean : null,
    top: (different?.top ?? []).map(({ n, v: value }) => ({ value, count: -n })),
    labelKind,
    ...(several !== null && { several: { separator: several.separator } }),
    looksLikeLabel: labelKind !== null && looksLikeLabel(column.name, index, table, labelKind),
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
