import { expect, test } from 'vitest';
import { aloneLines, matchText, partsText } from './model-text.js';

test('parts without parameters are not listed', () => {
  expect(partsText({ experts: 12928, gates: 1600, towers: 290, embeddings: 0 })).toBe(
    'experts 12,928, gates 1,600, towers 290',
  );
});

test('a match says its widths, both counts and whether gates count', () => {
  const matched = { variant: 'mmoe', gates: false, layers: [113], parameters: 13_255, target: 13_218 };
  expect(matchText(matched)).toBe(
    'experts of 113 units, to match mmoe: 13,255 parameters to its 13,218; gates are not counted',
  );
  expect(matchText({ ...matched, gates: true, layers: [64, 32] })).toBe(
    'experts of 64, 32 units, to match mmoe: 13,255 parameters to its 13,218',
  );
});

test('names the numbers that stand alone, as far as a line has room', () => {
  expect(aloneLines([])).toEqual([]);
  expect(aloneLines(['x1'])).toEqual(['no label bends along "x1": nothing stands beside it']);
  const many = aloneLines(Array.from({ length: 1010 }, (_, i) => `x${i}`));
  expect(many).toEqual([
    'no label bends along "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7" and 1,002 more: nothing stands beside them',
  ]);
});
