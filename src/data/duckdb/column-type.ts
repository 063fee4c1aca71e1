import * as v from 'valibot';

/** The tokens of a type's name: words, numbers, quoted texts and names, and signs that nest. */
const token = /[A-Za-z_][A-Za-z0-9_]*|\d+|'(?:[^']|'')*'|"(?:[^"]|"")*"|[()[\],]|\s+/y;

/**
 * Whether a text can stand as DuckDB's type in a cast and do nothing else there: `DECIMAL(18,3)`, `ENUM('a',
 * 'b')`, `STRUCT(x INTEGER, y VARCHAR[])`. Its parentheses close no others, and it holds no query and no
 * comment.
 */
export function isColumnType(written: string): boolean {
  let depth = 0;
  let at = 0;
  while (at < written.length) {
    token.lastIndex = at;
    const found = token.exec(written)?.[0];
    if (found === undefined || /^(select|from|using)$/i.test(found)) return false;
    if (found === '(') depth++;
    if (found === ')') depth--;
    if (depth < 0 || (found === ',' && depth === 0)) return false;
    at += found.length;
  }
  return depth === 0 && /^["A-Za-z_]/.test(written);
}

/** The schema of a column's DuckDB type, which is read back from a file that anyone may have changed. */
export const columnTypeSchema = v.pipe(v.string(), v.check(isColumnType, 'this is no column type'));
