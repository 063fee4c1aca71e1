import { literal } from '../../../shared/sql.js';
import { trimmed } from '../../../shared/trim.js';
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

/** Returns a text as it counts: null where it is missing. */
export function cleanText(text: string, read: ReadOptions): string | null {
  const bare = trimmed(text, blanks);
  return bare === '' || missingTexts(read).includes(bare) ? null : bare;
}

const missingTexts = (read: ReadOptions): string[] =>
  (read.null ?? []).map((missing) => missing.trim()).filter((missing) => missing !== '');

const wholeNumber = /^-?\d+(\.0)?$/;

/** Whether all texts are whole numbers, of which some may be written with a fraction of 0. */
export const areWholeNumbers = (texts: readonly (string | null)[]): boolean =>
  texts.every((text) => text === null || wholeNumber.test(text));

/** Whether all texts are true or false, however they are written. */
export const areTruths = (texts: readonly (string | null)[]): boolean =>
  texts.every((text) => text === null || /^(true|false)$/i.test(text));

/**
 * Returns texts as other formats have the same values: whole numbers without the fraction of 0 that other
 * programs write where a column has missing values (101.0 is 101), and True and FALSE as true and false. Texts
 * of which any is something else stay as they are.
 */
export function asValues(texts: readonly (string | null)[]): readonly (string | null)[] {
  if (areWholeNumbers(texts)) return texts.map((text) => text?.replace(/\.0$/, '') ?? null);
  return areTruths(texts) ? texts.map((text) => text?.toLowerCase() ?? null) : texts;
}

/** Returns the other way to write a whole number, with a fraction of 0 or without; null for other texts. */
export const otherWholeNumber = (text: string): string | null =>
  !wholeNumber.test(text) ? null : text.endsWith('.0') ? text.slice(0, -2) : `${text}.0`;
