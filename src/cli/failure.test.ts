import { expect, test } from 'vitest';
import { InputError } from '../shared/errors.js';
import { describeInputError, toRunError } from './failure.js';

test('an error says what and where, on one line', () => {
  const error = new InputError('data.number', 'not a number:\n "abc"', {
    file: '/x/y.csv',
    row: 3,
    columnName: 'age',
  });
  expect(describeInputError(error)).toBe('not a number: "abc" (/x/y.csv, row 3, column "age")');
  expect(describeInputError(new InputError('a', 'what'))).toBe('what');
  expect(toRunError(new InputError('a', 'what', { file: 'f', line: 2, column: 5 }))).toEqual({
    code: 'a',
    message: 'what (f:2:5)',
    file: 'f',
    line: 2,
    column: 5,
  });
  expect(toRunError(new RangeError('deep')).code).toBe('RangeError');
});
