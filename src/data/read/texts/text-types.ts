import { literal } from '../../../shared/sql.js';
import { isLong } from '../table/long-numbers.js';
import { countOf, type Database, type Row } from '../../duckdb/database.js';
import { isInteger, isNumber } from '../../duckdb/type-kind.js';
import type { ReadOptions } from '../source-kind.js';
import { dateFormats, formsIn, typeOfFormat } from './date-forms.js';

/** What texts stand for, and how it is written. */
export interface TextType {
  /** DuckDB's type. */
  readonly type: string;
  /**
   * How values are written, where DuckDB's own cast does not read them: the formats of `strptime` for dates and
   * times, separated by `|`; for numbers the decimal sign, followed by the thousands sign if there is one.
   */
  readonly format?: string | undefined;
}

/** The types that columns must have, by column in lower case. */
export type WantedTypes = ReadonlyMap<string, TextType>;

/** Texts of boolean values; others that DuckDB would cast, as 0 and 1, are more likely numbers. */
const booleans = ['true', 'false', 't', 'f', 'yes', 'no'];

const wholeNumber = '[+-]?[0-9]+';
const paddedNumber = '[+-]?0[0-9]+';
const isoDate = '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}';
const clock = '[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?';
const zoned = ':.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)$';

const matches = (text: string, pattern: string): string => `regexp_full_match(${text}, ${literal(pattern)})`;

/** What ends a time that says in which zone it is. */
const withZone = ':.*(Z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)$';

/** Returns the SQL of whether a text is a time that says in which zone it is. */
export const hasZone = (text: string): string => `regexp_matches(${text}, ${literal(withZone)})`;

/** DuckDB's type of moments, which are read of times with a zone; of those without one as if in UTC. */
export const zonedType = 'TIMESTAMP WITH TIME ZONE';

/** Returns the SQL of whether a text is digits with zeros before them, as codes have. */
export const isPadded = (text: string): string => matches(text, paddedNumber);

/**
 * Returns the SQL of the value of a text: null where the text is no such value, or would be changed by the
 * cast, as 3.75 is by one to a whole number. `text`: an expression of type VARCHAR without blanks around.
 */
export function valueOfText(text: string, { type, format }: TextType): string {
  const cast = `try_cast(${text} as ${type})`;
  const only = (condition: string): string => `case when ${condition} then ${cast} end`;
  if (format !== undefined) {
    if (/^(DATE|TIME)/.test(type)) return dateOfText(text, type, format);
    return `try_cast(case when ${matches(text, numberPattern(format))}
      then ${plainNumber(text, format)} end as ${type})`;
  }
  if (isInteger(type)) return only(matches(text, `${wholeNumber}([.]0*)?`));
  switch (type) {
    case 'DOUBLE':
      return only(`not contains(${text}, '_')`);
    case 'BOOLEAN':
      return only(`lower(${text}) in (${booleans.map(literal).join(', ')})`);
    case 'DATE':
      return only(matches(text, isoDate));
    case 'TIME':
      return only(matches(text, clock));
    case 'TIMESTAMP':
      return only(`not regexp_matches(${text}, ${literal(zoned)})`);
    default:
      return cast;
  }
}

/**
 * A year of two digits is no year of the first century: `%Y` needs four digits. Dates as in ISO 8601 are read
 * beside others, for nobody can take one for the other.
 */
function dateOfText(text: string, type: string, format: string): string {
  const forms = formsIn(format).map(literal);
  const parsed = `try_strptime(${text}, ${forms.length === 1 ? forms[0]! : `[${forms.join(', ')}]`})::${type}`;
  if (!format.includes('%Y')) return parsed;
  const iso = valueOfText(text, { type });
  return `case when regexp_matches(${text}, '[0-9]{4}') then coalesce(${parsed}, ${iso}) end`;
}

function numberPattern(format: string): string {
  const [decimal = '.', thousands] = format;
  const whole = thousands === undefined ? '[0-9]*' : `([0-9]{1,3}([${thousands}][0-9]{3})+|[0-9]*)`;
  return `[+-]?${whole}([${decimal}][0-9]*)?([eE][+-]?[0-9]+)?`;
}

function plainNumber(text: string, format: string): string {
  const [decimal = '.', thousands] = format;
  const joined = thousands === undefined ? text : `replace(${text}, ${literal(thousands)}, '')`;
  return decimal === '.' ? joined : `replace(${joined}, ${literal(decimal)}, '.')`;
}

/** Returns the signs of `data.read.decimal` and `data.read.thousands` as a number's format, if there are any. */
export const numberFormat = ({ decimal, thousands }: ReadOptions): string | undefined =>
  decimal === undefined && thousands === undefined ? undefined : `${decimal ?? '.'}${thousands ?? ''}`;

/** Returns a type with the format that `data.read` says for its values, if it brings none of its own. */
export function asWritten({ type, format }: TextType, read: ReadOptions): TextType {
  const { dateFormat, timestampFormat } = read;
  if (format !== undefined) return { type, format };
  if (type === 'DATE') return { type, format: dateFormat ?? timestampFormat };
  if (type.startsWith('TIMESTAMP')) return { type, format: timestampFormat ?? dateFormat };
  return { type, format: isNumber(type) ? numberFormat(read) : undefined };
}

/** A column whose texts are to be looked at. */
export interface OpenColumn {
  readonly name: string;
  /** The SQL of its texts, cleaned. */
  readonly text: string;
  /** The SQL of a row's number, from 0. */
  readonly row: string;
  /** The format of numbers that it may hold. */
  readonly numbers: string | undefined;
  /** Formats of dates to try before all others. */
  readonly dates: readonly string[];
  /** Whether years may have two digits. */
  readonly shortYears: boolean;
}

/** What all texts of a column turned out to be. */
export interface Decided extends TextType {
  /** How many texts there are. */
  readonly present: number;
  /** The kind of value that nearly all texts are, with how many are not and the first of these; null: none. */
  readonly odd: {
    readonly type: TextType;
    readonly texts: number;
    readonly value: string;
    readonly row: number;
  } | null;
  /** Whether the dates could as well be read with day and month the other way round. */
  readonly ambiguous: boolean;
  /** How many times have no zone in a column in which others have one; these are taken as UTC. */
  readonly unzoned: number;
  /** A whole number that the doubles of a column with fractions hold only about; null: there is none. */
  readonly long: string | null;
}

/** So many columns are looked at in one query. */
const columnsAtOnce = 50;

/**
 * Decides from all its texts what each column is: what holds every one of them without a change. Columns
 * without a text are left out.
 */
export async function decideTypes(
  db: Database,
  from: string,
  columns: readonly OpenColumn[],
): Promise<Map<string, Decided>> {
  const decided = new Map<string, Decided>();
  for (let at = 0; at < columns.length; at += columnsAtOnce) {
    const some = columns.slice(at, at + columnsAtOnce);
    const found = await db.row(`select ${some.flatMap(countsOf).join(', ')} from ${from}`);
    for (const [i, column] of some.entries()) {
      const present = countOf(found[`n${i}`]);
      if (present > 0) decided.set(column.name, await decide(db, from, column, present, found, i));
    }
  }
  return decided;
}

function countsOf({ text, numbers }: OpenColumn, i: number): string[] {
  const fits = (type: TextType): string => `count(${valueOfText(text, type)})`;
  return [
    `count(${text}) as n${i}`,
    `count(*) filter (where ${matches(text, wholeNumber)}) as whole${i}`,
    `count(*) filter (where ${isPadded(text)}) as padded${i}`,
    `${fits({ type: 'BIGINT' })} as bigint${i}`,
    `${fits({ type: 'HUGEINT' })} as hugeint${i}`,
    `${fits({ type: 'DOUBLE', format: numbers })} as number${i}`,
    `${fits({ type: 'BOOLEAN' })} as boolean${i}`,
    `min(${text}) as example${i}`,
    `min(case when ${matches(text, wholeNumber)} and ${isLong(`try_cast(${text} as double)`)}
       then ${text} end) as long${i}`,
  ];
}

async function decide(
  db: Database,
  from: string,
  column: OpenColumn,
  present: number,
  found: Row,
  i: number,
): Promise<Decided> {
  const all = (key: string): boolean => countOf(found[`${key}${i}`]) === present;
  const as = (type: TextType, ambiguous = false): Decided => ({
    ...type,
    present,
    odd: null,
    ambiguous,
    unzoned: 0,
    long: null,
  });
  const number = { type: 'DOUBLE', format: column.numbers };
  // Digits with zeros before them are codes, whatever else there is.
  if (countOf(found[`padded${i}`]) > 0) return as({ type: 'VARCHAR' });
  if (all('whole')) return as({ type: all('bigint') ? 'BIGINT' : all('hugeint') ? 'HUGEINT' : 'VARCHAR' });
  if (all('number')) {
    const long = found[`long${i}`];
    return { ...as(number), long: typeof long === 'string' ? long : null };
  }
  if (all('boolean')) return as({ type: 'BOOLEAN' });
  const numbers = countOf(found[`number${i}`]);
  if (numbers > 0)
    return { ...as({ type: 'VARCHAR' }), odd: await oddOnes(db, from, column, number, present, numbers) };
  return decideTime(db, from, column, present, String(found[`example${i}`]));
}

async function decideTime(
  db: Database,
  from: string,
  column: OpenColumn,
  present: number,
  example: string,
): Promise<Decided> {
  const first = await bestTime(db, from, column, present, [example]);
  if (first.odd === null && first.type !== 'VARCHAR') return first;
  const examples = await examplesOf(db, from, column);
  return examples.length > 1 ? bestTime(db, from, column, present, examples) : first;
}

/** Decides what texts are among dates and times, with forms as examples have them. */
async function bestTime(
  db: Database,
  from: string,
  column: OpenColumn,
  present: number,
  examples: readonly string[],
): Promise<Decided> {
  const candidates = timeTypes(column, examples);
  const counts = [
    ...candidates.map((type, i) => `count(${valueOfText(column.text, type)}) as c${i}`),
    `count(case when not ${hasZone(column.text)} then 1 end) as unzoned`,
  ];
  const text: Decided = { type: 'VARCHAR', present, odd: null, ambiguous: false, unzoned: 0, long: null };
  const found = await db.row(`select ${counts.join(', ')} from ${from}`);
  const fitting = candidates.map((_, i) => countOf(found[`c${i}`]));
  const best = fitting.indexOf(Math.max(...fitting));
  const type = candidates[best]!;
  if (fitting[best] === present) {
    const { format } = type;
    const isGiven = format !== undefined && column.dates.some((one) => format.includes(one));
    const others = candidates.filter(
      (other, i) => fitting[i] === present && isOtherOrder(format, other.format),
    );
    const unzoned = type.type === zonedType ? countOf(found['unzoned']) : 0;
    return { ...text, ...type, ambiguous: !isGiven && others.length > 0, unzoned };
  }
  if (fitting[best] === 0) return text;
  return { ...text, odd: await oddOnes(db, from, column, type, present, fitting[best]!) };
}

const isOtherOrder = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other && one.length === other.length;

/** Finds the texts that are not of the type that most are. */
async function oddOnes(
  db: Database,
  from: string,
  { text, row }: OpenColumn,
  type: TextType,
  present: number,
  fitting: number,
): Promise<Decided['odd']> {
  const odd = `${text} is not null and ${valueOfText(text, type)} is null`;
  const found = await db.row(
    `select min(${row}) as row, arg_min(${text}, ${row}) as value from ${from} where ${odd}`,
  );
  return { type, texts: present - fitting, value: String(found['value']), row: countOf(found['row']) };
}

/** Returns what texts like these may be among dates and times, the likeliest first. */
function timeTypes({ dates, shortYears }: OpenColumn, examples: readonly string[]): TextType[] {
  const given = [...dates, ...(dates.length > 1 ? [dates.join('|')] : [])];
  const plain = ['DATE', 'TIMESTAMP', zonedType, 'TIME'].map((type) => ({ type }));
  const asFormat = (format: string): TextType => ({ type: typeOfFormat(format), format });
  return [...given.map(asFormat), ...plain, ...dateFormats(examples, shortYears).map(asFormat)];
}

/** So many different forms are looked at, each month's name in one of its own. */
const mostShapes = 64;

/** Returns a text of each form, whatever its digits are, the most frequent first. */
async function examplesOf(db: Database, from: string, { text }: OpenColumn): Promise<string[]> {
  const found = await db.rows(
    `select min(value) as value from (select ${text} as value from ${from}) where value is not null
     group by regexp_replace(value, '[0-9]+', '9', 'g') order by count(*) desc, value limit ${mostShapes}`,
  );
  return found.map(({ value }) => String(value));
}
