import { expect, test } from 'vitest';
import { normalChance, normalQuantile } from './normal-chance.js';

test('the chance to be below x is that of tables', () => {
  // Abramowitz & Stegun 1964, table 26.1 (15 digits), and its symmetry.
  for (const [x, chance] of [
    [0, 0.5],
    [0.5, 0.691462461274013],
    [1, 0.841344746068543],
    [2, 0.977249868051821],
    [3, 0.99865010196837],
    [4, 0.999968328758167],
  ] as const) {
    expect(normalChance(x)).toBeCloseTo(chance, 14);
    expect(normalChance(-x)).toBeCloseTo(1 - chance, 14);
  }
});

test('neither form shows where the other begins, and the ends are 0 and 1', () => {
  const at = 2 * Math.SQRT2;
  expect(normalChance(at + 1e-9) - normalChance(at - 1e-9)).toBeCloseTo(
    2e-9 * (Math.exp(-4) / Math.sqrt(2 * Math.PI)),
    14,
  );
  expect([normalChance(-40), normalChance(40)]).toEqual([0, 1]);
  expect(normalChance(-8) / 6.220960574271785e-16).toBeCloseTo(1, 10);
});

test('a quantile is where the chance is what was asked for', () => {
  for (const [chance, x] of [
    [0.5, 0],
    [0.8413447460685429, 1],
    [0.9986501019683699, 3],
    [0.025, -1.959963984540054],
  ] as const)
    expect(normalQuantile(chance)).toBeCloseTo(x, 10);
});
