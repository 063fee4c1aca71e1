import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, holm, summarise } from './statistics.js';

const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 12 });

test('values have a mean, a best, a deviation and a spread; fewer have fewer', () => {
  expect(summarise([1, 2, 3, 6], true)).toEqual({ mean: 3, best: 6, sd: Math.sqrt(14 / 3), spread: 5 });
  expect(summarise([1, 2, 3, 6], false).best).toBe(1);
  expect(summarise([4], true)).toEqual({ mean: 4, best: 4, sd: null, spread: null });
  expect(summarise([], true)).toEqual({ mean: null, best: null, sd: null, spread: null });
});

test('with seeds in common, values are compared pair by pair', () => {
  const of = new Map([
    [1, 5],
    [2, 7],
    [3, 9],
    [9, 100],
  ]);
  const to = new Map([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
  const found = difference(of, to)!;
  expect(found).toMatchObject({ value: 2, pairs: 3 });
  expect(found.error).toBeCloseTo(1 / Math.sqrt(3), 12);
});

test('what all seeds have in common adds nothing to the error of a difference', () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: -5, max: 5, noNaN: true }), (values, shift) => {
      const to = new Map(values.map((value, seed) => [seed, value]));
      const of = new Map(values.map((value, seed) => [seed, value + shift]));
      const found = difference(of, to)!;
      expect(found.value).toBeCloseTo(shift, 9);
      expect(found.error).toBeCloseTo(0, 9);
    }),
  );
});

test('without seeds in common the means are compared, whose errors add up as squares', () => {
  fc.assert(
    fc.property(numbers, numbers, (one, other) => {
      const found = difference(
        new Map(one.map((value, seed) => [seed, value])),
        new Map(other.map((value, seed) => [100 + seed, value])),
      )!;
      const [a, b] = [summarise(one, true), summarise(other, true)];
      expect(found.pairs).toBe(0);
      expect(found.value).toBeCloseTo(a.mean! - b.mean!, 9);
      expect(found.error).toBeCloseTo(Math.sqrt(a.sd! ** 2 / one.length + b.sd! ** 2 / other.length), 9);
    }),
  );
});

test('a single value has no error, and none at all no difference', () => {
  expect(
    difference(
      new Map([[1, 3]]),
      new Map([
        [1, 1],
        [2, 9],
      ]),
    ),
  ).toEqual({ value: 2, error: null, pairs: 1 });
  expect(
    difference(
      new Map([[4, 3]]),
      new Map([
        [1, 1],
        [2, 9],
      ]),
    ),
  ).toEqual({ value: -2, error: null, pairs: 0 });
  expect(difference(new Map(), new Map([[1, 1]]))).toBeNull();
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
