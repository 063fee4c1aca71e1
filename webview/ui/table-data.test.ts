import { expect, it } from 'vitest';
import { toCsv } from './table-data.js';

it('CSV quotes what must be quoted and leaves unknown numbers empty', () => {
  expect(toCsv({ columns: ['a,b', 'say "x"'], rows: [[1.5, null]] })).toBe('"a,b","say ""x"""\n1.5,\n');
});

it('a name is no formula in a spreadsheet, and a number stays one', () => {
  expect(toCsv({ columns: ['=1+1', '@a'], rows: [['-b', -1.5]] })).toBe("'=1+1,'@a\n'-b,-1.5\n");
});
