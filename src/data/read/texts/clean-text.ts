import { literal } from '../../../shared/sql.js';
import { trimmed } from '../../../shared/trim.js';
import type { Texts } from '../../texts/texts.js';
import type { ReadOptions } from '../source-kind.js';

/**
 * The rule for texts, in SQL for whole columns and in TypeScript for single texts: blanks around a text do
 * not count, and an empty text or one of `data.read.null` is missing.
 */

const blanks = ' \t\r\n';

/** Returns the SQL of a text (an expression of type VARCHAR) as it counts: null where it is missing. */
export function cleanTextSql(sql: string, read: ReadOptions): string {
  const bare = `trim(${sql}, ${literal(blanks)})`;
  const missing = ['', ...missingTexts(read)].map(literal).join(', ');
  // Not by nullif, which has its argument twice: one in another would double with each text.
  return `case when ${bare} in (${missing}) then null else ${bare} end`;
}

/** Returns what makes of a text what counts of it: null where it is missing. */
export function cleaning(read: ReadOptions): (text: string) => string | null {
  const missing = missingTexts(read);
  return (text) => {
    const bare = trimmed(text, blanks);
    return bare === '' || missing.includes(bare) ? null : bare;
  };
}

const missingTexts = (read: ReadOptions): string[] =>
  (read.null ?? []).map((missing) => missing.trim()).filter((missing) => missing !== '');

const plainNumber = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** Whether a text is a finite number as DuckDB's cast reads it: 0x1F and 1_000 are none. */
export const isNumericText = (text: string): boolean =>
  plainNumber.test(text) && Number.isFinite(Number(text));

const wholeNumber = /^-?\d+(\.0)?$/;

/** Whether all texts are whole numbers, of which some may be written with a fraction of 0. */
export const areWholeNumbers = (texts: Pick<Texts, 'every'>): boolean =>
  texts.every((text) => text === null || wholeNumber.test(text));

/** Whether all texts are true or false, however they are written. */
export const areTruths = (texts: Pick<Texts, 'every'>): boolean =>
  texts.every((text) => text === null || /^(true|false)$/i.test(text));

/** Returns the truth value that a text means; null: it means none. */
export function truthOf(text: string): 'true' | 'false' | null {
  if (/^(true|t|yes|y)$/i.test(text)) return 'true';
  return /^(false|f|no|n)$/i.test(text) ? 'false' : null;
}

/**
 * Returns texts as other formats have the same values: whole numbers without the fraction of 0 that other
 * programs write where a column has missing values (101.0 is 101), and True and FALSE as true and false. Texts
 * of which any is something else stay as they are.
 */
export function asValues(texts: Texts): Texts {
  if (areWholeNumbers(texts))
    return texts.every((text) => text?.endsWith('.0') !== true)
      ? texts
      : texts.map((text) => text.replace(/\.0$/, ''));
  return areTruths(texts) ? texts.map((text) => text.toLowerCase()) : texts;
}

/** Returns the other way to write a whole number, with a fraction of 0 or without; null for other texts. */
export const otherWholeNumber = (text: string): string | null =>
  !wholeNumber.test(text) ? null : text.endsWith('.0') ? text.slice(0, -2) : `${text}.0`;

/**
 * Returns what makes of a text the one form of the same value in which it is hashed: a whole number without a
 * fraction of 0 (and of a column of these also without zeros before it), true and false in small letters.
 */
export function hashedForm(areIntegers: boolean): (text: string) => string {
  return (text) => {
    const [, sign, digits] =
      (areIntegers ? /^([+-]?)0*(\d+)(?:\.0*)?$/ : /^(-?)(\d+)(?:\.0)?$/).exec(text) ?? [];
    if (digits !== undefined) return `${sign === '-' ? '-' : ''}${digits}`;
    return /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
  };
}
