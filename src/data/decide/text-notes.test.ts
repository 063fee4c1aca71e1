import { describe, expect, it } from 'vitest';
import { missingMarks, notesOnTexts } from './text-notes.js';

describe('texts of a column', () => {
  it.each([
    [['1', '2.5', 'NA'], ['NA']],
    [
      ['1', '?', '-', '3'],
      ['-', '?'],
    ],
    [['1', '2', 'three'], []],
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
    [['a|b', 'b|c', 'a|c', 'c', 'a|b|c', 'b', 'c|a', 'b|a'], 'several values in a text, separated by "|"'],
  ])('that stand for something else are told so: %j', (texts, says) => {
    expect(notesOnTexts('x', texts).join()).toContain(says);
  });

  it.each([
    [['a', 'b', 'c']],
    [['Smith, A', 'Jones, B', 'Doe, C']],
    [['1/2', '2/3', '1/3', '3/1', '2/1', '3/2']],
  ])('that are what they are say nothing: %j', (texts) => {
    expect(notesOnTexts('x', texts)).toEqual([]);
  });
});
