import { quoted } from '../../shared/sql.js';
import { mostlyNumeric } from '../read/csv/csv-explaining.js';
import { isInteger } from '../duckdb/type-kind.js';
import { isNumericText } from '../read/texts/clean-text.js';
import { dayOfNumber, looksLikeDay } from '../read/texts/date-forms.js';
import type { ColumnFacts } from './column-facts.js';

/** Texts by which other programs mark a value that is missing. */
const missingMark =
  /^(-+|\?+|\.+|#?n\/?a!?|<na>|nan|none|null|nil|missing|unknown|k\.a\.|\\n|\(null\)|#n\/a|#value!|#div\/0!|#ref!|#null!|#num!|#name\?)$/i;
/** So many different marks may stand among numbers. */
const mostMarks = 5;

/**
 * Returns the marks for missing values that keep a column from being numbers; none where it has other texts,
 * or hardly a number. `texts`: the different texts of the column.
 */
export function missingMarks(texts: readonly string[]): string[] {
  const odd: string[] = [];
  for (const text of texts) {
    if (isNumericText(text)) continue;
    if (odd.length === mostMarks || !missingMark.test(text.trim())) return [];
    odd.push(text);
  }
  return texts.length - odd.length >= 2 ? odd.sort() : [];
}

/** Returns what should be known of a column's different texts, some of which may be left out. */
export function notesOnTexts(name: string, texts: readonly string[]): string[] {
  if (texts.length < 2) return [];
  const marks = missingMarks(texts);
  if (marks.length > 0) {
    const listed = marks.map((mark) => JSON.stringify(mark)).join(', ');
    return [
      `column "${name}" would be numbers but for ${listed}; ` +
        `if that means missing, say so in data.read: "null": [${listed}]`,
    ];
  }
  for (const notes of [notesOnSigns, notesOnUnits, notesOnTruths, notesOnDates, notesOnDurations]) {
    const found = notes(name, texts);
    if (found.length > 0) return found;
  }
  return [...notesOnCase(name, texts), ...notesOnOdd(name, texts), ...notesOnSeveral(name, texts)];
}

/** Returns what should be known of the different texts of a label, which are its classes. */
export const notesOnClasses = (name: string, texts: readonly string[]): string[] =>
  separatorIn(texts) === null ? notesOnTexts(name, texts) : [];

/** Says of whole numbers that look like days how they become dates; nothing where they do not. */
export function notesOnDays({
  name,
  type,
  min,
  max,
}: Pick<ColumnFacts, 'name' | 'type' | 'min' | 'max'>): string[] {
  if (!isInteger(type) || min === null || max === null || min === max) return [];
  if (!looksLikeDay(min) || !looksLikeDay(max)) return [];
  const column = quoted(name);
  return [
    `column "${name}" counts as a number, and its values look like days (${min} … ${max}); to make dates of them, ` +
      `give data.source a query: select * replace (${dayOfNumber(column)} as ${column}) from …`,
  ];
}

/** A number with signs that no cast reads: of money, percent, thousands, or a minus elsewhere than before it. */
const signedNumber =
  /^\(?([+\-−]?) ?([$€£¥₹]?) ?([+\-−]?)(\d[\d.,'’ \u00a0\u202f]*|[.,]\d+)\s?(%|[$€£¥₹]|EUR|USD|GBP|CHF)?(-?)\)?$/;
const grouped = /^[1-9]\d{0,2}([.,'’ \u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?$/;
const withComma = /^(\d{1,3}([.'’ \u00a0\u202f]\d{3})*|\d*)(,\d+)?$/;
const withPoint = /^(\d{1,3}([,'’ \u00a0\u202f]\d{3})*|\d*)(\.\d*)?$/;

/** Says how to make numbers of texts with percent signs, money, thousands, decimal commas or unusual minus signs. */
function notesOnSigns(name: string, all: readonly string[]): string[] {
  const texts = all.map((text) => text.trim()).filter((text) => !missingMark.test(text));
  const parts = texts.map((text) => signedNumber.exec(text));
  if (texts.length < 2 || parts.includes(null)) return [];
  const digits = parts.map((part) => part?.[4]?.trim() ?? '');
  if (
    digits.some((one) => hasLakhs.test(one)) &&
    digits.every((one) => lakhs.test(one) || withPoint.test(one))
  ) {
    const column = quoted(name);
    return [
      `column "${name}" holds numbers in groups of two digits as texts; to make numbers of them, ` +
        `give data.source a query: select * replace (replace(${column}, ',', '')::double as ${column}) from …`,
    ];
  }
  const isComma = !digits.every((one) => withPoint.test(one));
  if (isComma && !digits.every((one) => withComma.test(one))) return [];
  const thousands = new Set(digits.flatMap((one) => grouped.exec(one)?.[1] ?? []));
  const what =
    signsOf(texts, parts) ?? (isComma && thousands.size === 0 ? 'numbers with a decimal comma' : null);
  if (what === null) return notesOnThousands(name, thousands, isComma);
  const column = quoted(name);
  const hasMinus = texts.some((text) => /[(−]|\d-$/.test(text));
  const kept = `[^0-9${isComma ? ',' : '.'}${hasMinus ? '' : '+-'}]`;
  const plain = `regexp_replace(${column}, '${kept}', '', 'g')`;
  const number = isComma ? `replace(${plain}, ',', '.')` : plain;
  const cast = texts.length < all.length ? `try_cast(${number} as double)` : `${number}::double`;
  const value = hasMinus ? `case when regexp_matches(${column}, '[(−-]') then -1 else 1 end * ${cast}` : cast;
  return [
    `column "${name}" holds ${what} as texts; to make numbers of them, give data.source a query: ` +
      `select * replace (${value} as ${column}) from …`,
  ];
}

function signsOf(texts: readonly string[], parts: readonly (RegExpExecArray | null)[]): string | null {
  if (texts.every((text) => text.includes('%'))) return 'percentages';
  if (texts.every((text) => /[$€£¥₹A-Z]/.test(text))) return 'amounts of money';
  if (texts.some((text) => /[%$€£¥₹A-Z]/.test(text))) return null;
  if (texts.some((text) => text.startsWith('('))) return 'numbers with negative ones in parentheses';
  if (texts.some((text) => text.includes('−'))) return 'numbers with another minus sign than "-"';
  return parts.some((part) => part?.[6] !== '') ? 'numbers with the minus sign behind them' : null;
}

/** Numbers in groups of two digits above the thousands, as in India. */
const lakhs = /^[+-]?\d{1,2}(,\d{2})*,\d{3}(\.\d+)?$/;
const hasLakhs = /^[+-]?\d{1,2}(,\d{2})+,\d{3}/;

function notesOnThousands(name: string, signs: ReadonlySet<string>, isComma: boolean): string[] {
  const [sign] = signs;
  const decimal = isComma ? ',' : '.';
  if (sign === undefined || signs.size > 1 || sign === decimal) return [];
  const said = `${isComma ? '"decimal": ",", ' : ''}"thousands": ${JSON.stringify(sign)}`;
  return [
    `column "${name}" holds numbers with "${sign}" between thousands; to read them so, say in data.read: ${said}`,
  ];
}

const duration = /^\d+:[0-5]\d:[0-5]\d$/;
const shortDuration = /^\d+:[0-5]\d$/;
const isoDuration = /^P(?=\d|T\d)(\d+[YMWD])*(T(\d+(\.\d+)?[HMS])+)?$/;

/** Shows the query that makes seconds of durations, which are no times of day. */
function notesOnDurations(name: string, all: readonly string[]): string[] {
  const texts = unmarked(all);
  const are = (form: RegExp): boolean => texts.length > 1 && texts.every((text) => form.test(text));
  const column = quoted(name);
  const says = (seconds: string): string[] => [
    `column "${name}" holds durations as texts; to make seconds of them, give data.source a query: ` +
      `select * replace (${seconds} as ${column}) from …`,
  ];
  if (are(duration)) return says(`epoch(${column}::interval)`);
  const part = (at: number): string => `split_part(${column}, ':', ${at})::double`;
  if (are(shortDuration)) return says(`${part(1)} * 60 + ${part(2)}`);
  const sum = ['D', 'H', 'M', 'S'].map((unit, i) => {
    const found = `regexp_extract(${column}, '${unit === 'M' ? 'T.*?' : ''}([0-9.]+)${unit}', 1)`;
    return `coalesce(try_cast(${found} as double), 0) * ${[86400, 3600, 60, 1][i]!}`;
  });
  return are(isoDuration) ? says(sum.join(' + ')) : [];
}

/** Returns texts without blanks around them and without marks for missing values. */
const unmarked = (texts: readonly string[]): string[] =>
  texts.map((text) => text.trim()).filter((text) => !missingMark.test(text));

const withUnit = /^([+-]?(?:\d+\.?\d*|\.\d+)) ?([a-zµ°²³/"']{1,12})\.?$/i;
/** Units that stand beside others in one column; others are as likely parts of codes. */
const knownUnits = new Set(
  (
    'mg g kg t lb lbs oz mm cm m km in ft mi ml cl l ms s sec secs min mins h hr hrs hour hours d day days week ' +
    'weeks month months y yr yrs year years b kb mb gb tb k bn'
  ).split(' '),
);

/** Shows the query that makes numbers of texts with a unit; of several units only that there are some. */
function notesOnUnits(name: string, all: readonly string[]): string[] {
  const texts = unmarked(all);
  const parts = texts.map((text) => withUnit.exec(text));
  if (texts.length < 3 || parts.includes(null)) return [];
  const units = [...new Set(parts.map((part) => part![2]!.toLowerCase()))].sort();
  const column = quoted(name);
  if (units.length > 1) {
    if (!units.every((unit) => knownUnits.has(unit))) return [];
    return [
      `column "${name}" holds numbers in several units as texts (${units.join(', ')}); ` +
        'make numbers in one unit of them: give data.source a query',
    ];
  }
  const number = `regexp_extract(${column}, '[+-]?[0-9.]+')`;
  const cast = texts.length < all.length ? `try_cast(${number} as double)` : `${number}::double`;
  return [
    `column "${name}" holds numbers with a unit (${units[0]!}) as texts; to make numbers of them, ` +
      `give data.source a query: select * replace (${cast} as ${column}) from …`,
  ];
}

const yes = ['true', 't', 'yes', 'y', 'on', '1'];
const no = ['false', 'f', 'no', 'n', 'off', '0'];

/** Shows the query that makes one truth of each that is written in several ways. */
function notesOnTruths(name: string, all: readonly string[]): string[] {
  const texts = unmarked(all);
  const isOneOf = (words: readonly string[]) => (text: string) => words.includes(text.toLowerCase());
  if (texts.length < 3 || !texts.every(isOneOf([...yes, ...no])) || !texts.some(isOneOf(no))) return [];
  if (!texts.some(isOneOf(yes)) || texts.every((text) => isNumericText(text))) return [];
  const column = quoted(name);
  const listed = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
  return [
    `column "${name}" has true and false written in several ways (${shownTexts(texts)}), each of which counts as ` +
      'a value of its own; to make them one, give data.source a query: select * replace ' +
      `(case when lower(${column}) in (${listed(yes)}) then true when lower(${column}) in (${listed(no)}) ` +
      `then false end as ${column}) from …`,
  ];
}

const shownTexts = (texts: readonly string[]): string => {
  const shown = [...texts].sort().slice(0, 6);
  return shown.map((text) => JSON.stringify(text)).join(', ') + (texts.length > shown.length ? ' …' : '');
};

/** Columns of more different texts are no few categories, in which a difference of case is most likely a mistake. */
const fewTexts = 50;

/** Names values that differ by case alone. */
function notesOnCase(name: string, texts: readonly string[]): string[] {
  if (texts.length > fewTexts) return [];
  const byLower = new Map<string, string[]>();
  for (const text of texts) {
    const lower = text.trim().toLowerCase();
    byLower.set(lower, [...(byLower.get(lower) ?? []), text]);
  }
  const alike = [...byLower.values()].find((some) => some.length > 1);
  if (alike === undefined) return [];
  const column = quoted(name);
  return [
    `column "${name}" has values that differ by case alone (${shownTexts(alike)}), each of which counts as a value ` +
      `of its own; to make them one, give data.source a query: select * replace (lower(${column}) as ${column}) from …`,
  ];
}

const numericDate = /^\d{1,2}([./-])\d{1,2}\1\d{4}([ T]\d.*)?$/;
const mailDate = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [A-Z]+$/;
const namedDate = /^(\p{L}+\.?,? )?\d{1,2}\.? \p{L}{3,}\.?,? \d{4}( \d.*)?$/u;

/** Says that dates stay texts, where they are written so that nobody can read them all. */
function notesOnDates(name: string, all: readonly string[]): string[] {
  const texts = unmarked(all);
  const are = (form: RegExp): boolean => texts.length > 2 && texts.every((text) => form.test(text));
  const column = quoted(name);
  if (are(numericDate))
    return [
      `column "${name}" stays text: some of its dates can only have the day first, others only the month ` +
        '(or are no days at all); write them in one way, or say which with data.read.dateFormat',
    ];
  if (are(mailDate))
    return [
      `column "${name}" holds dates as texts; to make dates of them, give data.source a query: ` +
        `select * replace (strptime(${column}, '%a, %d %b %Y %H:%M:%S %Z') as ${column}) from …`,
    ];
  return are(namedDate)
    ? [
        `column "${name}" stays text, though its texts look like dates (${shownTexts(texts.slice(0, 2))}); ` +
          'names of months and days are read in English only: write them as 2024-01-31',
      ]
    : [];
}

/** Of so many different texts a few may be mistakes. */
const manyTexts = 20;

/** Names a text that keeps a column from being numbers, as a line of totals has it. */
function notesOnOdd(name: string, texts: readonly string[]): string[] {
  const odd = texts.filter((text) => !isNumericText(text) && !missingMark.test(text.trim()));
  if (odd.length === 0 || texts.length < manyTexts || odd.length > mostlyNumeric * texts.length) return [];
  const more = odd.length > 1 ? ` (and ${odd.length - 1} more)` : '';
  return [
    `column "${name}" stays text: nearly all of it are numbers, but ${JSON.stringify(odd.sort()[0])} is none` +
      `${more}; correct it, or list it in data.read.null if it means missing`,
  ];
}

const separators = ['|', ';', ',', '/'];

/** Returns the sign that separates several values in one text, where these come back in other texts; null: none does. */
export function separatorIn(texts: readonly string[]): { separator: string; values: number } | null {
  for (const separator of separators) {
    const lists = texts.map((text) => text.split(separator).map((part) => part.trim()));
    const several = lists.filter((list) => list.length > 1);
    if (several.length < 0.3 * texts.length || several.length < 3) continue;
    const parts = new Set(lists.flat());
    if (parts.has('') || parts.size > texts.length / 2 || [...parts].every(isNumericText)) continue;
    return { separator, values: parts.size };
  }
  return null;
}

/** Says how several values in one text become a set. */
function notesOnSeveral(name: string, texts: readonly string[]): string[] {
  const found = separatorIn(texts);
  if (found === null) return [];
  const setting = `${JSON.stringify(name)}: { "kind": "set", "separator": ${JSON.stringify(found.separator)} }`;
  return [
    `column "${name}" holds several values in a text (${found.values} in all), and every combination counts as a ` +
      `value of its own; in columns, ${setting} takes them apart`,
  ];
}
