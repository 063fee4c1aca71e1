import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneLine, trimmed, trimmedEnd } from './trim.js';

it('trims as patterns do', () => {
  const text = fc.string({ unit: fc.constantFrom(' ', '\n', '0', 'a', '.'), maxLength: 9 });
  fc.assert(
    fc.property(text, (one) => {
      expect(trimmed(one, ' \n')).toBe(one.replace(/^[ \n]+|[ \n]+$/g, ''));
      expect(trimmedEnd(one, '0')).toBe(one.replace(/0+$/, ''));
      expect(oneLine(one)).toBe(one.trim().replaceAll(/\s*\n\s*/g, ' '));
    }),
  );
});

it('trims what a pattern would never come to the end of', () => {
  const run = 4_000_000;
  const text = `a${' '.repeat(run)}b${' '.repeat(run)}`;
  expect(trimmed(text, ' ')).toHaveLength(run + 2);
  expect(trimmedEnd(text, ' ')).toHaveLength(run + 2);
  expect(oneLine(text)).toHaveLength(run + 2);
});
