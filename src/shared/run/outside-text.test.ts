import { expect, it } from 'vitest';
import { outsideLines, outsideText } from './outside-text.js';

const age = { name: 'age', low: 17, high: 90, values: 1, least: 91, most: 91 };

it('says of a column how many values lie outside the training rows’ range, and how far', () => {
  expect(outsideText(age)).toBe('1 value of "age" lies outside the training rows\' 17 … 90: up to 91');
  expect(outsideText({ ...age, values: 1200, least: -1, most: 1e30 })).toBe(
    '1,200 values of "age" lie outside the training rows\' 17 … 90: down to −1, up to 1e+30',
  );
});

it('lists the columns with the most such values first, and counts the others', () => {
  const outside = [1, 3, 2].map((values) => ({ ...age, part: 'test' as const, name: `c${values}`, values }));
  expect(outsideLines(outside, 2).map((line) => line.slice(0, 25))).toEqual([
    'test rows: 3 values of "c',
    'test rows: 2 values of "c',
    'and 1 more',
  ]);
});
