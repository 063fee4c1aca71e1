import { describe, expect, test } from 'vitest';
import type { NamedArrays } from '../../../network/parameters.js';
import type { OptimizerSettings } from '../../engine.js';
import { createOptimizer } from './optimizer.js';

const settings: OptimizerSettings = {
  optimizer: 'adam',
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0.5,
};
/** Gradients of 3 values over 20 steps: of size 1, tiny, and mostly 0. */
const gradients = Array.from({ length: 20 }, (_, t) => [
  Math.sin(t) + 0.2,
  1e-6 * Math.cos(t),
  t % 7 === 0 ? 5 : 0,
]);
const named = (...values: number[]): NamedArrays =>
  new Map([['w', { shape: [values.length], data: Float32Array.from(values) }]]);
const dataOf = (arrays: NamedArrays) => arrays.get('w')!.data;
const norm = (arrays: NamedArrays) => Math.hypot(...dataOf(arrays));
const optimizerOf = (each: OptimizerSettings, length: number, decays = false) =>
  createOptimizer(each, [{ name: 'w', shape: [length], decays }], norm);
const after = (each: OptimizerSettings) => {
  const weights = named(1, -2, 3);
  const optimizer = optimizerOf(each, 3);
  gradients.forEach((gradient, t) => optimizer.update(weights, named(...gradient), t + 1));
  return { weights: dataOf(weights), moments: optimizer.moments };
};

describe('Adam', () => {
  test('moves as algorithm 1 of Kingma & Ba says, with both corrections', () => {
    const [theta, m, v] = [
      [1, -2, 3],
      [0, 0, 0],
      [0, 0, 0],
    ];
    gradients.forEach((gradient, index) => {
      const t = index + 1;
      gradient.forEach((g, i) => {
        m[i] = 0.9 * m[i]! + 0.1 * g;
        v[i] = 0.999 * v[i]! + 0.001 * g * g;
        theta[i]! -= (0.1 * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
      });
    });
    // Single precision: 20 roundings of values near 3, 1.2e-7 each.
    after(settings).weights.forEach((weight, i) => expect(Math.abs(weight - theta[i]!)).toBeLessThan(5e-6));
  });

  test('takes a first step of the learning rate, whatever the gradient’s size', () => {
    const weights = named(0, 0, 0);
    optimizerOf(settings, 3).update(weights, named(1e-4, -1, 1e4), 1);
    [-0.1, 0.1, -0.1].forEach((step, i) => expect(dataOf(weights)[i]).toBeCloseTo(step, 4));
  });

  test('leaves a weight without a gradient where it is', () => {
    const weights = named(0.25);
    optimizerOf(settings, 1).update(weights, named(0), 1);
    expect(dataOf(weights)[0]).toBe(0.25);
  });
});

describe('gradient descent', () => {
  test('sums the gradients with momentum', () => {
    let [theta, u] = [1, 0];
    for (const gradient of gradients) theta -= 0.1 * (u = 0.5 * u + gradient[0]!);
    expect(after({ ...settings, optimizer: 'sgd' }).weights[0]).toBeCloseTo(theta, 5);
  });

  test('without momentum is θ − α g', () => {
    const weights = named(1);
    optimizerOf({ ...settings, optimizer: 'sgd', momentum: 0 }, 1).update(weights, named(2), 1);
    expect(dataOf(weights)[0]).toBeCloseTo(0.8, 6);
  });

  test('keeps one moment, by its own name', () => {
    expect([...after({ ...settings, optimizer: 'sgd' }).moments.keys()]).toEqual(['.momentum']);
    expect([...after(settings).moments.keys()]).toEqual(['.m', '.v']);
  });
});

test.each(['adam', 'sgd'] as const)(
  '%s takes a gradient that is too long as one of the limit',
  (optimizer) => {
    const move = (clipNorm: number | undefined, ...gradient: number[]) => {
      const weights = named(1, 1);
      const made = optimizerOf({ ...settings, optimizer, ...(clipNorm && { clipNorm }) }, 2);
      made.update(weights, named(...gradient), 1);
      return { weights, moments: made.moments };
    };
    expect(move(2.5, 6, 8)).toEqual(move(undefined, 1.5, 2));
    expect(move(10, 6, 8)).toEqual(move(undefined, 6, 8));
  },
);

test.each(['adam', 'sgd'] as const)('%s decays weights that decay, besides the gradient', (optimizer) => {
  const left = (decays: boolean) => {
    const weights = named(2);
    const made = optimizerOf({ ...settings, optimizer, weightDecay: 0.5 }, 1, decays);
    made.update(weights, named(0), 1, 0.5);
    return dataOf(weights)[0];
  };
  expect(left(false)).toBe(2);
  // 1 − rate · learning rate · decay = 1 − 0.5 · 0.1 · 0.5.
  expect(left(true)).toBe(Math.fround(2 * 0.975));
});
