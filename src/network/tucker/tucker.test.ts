import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededUniform } from '../draws/random.js';
import { tucker, type Tucker } from './tucker.js';

const drawn = (seed: number, tasks: number, values: number): Float32Array[] =>
  Array.from({ length: tasks }, (_, t) => {
    const draw = seededUniform(seed, `task ${t}`);
    return Float32Array.from({ length: values }, () => 2 * draw() - 1);
  });

/** W_t [inputs, outputs] of a decomposition. */
function restored({ first, cores, second, constants }: Tucker, inputs: number, outputs: number): number[][] {
  const r1 = first.length / inputs;
  const r2 = second.length / outputs;
  return constants.map((weights) => {
    const values = new Array<number>(inputs * outputs).fill(0);
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        for (let a = 0; a < r1; a++) {
          for (let b = 0; b < r2; b++) {
            let core = 0;
            cores.forEach((one, r) => (core += weights[r]! * one[a * r2 + b]!));
            values[i * outputs + o]! += first[i * r1 + a]! * core * second[b * outputs + o]!;
          }
        }
      }
    }
    return values;
  });
}

function largestDifference(tasks: readonly Float32Array[], others: readonly number[][]): number {
  return Math.max(
    ...tasks.flatMap((task, t) => [...task].map((value, i) => Math.abs(value - others[t]![i]!))),
  );
}

/** Largest |U Uᵀ − I| of rows. */
function fromOrthonormal(data: Float64Array, columns: number): number {
  let largest = 0;
  for (let i = 0; i < data.length / columns; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += data[i * columns + k]! * data[j * columns + k]!;
      largest = Math.max(largest, Math.abs(sum - (i === j ? 1 : 0)));
    }
  }
  return largest;
}

const shapes = fc.record({
  inputs: fc.integer({ min: 1, max: 9 }),
  outputs: fc.integer({ min: 1, max: 6 }),
  tasks: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

describe('the Tucker decomposition', () => {
  test('at full ranks restores the weights', () => {
    fc.assert(
      fc.property(shapes, ({ inputs, outputs, tasks, seed }) => {
        const weights = drawn(seed, tasks, inputs * outputs);
        const whole = tucker(weights, inputs, outputs, [inputs, outputs, tasks]);
        expect(largestDifference(weights, restored(whole, inputs, outputs))).toBeLessThan(1e-12);
      }),
    );
  });

  test('restores weights of a wide input at the rank that they can have', () => {
    const weights = drawn(1, 2, 60 * 4);
    const whole = tucker(weights, 60, 4, [8, 4, 2]);
    expect(largestDifference(weights, restored(whole, 60, 4))).toBeLessThan(1e-12);
  });

  test('has orthonormal factors, also of weights that are all alike or all zero', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.constantFrom('drawn', 'alike', 'zero'),
        ({ inputs, outputs, tasks, seed }, kind) => {
          const one = drawn(seed, 1, inputs * outputs)[0]!;
          const weights =
            kind === 'drawn'
              ? drawn(seed, tasks, inputs * outputs)
              : Array.from({ length: tasks }, () => (kind === 'alike' ? one : one.map(() => 0)));
          const { first, second } = tucker(weights, inputs, outputs, [inputs, outputs, tasks]);
          const r1 = inputs;
          const rows = Float64Array.from(
            { length: first.length },
            (_, at) => first[(at % inputs) * r1 + Math.floor(at / inputs)]!,
          );
          expect(fromOrthonormal(rows, inputs)).toBeLessThan(1e-12);
          expect(fromOrthonormal(second, outputs)).toBeLessThan(1e-12);
        },
      ),
    );
  });

  test('at lower ranks comes as near as the singular values that are left out allow', () => {
    // De Lathauwer et al. 2000, property 10; two tasks that differ a little are near to rank 1 over the
    // tasks.
    const [base, change] = drawn(3, 2, 20 * 5) as [Float32Array, Float32Array];
    const weights = [base, base.map((value, i) => value + 0.01 * change[i]!)];
    const near = tucker(weights, 20, 5, [10, 5, 1]);
    expect(largestDifference(weights, restored(near, 20, 5))).toBeLessThan(0.01);
    expect(near.cores).toHaveLength(1);
  });

  test('is the same every time', () => {
    const weights = drawn(5, 3, 40 * 3);
    expect(tucker(weights, 40, 3, [20, 3, 2])).toEqual(tucker(weights, 40, 3, [20, 3, 2]));
  });

  test('refuses a rank above the size of its mode', () => {
    expect(() => tucker(drawn(1, 2, 6), 3, 2, [3, 2, 3])).toThrow('ranks 3, 2, 3 for weights of 3 × 2 × 2');
  });
});
