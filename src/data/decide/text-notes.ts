import { quoted } from '../../shared/sql.js';
import { mostlyNumeric } from '../read/csv/csv-explaining.js';
import { isNumericText } from '../read/texts/clean-text.js';

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
  const signs = notesOnSigns(name, texts);
  if (signs.length > 0) return signs;
  return [...notesOnDurations(name, texts), ...notesOnOdd(name, texts), ...notesOnSeveral(name, texts)];
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

/** Shows the query that makes seconds of durations, which are no times of day. */
function notesOnDurations(name: string, texts: readonly string[]): string[] {
  if (!texts.every((text) => duration.test(text.trim()))) return [];
  const column = quoted(name);
  return [
    `column "${name}" holds durations as texts; to make seconds of them, give data.source a query: ` +
      `select * replace (epoch(${column}::interval) as ${column}) from …`,
  ];
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
