import { readFileSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { InputError } from '../shared/errors.js';
import { describeInputError, reportFailure, toRunError } from './failure.js';

test('the details of what nobody has foreseen lie where only this person can read them', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => void vi.restoreAllMocks());
  const said = [1, 2].map(() => {
    expect(reportFailure(new RangeError('too deep'))).toBe(1);
    return String(write.mock.lastCall?.[0]);
  });
  const paths = said.map((line) => /^error: too deep; the details are in (.*)\n$/.exec(line)![1]!);
  for (const path of paths) {
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    expect(readFileSync(path, 'utf8')).toContain('RangeError: too deep');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  }
  expect(paths[0]).not.toBe(paths[1]);
});

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
