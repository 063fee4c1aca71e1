import { describe, expect, test } from 'vitest';
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
const treatments = [{ learningRate: 1, decays: false }];
const after = (each: OptimizerSettings) => {
  const weights = [Float32Array.of(1, -2, 3)];
  const optimizer = createOptimizer(each, weights, treatments);
  gradients.forEach((gradient, t) => optimizer.update(weights, [Float32Array.from(gradient)], t + 1));
  return { weights: weights[0]!, moments: optimizer.moments };
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
    const weights = [Float32Array.of(0, 0, 0)];
    createOptimizer(settings, weights, treatments).update(weights, [Float32Array.of(1e-4, -1, 1e4)], 1);
    [-0.1, 0.1, -0.1].forEach((step, i) => expect(weights[0]![i]).toBeCloseTo(step, 4));
  });

  test('leaves a weight without a gradient where it is', () => {
    const weights = [Float32Array.of(0.25)];
    createOptimizer(settings, weights, treatments).update(weights, [Float32Array.of(0)], 1);
    expect(weights[0]![0]).toBe(0.25);
  });
});

describe('gradient descent', () => {
  test('sums the gradients with momentum', () => {
    let [theta, u] = [1, 0];
    for (const gradient of gradients) theta -= 0.1 * (u = 0.5 * u + gradient[0]!);
    expect(after({ ...settings, optimizer: 'sgd' }).weights[0]).toBeCloseTo(theta, 5);
  });

  test('without momentum is θ − α g', () => {
    const weights = [Float32Array.of(1)];
    createOptimizer({ ...settings, optimizer: 'sgd', momentum: 0 }, weights, treatments).update(
      weights,
      [Float32Array.of(2)],
      1,
    );
    expect(weights[0]![0]).toBeCloseTo(0.8, 6);
  });

  test('keeps one moment, by its own name', () => {
    expect([...after({ ...settings, optimizer: 'sgd' }).moments.keys()]).toEqual(['.momentum']);
    expect([...after(settings).moments.keys()]).toEqual(['.m', '.v']);
  });
});
