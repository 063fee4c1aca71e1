import { expect, it } from 'vitest';
import { outsideLines, outsideText } from './outside-text.js';

const age = { name: 'age', low: 17, high: 90, values: 1, least: 91, most: 91 };

it('says of a column how many values lie outside the training rows’ range, and how far', () => {
  expect(outsideText(age)).toBe('1 value of "age" lies outside the training rows\' 17 … 90: up to 91');
  expect(outsideText({ ...age, values: 1200, least: -1, most: 1e30 })).toBe(
    '1,200 values of "age" lie outside the training rows\' 17 … 90: down to −1, up to 1e+30',
  );
});

it('tells apart what rounding would not, and says dates and times as such', () => {
  const near = { ...age, low: 0, high: 1234567, least: 5, most: 1234568 };
  expect(outsideText(near)).toContain("the training rows' 0 … 1234567: up to 1234568");
  const at = (text: string): number => Date.parse(`${text}Z`) / 1000;
  const day = { ...age, low: at('2025-01-01T00:00'), high: at('2025-01-30T23:50'), least: 0 };
  const later = { ...day, most: at('2031-02-03T04:05') };
  expect(outsideText({ ...later, time: 'TIMESTAMP' })).toContain(
    "the training rows' 2025-01-01 00:00 … 2025-01-30 23:50: down to 1970-01-01 00:00, up to 2031-02-03 04:05",
  );
  expect(outsideText({ ...later, time: 'DATE' })).toContain(
    '… 2025-01-30: down to 1970-01-01, up to 2031-02-03',
  );
  expect(outsideText({ ...later, most: 1e30, time: 'DATE' })).toContain('up to 1e+30');
  const soon = { ...day, least: day.low, most: day.high + 30, time: 'TIMESTAMP_NS' };
  expect(outsideText(soon)).toContain('… 2025-01-30 23:50:00: up to 2025-01-30 23:50:30');
  const clock = { ...age, low: 3600, high: 7200, least: 4000, most: 86399 };
  expect(outsideText({ ...clock, time: 'TIME' })).toContain('01:00:00 … 02:00:00: up to 23:59:59');
});

it('lists the columns with the most such values first, and counts the others', () => {
  const outside = [1, 3, 2].map((values) => ({ ...age, part: 'test' as const, name: `c${values}`, values }));
  expect(outsideLines(outside, 2).map((line) => line.slice(0, 25))).toEqual([
    'test rows: 3 values of "c',
    'test rows: 2 values of "c',
    'and 1 more',
  ]);
});
