import type { ReadOptions } from '../source-kind.js';

/** What the first lines of a text file say about its layout, where DuckDB would see something else. */
export interface Dialect {
  /** The text between two fields; null: DuckDB finds it. */
  readonly delimiter: string | null;
  /** How many lines come before the table. */
  readonly skip: number;
  /** The sign that begins lines which are no rows; null: there is none. */
  readonly comment: string | null;
}

/**
 * Returns the number of the first line, from 1, that begins with `#` as no other row does, and has as many fields: it
 * counts as a row, and may be a comment. Null: there is none.
 */
export function commentedRow(lines: readonly string[], read: ReadOptions): number | null {
  if (read.comment !== undefined || showQuotes(lines, read)) return null;
  const found = lines.flatMap((line, i) => (i > 0 && line.startsWith('#') ? [i + 1] : []));
  return found.length > 0 && found.length <= mostCommented * lines.length && lines.length >= leastCommented
    ? found[0]!
    : null;
}

/** Delimiters of several signs that are in use; DuckDB finds only single ones. */
const longDelimiters = ['::', '|~|', '|;|', '||', '\t\t', ';;', '~|~', '~~', '^^', '##', '@@'];
const plainDelimiters = [',', ';', '\t', '|'];
/** Delimiters of a single sign that DuckDB does not try. */
const rareDelimiters = ['\u0001', '\u001f', '^', '~', '¦'];
/** The line by which Excel is told the delimiter. */
const separatorLine = /^"?sep=(.)"?$/i;
/** A table is only taken for one that begins later if so many lines follow that are alike. */
const leastAlike = 3;
/** More rows that begin with a sign are no comments, and fewer lines show nothing. */
const mostCommented = 0.05;
const leastCommented = 20;
/** More lines before a table are none. */
const mostSkipped = 20;

/** Looks at the first lines of a text file for what `data.read` does not say. */
export function dialectOf(lines: readonly string[], read: ReadOptions): Dialect {
  const comment =
    read.comment === undefined
      ? commentIn(showQuotes(lines, read) ? linesOutside(lines) : lines, read)
      : null;
  const rows = comment === null ? lines : lines.filter((line) => !line.startsWith(comment));
  const separator = separatorLine.exec(rows[0] ?? '')?.[1];
  if (separator !== undefined && read.skip === undefined)
    return { delimiter: read.delimiter === undefined ? separator : null, skip: 1, comment };
  const skip = read.skip === undefined ? linesBefore(rows, read) : 0;
  const table = rows.slice(read.skip ?? skip);
  const delimiter =
    read.delimiter === undefined
      ? (longDelimiter(table) ??
        rareDelimiter(table) ??
        semicolon(table) ??
        besideQuotes(table, read) ??
        singleBlank(table))
      : null;
  return { delimiter, skip, comment };
}

/**
 * Returns the delimiter of several signs that all lines have as often. Its sign may only stand alone where it
 * is no delimiter itself, as the colon in a title, and no other delimiter cuts the lines.
 */
function longDelimiter(lines: readonly string[]): string | null {
  if (lines.length < 2) return null;
  const isIt = (delimiter: string): boolean => {
    if (!areAlike(lines.map((line) => occurrences(line, delimiter)))) return false;
    if (isCutPlainly(lines, delimiter)) return false;
    return (
      !plainDelimiters.includes(delimiter[0]!) ||
      !lines.some((line) => line.split(delimiter).some((field) => field.includes(delimiter[0]!)))
    );
  };
  return longDelimiters.find(isIt) ?? null;
}

/** Returns the rare delimiter that all lines have as often, where no other cuts them. */
function rareDelimiter(lines: readonly string[]): string | null {
  if (lines.length < 2 || isCutPlainly(lines)) return null;
  return rareDelimiters.find((sign) => areAlike(lines.map((line) => occurrences(line, sign)))) ?? null;
}

/** Returns a blank where all lines have as many of them, each alone between two words, and no other delimiter. */
function singleBlank(lines: readonly string[]): ' ' | null {
  const isPlain = (line: string): boolean =>
    !/ {2}|^ | $/.test(line) && !plainDelimiters.some((sign) => line.includes(sign));
  return lines.length > leastAlike &&
    lines.every(isPlain) &&
    areAlike(lines.map((line) => occurrences(line, ' ')))
    ? ' '
    : null;
}

/** Whether all lines have a plain delimiter as often, which is no part of another one. */
const isCutPlainly = (lines: readonly string[], other = ''): boolean =>
  plainDelimiters.some(
    (sign) => !other.includes(sign) && areAlike(lines.map((line) => occurrences(line, sign))),
  );

/** A field in quotation marks, in which they stand twice. */
const enclosed = /"[^"]*(?:""[^"]*)*"/g;

/** A field and what ends it; the last one may be cut off. */
const field = /(?:"[^"]*(?:""[^"]*)*(?:(")|$)|[^",;\t|\n][^,;\t|\n]*|)(?:[,;\t|\n]|$)/y;

/** Whether first lines show that quotation marks enclose fields, in which they stand twice. */
export function showQuotes(lines: readonly string[], { quote }: ReadOptions): boolean {
  const text = lines.join('\n');
  if (quote !== undefined || !text.includes('"')) return false;
  let found = false;
  for (field.lastIndex = 0; field.lastIndex < text.length;) {
    const part = field.exec(text);
    if (part === null) return false;
    found ||= part[1] !== undefined;
  }
  return found;
}

/**
 * Returns the only plain delimiter that all lines have as often outside of quotation marks. DuckDB is misled by
 * those within, in the line of names.
 */
function besideQuotes(lines: readonly string[], read: ReadOptions): string | null {
  if (!showQuotes(lines, read)) return null;
  const bare = linesOutside(lines);
  const found = plainDelimiters.filter((sign) => areAlike(bare.map((line) => occurrences(line, sign))));
  return found.length === 1 ? found[0]! : null;
}

/** Returns lines without the fields in quotation marks, which may have breaks of lines. */
const linesOutside = (lines: readonly string[]): string[] =>
  lines.join('\n').replace(enclosed, '').split('\n');

/** Counts the fields of a first line that has quotation marks. */
export const fieldsIn = (lines: readonly string[], delimiter: string): number =>
  occurrences(linesOutside(lines)[0] ?? '', delimiter) + 1;

const decimalComma = /^\s*"?[+-]?[\d.]*,\d+"?\s*$/;

/** Returns `;` for lines in which the other delimiter, a comma, only stands within numbers. */
function semicolon(lines: readonly string[]): ';' | null {
  const count = occurrences(lines[0] ?? '', ';');
  if (count === 0 || lines.length < 2 || !lines.every((line) => occurrences(line, ';') === count))
    return null;
  const withComma = lines.flatMap((line) => line.split(';')).filter((field) => field.includes(','));
  return withComma.length > 0 && withComma.every((field) => decimalComma.test(field)) ? ';' : null;
}

/** Whether lines are cut by runs of blanks alone, as tables for reading are: all have as many words, and several. */
export function areCutByBlanks(lines: readonly string[]): boolean {
  const words = lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(/[ \t]+/).length);
  const hasRun = lines.some((line) => /\S[ \t]{2,}\S/.test(line));
  return words.length >= leastAlike && hasRun && words[0]! > 1 && words.every((count) => count === words[0]);
}

/** Counts the lines before a table: they have no delimiter, and all that follow have the same number of them. */
function linesBefore(lines: readonly string[], { delimiter, quote = '"' }: ReadOptions): number {
  // A field in quotation marks may have any number of lines and delimiters.
  if (quote !== '' && lines.some((line) => line.includes(quote))) return 0;
  const signs = delimiter === undefined ? plainDelimiters : [delimiter];
  // A sign that every line has as often is the delimiter: x;y above 0,5;1,5 is a line of names.
  const everywhere = signs.find((sign) => areAlike(lines.map((line) => occurrences(line, sign))));
  if (everywhere !== undefined) return linesPadded(lines.map((line) => line.split(everywhere)));
  for (const sign of signs) {
    const counts = lines.map((line) => occurrences(line, sign));
    const first = counts.findIndex((count) => count > 0);
    const rest = counts.slice(first);
    if (first > 0 && first <= mostSkipped && rest.length >= leastAlike && areAlike(rest)) return first;
  }
  return 0;
}

/** Counts the lines before a table that a spreadsheet has filled up with delimiters. */
function linesPadded(rows: readonly (readonly string[])[]): number {
  const filled = rows.map((fields) => fields.filter((field) => field.trim() !== '').length);
  const width = rows[0]!.length;
  const first = filled.indexOf(width);
  const isTitle = first > 0 && first <= mostSkipped && width > 2 && filled[0] === 1;
  const [before, rest] = [filled.slice(0, first), filled.slice(first)];
  return isTitle && before.every((count) => count <= 1) && rest.length > leastAlike && !rest.includes(1)
    ? first
    : 0;
}

const areAlike = ([first = 0, ...others]: readonly number[]): boolean =>
  first > 0 && others.every((count) => count === first);

/** Returns `#` where some lines after the first row begin with it, no other has it, and they are no rows. */
function commentIn(lines: readonly string[], { delimiter }: ReadOptions): string | null {
  const sign = '#';
  const rows = lines.filter((line) => !line.startsWith(sign));
  const first = lines.findIndex((line) => !line.startsWith(sign));
  const comments = lines.slice(Math.max(first, 0)).filter((line) => line.startsWith(sign));
  if (comments.length === 0 || rows.length < leastAlike || rows.some((line) => line.includes(sign)))
    return null;
  const signs = delimiter === undefined ? plainDelimiters : [delimiter];
  const isRow = (line: string): boolean =>
    signs.some(
      (one) => occurrences(rows[0]!, one) > 0 && occurrences(line, one) === occurrences(rows[0]!, one),
    );
  return comments.some(isRow) ? null : sign;
}

const occurrences = (line: string, sign: string): number => line.split(sign).length - 1;
