import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawBits, drawNormal, drawUniform, siteOf, stepKey } from './draws.js';

const count = 100_000;
const key = stepKey(7, 3);
const site = siteOf('levels.0.experts.1.layers.0.dropout');

test('uniform draws are spread evenly over [0, 1), and neighbouring indices’ draws are unrelated', () => {
  const draws = Array.from({ length: count }, (_, index) => drawUniform(key, site, index));
  const bins = new Float64Array(20);
  for (const draw of draws) bins[Math.floor(draw * 20)]!++;
  // A bin's standard deviation is about 70.
  for (const bin of bins) expect(Math.abs(bin - count / 20)).toBeLessThan(350);
  const together =
    draws.reduce((sum, draw, i) => sum + (draw - 0.5) * ((draws[i + 1] ?? 0.5) - 0.5), 0) / count;
  expect(Math.abs(together)).toBeLessThan(5 / 12 / Math.sqrt(count));
});

test('normal draws have mean 0, variance 1, and no skew', () => {
  const draws = Array.from({ length: count }, (_, index) => drawNormal(key, site, index));
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / count;
  expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(draws.reduce((sum, draw) => sum + draw ** 2, 0) / count - 1)).toBeLessThan(
    (5 * Math.SQRT2) / Math.sqrt(count),
  );
  expect(Math.abs(draws.reduce((sum, draw) => sum + draw ** 3, 0) / count)).toBeLessThan(
    (5 * Math.sqrt(15)) / Math.sqrt(count),
  );
  expect(draws.every(Number.isFinite)).toBe(true);
});

test('seed, step, place and index each change the draw', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0 }),
      fc.nat(1e6),
      fc.nat(1e6),
      fc.integer({ min: 1, max: 1e6 }),
      (seed, step, index, other) => {
        const bits = drawBits(stepKey(seed, step), site, index);
        expect(drawBits(stepKey(seed + other, step), site, index)).not.toBe(bits);
        expect(drawBits(stepKey(seed, step + other), site, index)).not.toBe(bits);
        expect(drawBits(stepKey(seed, step), siteOf(`place ${other}`), index)).not.toBe(bits);
        expect(drawBits(stepKey(seed, step), site, index + other)).not.toBe(bits);
      },
    ),
  );
});
