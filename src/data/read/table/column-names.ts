import { InputError } from '../../../shared/errors.js';
import { isOwnColumn, ownName } from './stored-columns.js';

/**
 * Throws an InputError for names that no column of a table may have: DuckDB takes a zero byte for the end of a
 * statement, so no expression could name such a column; and no column may have a name of ours, but those that
 * we store ourselves.
 */
export function checkNames(names: readonly string[], file: string | undefined): void {
  const at = names
    .filter(isOwnColumn)
    .findIndex((name) => name.includes('\0') || name.startsWith(ownName('')));
  if (at < 0) return;
  const message = `the name of column ${at + 1} has a sign that no name may have; give it another name`;
  throw new InputError('data.zero-byte', message, file === undefined ? {} : { file });
}

/** Throws an InputError for a name that two columns have; DuckDB ignores case. */
export function checkDuplicates(names: readonly string[], file: string): void {
  const seen = new Map<string, number>();
  names.forEach((name, i) => {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) {
      const message =
        `columns ${other + 1} and ${i + 1} have the same name; give each its own, ` +
        'or name them all in data.read.names, with "header": true beside it';
      throw new InputError('data.duplicate-column', message, { file, line: 1, columnName: name });
    }
    seen.set(name.toLowerCase(), i);
  });
}
