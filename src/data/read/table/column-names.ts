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
