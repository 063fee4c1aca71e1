import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DynamicAverage } from './dynamic-average.js';
import { project } from './projected.js';
import { weightedSum } from './flat.js';

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
const vector = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 4 })
  .map((values) => Float32Array.from(values));
const one = () => 0;

describe('PCGrad', () => {
  test('of two gradients in conflict, each ends at a right angle to the other; others stay', () => {
    fc.assert(
      fc.property(vector, vector, (a, b) => {
        const [pa, pb] = project([a, b], Float32Array.of(1, 1, 1, 1), one);
        if (dot(a, b) >= 0) {
          expect([pa, pb]).toEqual([a, b]);
          return;
        }
        // Rounding to single precision, of values up to 50 in four terms.
        expect(Math.abs(dot(pa!, b))).toBeLessThan(1e-2);
        expect(Math.abs(dot(pb!, a))).toBeLessThan(1e-2);
      }),
    );
  });

  test('(1, 0) against (−1, 1) becomes (½, ½): the paper’s formula by hand', () => {
    const [first, second] = project(
      [Float32Array.of(1, 0), Float32Array.of(-1, 1)],
      Float32Array.of(1, 1),
      one,
    );
    expect([...first!]).toEqual([0.5, 0.5]);
    expect([...second!]).toEqual([0, 1]);
  });

  test('parameters of one task alone keep their gradient and count in no product', () => {
    const [first] = project(
      [Float32Array.of(1, 0, 7), Float32Array.of(-1, 1, 0)],
      Float32Array.of(1, 1, 0),
      one,
    );
    expect([...first!]).toEqual([0.5, 0.5, 7]);
  });
});

test('a weighted sum of gradients is the sum of the weighted gradients', () => {
  expect([...weightedSum([Float32Array.of(1, 2), Float32Array.of(-3, 0.5)], [2, 4])]).toEqual([-10, 6]);
});

describe('dynamic weight average', () => {
  const tasks = [
    { kind: 'binary', lossWeight: 1 },
    { kind: 'regression', lossWeight: 3 },
  ] as const;

  test('weighs all tasks alike for two epochs, then those that fall more slowly higher', () => {
    const average = new DynamicAverage(tasks, 2);
    const epochs = [
      [1, 2],
      [0.5, 1.8],
    ];
    for (const losses of epochs) {
      expect(average.weights()).toEqual([1, 3]);
      feed(average, losses);
    }
    const [a, b] = [Math.exp(0.5 / 2), Math.exp(0.9 / 2)];
    const weights = average.weights();
    expect(weights[0]).toBeCloseTo((2 * a) / (a + b), 12);
    expect(weights[1]).toBeCloseTo((3 * 2 * b) / (a + b), 12);
  });

  test('goes on from its state, also where an epoch had no labels', () => {
    const average = new DynamicAverage(tasks, 2);
    feed(average, [1, NaN]);
    feed(average, [0.9, 2]);
    const other = new DynamicAverage(tasks, 2);
    other.restore(JSON.parse(JSON.stringify(average.state())) as number[]);
    expect(other.weights()).toEqual(average.weights());
    feed(average, [0.7, 1]);
    feed(other, [0.7, 1]);
    expect(other.weights()).toEqual(average.weights());
  });

  /** One epoch of one batch with these losses. */
  function feed(average: DynamicAverage, losses: number[]): void {
    average.add(Float64Array.from(losses));
    average.endEpoch();
  }
});
