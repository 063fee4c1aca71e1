import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forEachInSlices, mergeInSlices, Slices, sortInSlices } from './slices.js';

test('in slices, lists are sorted and merged as at one go, equal ones in their order', async () => {
  const items = fc.array(fc.record({ key: fc.nat(50), id: fc.nat() }), { maxLength: 20_000, size: 'max' });
  const compare = (a: { key: number }, b: { key: number }): number => a.key - b.key;
  await fc.assert(
    fc.asyncProperty(items, items, async (one, other) => {
      const [a, b] = [[...one].sort(compare), [...other].sort(compare)];
      expect(await sortInSlices(one, compare, new Slices())).toEqual(a);
      expect(await mergeInSlices(a, b, compare, new Slices())).toEqual([...a, ...b].sort(compare));
    }),
    { numRuns: 20 },
  );
});

test('work in slices sees every item once, in its order', async () => {
  const items = Array.from({ length: 3000 }, (_, item) => item);
  const seen: number[] = [];
  await forEachInSlices(items, new Slices(), (item) => seen.push(item));
  expect(seen).toEqual(items);
});
