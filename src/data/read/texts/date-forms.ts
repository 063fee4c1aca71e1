/**
 * How people and programs write dates, in the formats of DuckDB's `strptime`. A column may have several forms:
 * its format lists them, separated by `|`.
 */

/** The parts that a time of day may be written in, after a date. */
const clock = /(?:([ T])(\d{1,2}):(\d{2})(:\d{2})?(\.\d+)?( ?[AaPp][Mm])?)?/.source;
const zone = '( ?(?:Z|[+-]\\d{2}(?::?\\d{2})?))?';

const inNumbers = new RegExp(`^(\\d{1,4})([./-])(\\d{1,2})\\2(\\d{1,4})${clock}${zone}$`);
const month = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)([a-z]*)';
const monthSecond = new RegExp(`^(\\d{1,4})([ -])${month}\\2(\\d{1,4})${clock}$`, 'i');
const monthFirst = new RegExp(`^${month} (\\d{1,2})(,?) (\\d{4})${clock}$`, 'i');

/** Whether a text looks like a date with a year of four digits. */
export function looksLikeDate(text: string): boolean {
  const bare = text.trim();
  const [, first = '', , , last = ''] = inNumbers.exec(bare) ?? [];
  if (first !== '') return hasYear(first, last);
  const [, day = '', , , , year = ''] = monthSecond.exec(bare) ?? [];
  return day !== '' ? hasYear(day, year) : monthFirst.test(bare);
}

/** Whether the digits of a whole number are those of a day of our times, as 20240131 has them. */
export const looksLikeDay = (digits: string): boolean =>
  /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(digits);

/** Returns the SQL of the day that the digits of a whole number stand for. */
export const dayOfNumber = (sql: string): string => `strptime(${sql}::varchar, '%Y%m%d')::date`;

const hasYear = (first: string, last: string): boolean =>
  (first.length === 4 && last.length <= 2) || (first.length <= 2 && last.length === 4);

/** The orders of day, month and year. */
const orders = ['day first', 'month first', 'year first'] as const;
type Order = (typeof orders)[number];

/** A format and the order that it has; an order of null goes with any. */
interface Form {
  readonly order: Order | null;
  readonly format: string;
}

/** Returns the formats that texts like this one may have. `shortYears`: whether years may have two digits. */
function formsOf(text: string, shortYears: boolean): Form[] {
  const bare = text.trim();
  const numbers = inNumbers.exec(bare);
  if (numbers !== null) {
    const [, first = '', sign = '', , last = ''] = numbers;
    const time = timeFormat(numbers.slice(5));
    return ordersOf(first, last, shortYears).map(([order, parts]) => ({
      order,
      format: parts.join(sign) + time,
    }));
  }
  const second = monthSecond.exec(bare);
  if (second !== null) {
    const [, first = '', sign = '', , , last = ''] = second;
    const parts = first.length === 4 ? ['%Y', '%d'] : ['%d', last.length === 4 ? '%Y' : '%y'];
    if (!hasYear(first, last) && !shortYears) return [];
    return monthFormats(second[3]!, second[4]!).map((name) => ({
      order: null,
      format: [parts[0], name, parts[1]].join(sign) + timeFormat(second.slice(6)),
    }));
  }
  const before = monthFirst.exec(bare);
  if (before === null) return [];
  return monthFormats(before[1]!, before[2]!).map((name) => ({
    order: null,
    format: `${name} %d${before[4]} %Y${timeFormat(before.slice(6))}`,
  }));
}

function ordersOf(first: string, last: string, shortYears: boolean): [Order, string[]][] {
  if (first.length === 4) return [['year first', ['%Y', '%m', '%d']]];
  const year = last.length === 4 ? '%Y' : '%y';
  if (year === '%y' && !(shortYears && last.length === 2)) return [];
  const either: [Order, string[]][] = [
    ['day first', ['%d', '%m', year]],
    ['month first', ['%m', '%d', year]],
  ];
  return year === '%Y' ? either : [...either, ['year first', ['%y', '%m', '%d']]];
}

/** The name of May is as long as its abbreviation. */
const monthFormats = (start: string, rest: string): string[] =>
  rest !== '' ? ['%B'] : /^may$/i.test(start) ? ['%b', '%B'] : ['%b'];

function timeFormat([gap, , , seconds, fraction, half]: readonly (string | undefined)[]): string {
  if (gap === undefined) return '';
  const hour = half === undefined ? '%H' : '%I';
  const end = half === undefined ? '' : half.startsWith(' ') ? ' %p' : '%p';
  return `${gap}${hour}:%M${seconds === undefined ? '' : ':%S'}${fraction === undefined ? '' : '.%f'}${end}`;
}

/** More forms in one column are none. */
const mostForms = 24;

/** Whether nobody can take a form for one of another order. */
const isPlain = ({ order, format }: Form): boolean => order === null || format.startsWith('%Y');

/** Returns the formats, each with all forms of one order, that texts like these may have; the likeliest first. */
export function dateFormats(texts: readonly string[], shortYears: boolean): string[] {
  const forms = texts.flatMap((text) => formsOf(text, shortYears));
  const found = orders
    .filter((order) => forms.some((form) => form.order === order))
    .map((order) => forms.filter((form) => form.order === order || isPlain(form)));
  const joined = (found.length === 0 ? [forms] : found).map((some) => [
    ...new Set(some.map(({ format }) => format)),
  ]);
  return joined.filter(({ length }) => length > 0 && length <= mostForms).map((some) => some.join('|'));
}

/** Returns the forms of a format. */
export const formsIn = (format: string): string[] => format.split('|');

/** Returns a format with day and month the other way round. */
export const otherOrder = (format: string): string => format.replace(/%d([./-])%m/g, '%m$1%d');

/** Returns DuckDB's type of the values that a format stands for. */
export const typeOfFormat = (format: string): string =>
  /%[HIMSfgpzX]/.test(format) ? (/%z/.test(format) ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP') : 'DATE';
