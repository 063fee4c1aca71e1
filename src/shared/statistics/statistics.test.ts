import { expect, test } from 'vitest';
import { holm, summarise } from './statistics.js';

test('values have a mean, a best, a deviation and a spread; fewer have fewer', () => {
  expect(summarise([1, 2, 3, 6], true)).toEqual({ mean: 3, best: 6, sd: Math.sqrt(14 / 3), spread: 5 });
  expect(summarise([1, 2, 3, 6], false).best).toBe(1);
  expect(summarise([4], true)).toEqual({ mean: 4, best: 4, sd: null, spread: null });
  expect(summarise([], true)).toEqual({ mean: null, best: null, sd: null, spread: null });
});

test('p-values of many tests count by Holm as by hand, in their order, and never less than a smaller one', () => {
  // Sorted 0.01, 0.02, 0.03, 0.04: 4 · 0.01, 3 · 0.02, 2 · 0.03 (0.06), 0.04 (not below 0.06).
  const adjusted = holm([0.04, 0.01, null, 0.03, 0.02]);
  [0.06, 0.04, null, 0.06, 0.06].forEach((wanted, i) =>
    wanted === null ? expect(adjusted[i]).toBeNull() : expect(adjusted[i]).toBeCloseTo(wanted, 12),
  );
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
