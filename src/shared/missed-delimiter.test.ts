import { expect, test } from 'vitest';
import { missedDelimiter } from './missed-delimiter.js';

test('the sign that a single column’s name has over and over is the delimiter that was missed', () => {
  expect(missedDelimiter(['age^city^bought'])).toBe('^');
  expect(missedDelimiter(['user_id,first name,price,bought?'])).toBe(',');
  expect(missedDelimiter(['a\tb\tc'])).toBe('\t');
});

test('a table of one column, or of more, is left alone', () => {
  expect(missedDelimiter([])).toBeNull();
  expect(missedDelimiter(['label'])).toBeNull();
  expect(missedDelimiter(['is it good (yes/no)?'])).toBeNull();
  expect(missedDelimiter(['a^b^c', 'd'])).toBeNull();
});
