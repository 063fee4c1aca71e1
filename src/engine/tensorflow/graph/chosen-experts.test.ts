import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { chosenExperts } from './chosen-experts.js';

test('the largest logits are chosen, of equal ones those of the lower experts', () => {
  expect([...chosenExperts(Float32Array.of(1, 3, 3, 3, 2), 5, null, 2)]).toEqual([0, 1, 1, 0, 0]);
  expect([...chosenExperts(Float32Array.of(0, 0, 0, 5, 0, 0), 3, null, 1)]).toEqual([1, 0, 0, 1, 0, 0]);
});

test('what dropout leaves out is not chosen, and the next takes its place', () => {
  expect([...chosenExperts(Float32Array.of(4, 3, 2, 1), 4, Float32Array.of(0, 1, 0, 1), 2)]).toEqual([
    0, 1, 0, 1,
  ]);
  expect([...chosenExperts(Float32Array.of(4, 3, 2, 1), 4, Float32Array.of(0, 1, 0, 0), 2)]).toEqual([
    0, 1, 0, 0,
  ]);
});

test('no row has more than the count, and none that is left out is above one that is chosen', () => {
  const logits = fc.integer({ min: 1, max: 6 }).chain((experts) =>
    fc.record({
      experts: fc.constant(experts),
      values: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: experts, maxLength: experts }),
      count: fc.integer({ min: 1, max: experts }),
    }),
  );
  fc.assert(
    fc.property(logits, ({ experts, values, count }) => {
      const chosen = chosenExperts(Float32Array.from(values), experts, null, count);
      expect(chosen.reduce((sum, one) => sum + one, 0)).toBe(count);
      const of = (one: number) => values.filter((_, n) => chosen[n] === one);
      expect(Math.min(...of(1))).toBeGreaterThanOrEqual(Math.max(-Infinity, ...of(0)));
    }),
  );
});
