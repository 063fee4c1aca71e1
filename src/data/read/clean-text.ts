import { literal } from '../../shared/sql.js';
import type { ReadOptions } from './source-kind.js';

/**
 * The rule for texts, in SQL for whole columns and in TypeScript for single texts: blanks around a text do
 * not count, and an empty text or one of `data.read.null` is missing.
 */

/** Returns the SQL of a text (an expression of type VARCHAR) as it counts: null where it is missing. */
export function cleanTextSql(sql: string, read: ReadOptions): string {
  const trimmed = `nullif(trim(${sql}, ${literal(' \t\r\n')}), '')`;
  return missingTexts(read).reduce((value, missing) => `nullif(${value}, ${literal(missing)})`, trimmed);
}

/** Returns a text as it counts: null where it is missing. */
export function cleanText(text: string, read: ReadOptions): string | null {
  const trimmed = trimBlanks(text);
  return trimmed === '' || missingTexts(read).includes(trimmed) ? null : trimmed;
}

const trimBlanks = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

const missingTexts = (read: ReadOptions): string[] =>
  (read.null ?? []).map((missing) => missing.trim()).filter((missing) => missing !== '');
