import { describe, expect, it } from 'vitest';
import { missingMarks, notesOnDays, notesOnTexts } from './text-notes.js';

describe('texts of a column', () => {
  it.each([
    [['1', '2.5', 'NA'], ['NA']],
    [
      ['1', '?', '-', '3'],
      ['-', '?'],
    ],
    [['1', '2', 'three'], []],
    [
      ['1', '2', '#REF!', 'k.A.', '\\N'],
      ['#REF!', '\\N', 'k.A.'],
    ],
    [['1', 'NA'], []],
    [['yes', 'no', 'NA'], []],
    [['1', '2'], []],
  ])('that are numbers but for marks are known: %j', (texts, marks) => {
    expect(missingMarks(texts)).toEqual(marks);
  });

  it.each([
    [['1', '2', 'n/a'], '"null": ["n/a"]'],
    [['12 %', '3.5 %', '0%'], `regexp_replace("x", '[^0-9.+-]', '', 'g')::double`],
    [['$1,200', '$3.50'], 'amounts of money'],
    [['3.50 €', '4 €'], 'amounts of money'],
    [['-$3.50', '$4', 'N/A'], `try_cast(regexp_replace("x", '[^0-9.+-]', '', 'g') as double)`],
    [['12,5 %', '0,25 %'], `replace(regexp_replace("x", '[^0-9,+-]', '', 'g'), ',', '.')::double`],
    [['1.012,27 €', '9,5 €'], `replace(regexp_replace("x", '[^0-9,+-]', '', 'g'), ',', '.')::double`],
    [['(12.50)', '3.75'], `case when regexp_matches("x", '[(−-]') then -1 else 1 end * regexp_replace(`],
    [['12.50-', '3.75'], `'[^0-9.]'`],
    [['−12.50', '3.75'], 'another minus sign'],
    [['1,012.27', '950.5'], '"thousands": ","'],
    [["1'012.27", '950.5'], `"thousands": "'"`],
    [['1.012,27', '950,5'], '"decimal": ",", "thousands": "."'],
    [['1\u202f012,27', '950,5'], '"decimal": ",", "thousands": "\u202f"'],
    [['0,58', '12,25', '7'], `replace(regexp_replace("x", '[^0-9,+-]', '', 'g'), ',', '.')::double`],
    [['0,58', '-2,5'], 'numbers with a decimal comma as texts'],
    [['0:59:10', '31:00:05'], 'epoch("x"::interval)'],
    [['3:45', '75:10'], `split_part("x", ':', 1)::double * 60 + `],
    [['PT1H30M', 'PT45S', 'P2D'], 'durations as texts'],
    [['12.5 kg', '7 kg', '-0.5 kg'], `regexp_extract("x", '[+-]?[0-9.]+')::double`],
    [['12.5kg', '7kg', 'NA', '8kg'], `try_cast(regexp_extract(`],
    [['12.5 kg', '700 g', '3 kg'], 'several units as texts (g, kg)'],
    [['12,34,567', '1,00,000', '950'], `replace("x", ',', '')::double`],
    [['yes', 'Y', 'no', '0'], 'in several ways ("0", "Y", "no", "yes")'],
    [['Red', 'blue', 'red'], 'differ by case alone ("Red", "red")'],
    [['13/01/2024', '01/13/2024', '14/01/2024'], 'only the month'],
    [
      ['Mon, 05 Jan 2024 10:00:00 GMT', 'Tue, 06 Jan 2024 10:00:00 GMT', 'Tue, 06 Jan 2024 11:00:00 GMT'],
      '%a, %d',
    ],
    [['5. Januar 2024', '16. März 2024', '1. Mai 2023'], 'look like dates'],
    [['Total', ...Array.from({ length: 30 }, (_, i) => `${i}`)], '"Total" is none'],
    [['a|b', 'b|c', 'a|c', 'c', 'a|b|c', 'b', 'c|a', 'b|a'], '{ "kind": "set", "separator": "|" }'],
  ])('that stand for something else are told so: %j', (texts, says) => {
    expect(notesOnTexts('x', texts).join()).toContain(says);
  });

  it('that are amounts are no sets of values', () => {
    const texts = Array.from({ length: 40 }, (_, i) => `${i % 4},${i % 10}${(i % 3) + 1} €`);
    expect(notesOnTexts('x', [...new Set(texts)])).toEqual([expect.stringContaining('amounts of money')]);
  });

  it.each([
    [['a', 'b', 'c']],
    [['1.2.3', '1.2.4']],
    [['10.0.0.1', '10.0.0.2']],
    [['030 123 456', '040 123 456']],
    [['$5', '7%']],
    [['Smith, A', 'Jones, B', 'Doe, C']],
    [['1/2', '2/3', '1/3', '3/1', '2/1', '3/2']],
    [['1A', '1B', '2A', '12C']],
    [['yes', 'no', 'NA']],
    [['0', '1', 'NA maybe']],
    [['10-19', '20-29', '30+']],
    [['9f', '0a', '77']],
  ])('that are what they are say nothing: %j', (texts) => {
    expect(notesOnTexts('x', texts)).toEqual([]);
  });
});

it.each([
  ['BIGINT', '20240101', '20241228', true],
  ['INTEGER', '19991231', '20000101', true],
  ['BIGINT', '20240101', '20249999', false],
  ['BIGINT', '1', '20241228', false],
  ['DOUBLE', '20240101', '20241228', false],
])('numbers of type %s from %s to %s look like days: %s', (type, min, max, are) => {
  expect(notesOnDays({ name: 'day', type, min, max }).join()).toContain(
    are ? `strptime("day"::varchar, '%Y%m%d')::date` : '',
  );
  expect(notesOnDays({ name: 'day', type, min, max })).toHaveLength(are ? 1 : 0);
});
