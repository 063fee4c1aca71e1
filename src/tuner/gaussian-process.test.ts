import { expect, it } from 'vitest';
import { seededUniform } from '../network/draws/random.js';
import { GaussianProcess, logPosterior } from './gaussian-process.js';
import { logImprovement } from './log-improvement.js';
import { minimise } from './minimise.js';

const uniform = seededUniform(1, 'gaussian process');
const draw = (count: number, dimensions: number) =>
  Array.from({ length: count }, () => Float64Array.from({ length: dimensions }, uniform));

it('believes of two values what the closed form says', () => {
  const points = [Float64Array.of(0.2), Float64Array.of(0.9)];
  const values = [3, 5];
  const process = GaussianProcess.fit(points, values, [false]);
  const { lengths, signal, noise } = process.hyperparameters;
  const kernel = (distance: number) => {
    const r = (Math.sqrt(5) * Math.abs(distance)) / Math.exp(lengths[0]!);
    return Math.exp(signal) * (1 + r + r ** 2 / 3) * Math.exp(-r);
  };
  // Two values lie ∓ 1/√2 from their mean in units of their deviation, √2. By Cramer's rule.
  const own = Math.exp(signal) + Math.exp(noise) + 1e-8;
  const between = kernel(0.7);
  const determinant = own ** 2 - between ** 2;
  const [first, second] = [kernel(0.3), kernel(0.4)];
  const half = Math.SQRT1_2;
  const mean = (half * (second - first) * (own + between)) / determinant;
  const explained = (own * (first ** 2 + second ** 2) - 2 * between * first * second) / determinant;
  const { mean: believed, sd } = process.at(Float64Array.of(0.5));
  expect(believed).toBeCloseTo(4 + Math.SQRT2 * mean, 10);
  expect(sd).toBeCloseTo(Math.SQRT2 * Math.sqrt(Math.exp(signal) - explained), 8);
});

it('has the gradient of its likelihood that finite differences have, choices and all', () => {
  const points = draw(12, 3);
  for (const point of points) point[2] = Math.floor(3 * point[2]!);
  const values = Float64Array.from(points, ([x, y, z]) => Math.sin(5 * x!) + y! * z! + 0.1 * uniform());
  const evaluate = logPosterior(points, values, [false, false, true]);
  const at = Float64Array.of(-0.7, 0.3, 0.1, 0.2, -3);
  const { gradient } = evaluate(at);
  for (let i = 0; i < at.length; i++) {
    const moved = (by: number) => evaluate(at.map((one, j) => (j === i ? one + by : one))).value;
    expect(gradient[i]).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
  }
});

it('finds which dimension matters, how noisy values are, and what lies between them', () => {
  const points = draw(60, 2);
  const values = points.map(([x]) => Math.sin(6 * x!) + 0.1 * Math.sqrt(12) * (uniform() - 0.5));
  const process = GaussianProcess.fit(points, values, [false, false]);
  const { lengths, noise } = process.hyperparameters;
  expect(lengths[1]! - lengths[0]!).toBeGreaterThan(Math.log(3));
  const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  expect(Math.sqrt(Math.exp(noise) * variance)).toBeGreaterThan(0.05);
  expect(Math.sqrt(Math.exp(noise) * variance)).toBeLessThan(0.2);
  for (const x of [0.2, 0.5, 0.8])
    expect(Math.abs(process.at(Float64Array.of(x, 0.5)).mean - Math.sin(6 * x))).toBeLessThan(0.1);
});

it('stands a single value, equal values, and points that coincide', () => {
  const one = GaussianProcess.fit([Float64Array.of(0.5)], [7], [false]).at(Float64Array.of(0.5));
  expect(one.mean).toBeCloseTo(7);
  const same = [0.5, 0.5, 0.5].map((x) => Float64Array.of(x));
  expect(GaussianProcess.fit(same, [2, 2, 2], [false]).at(same[0]!).mean).toBeCloseTo(2);
  const { mean } = GaussianProcess.fit(same, [1, 2, 3], [false]).at(same[0]!);
  expect(mean).toBeCloseTo(2);
});

it('improves by what draws improve in the mean, and its logarithm goes on where the draws are none', () => {
  for (const z of [-2, -0.5, 0, 1.5]) {
    const draws = 200_000;
    let sum = 0;
    for (let i = 0; i < draws; i++)
      sum += Math.max(0, z - Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()));
    expect(Math.abs(Math.exp(logImprovement(z)) - sum / draws)).toBeLessThan(0.01);
  }
  // Both forms of it meet, and it never stops rising.
  const points = Array.from({ length: 400 }, (_, i) => -40 + i / 10);
  points.slice(1).forEach((z, i) => {
    const slope = (logImprovement(z) - logImprovement(points[i]!)) / 0.1;
    // The derivative is near −z − 2/z far out.
    expect(slope).toBeGreaterThan(0);
    if (z < -3) expect(Math.abs(slope + z - 0.05)).toBeLessThan(1);
  });
});

it('finds the least place of a narrow valley', () => {
  const valley = ([x, y]: Float64Array) => ({
    value: 100 * (y! - x! ** 2) ** 2 + (1 - x!) ** 2,
    gradient: Float64Array.of(-400 * x! * (y! - x! ** 2) - 2 * (1 - x!), 200 * (y! - x! ** 2)),
  });
  const { at } = minimise(valley, Float64Array.of(-1.2, 1), 200);
  expect(at[0]).toBeCloseTo(1, 2);
  expect(at[1]).toBeCloseTo(1, 2);
});
