import { formatCount } from '../../src/shared/numbers.js';
import { s } from '../strings.js';

/** Returns `79,810 train / 9,976 validation / 9,976 test rows`; splits without rows are left out. */
export function splitText(rows: { train: number; validation: number; test: number }): string {
  const { train, validation, test } = rows;
  const parts = [
    s('rowsTrain', formatCount(train)),
    ...(validation > 0 ? [s('rowsValidation', formatCount(validation))] : []),
    ...(test > 0 ? [s('rowsTest', formatCount(test))] : []),
  ];
  return s('splitRows', parts.join(' / '));
}
