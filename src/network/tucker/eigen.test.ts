import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { eigenvectors } from './eigen.js';

/** Largest |A vᵀ − λ vᵀ| and |V Vᵀ − I|. */
function errors(matrix: readonly number[], n: number): { equation: number; orthogonal: number } {
  const { values, vectors } = eigenvectors(Float64Array.from(matrix), n);
  let equation = 0;
  let orthogonal = 0;
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      let product = 0;
      let inner = 0;
      for (let j = 0; j < n; j++) {
        product += matrix[i * n + j]! * vectors[k * n + j]!;
        inner += vectors[i * n + j]! * vectors[k * n + j]!;
      }
      equation = Math.max(equation, Math.abs(product - values[k]! * vectors[k * n + i]!));
      orthogonal = Math.max(orthogonal, Math.abs(inner - (i === k ? 1 : 0)));
    }
  }
  return { equation, orthogonal };
}

const symmetric = fc.integer({ min: 1, max: 12 }).chain((n) =>
  fc.tuple(
    fc.constant(n),
    // Whole numbers, so that values coincide, rows vanish and blocks fall apart often.
    fc.array(fc.integer({ min: -3, max: 3 }), { minLength: n * n, maxLength: n * n }),
  ),
);

test('every vector is an eigenvector, and they are orthonormal', () => {
  fc.assert(
    fc.property(symmetric, ([n, entries]) => {
      const matrix = entries.map((_, at) => entries[Math.min(at, (at % n) * n + Math.floor(at / n))]!);
      const { equation, orthogonal } = errors(matrix, n);
      // A few hundred roundings of numbers below 36 in double precision.
      expect(equation).toBeLessThan(1e-12);
      expect(orthogonal).toBeLessThan(1e-13);
    }),
    { numRuns: 300 },
  );
});

test('the largest eigenvalue comes first', () => {
  expect([...eigenvectors(Float64Array.from([1, 0, 0, 0, 3, 0, 0, 0, 2]), 3).values]).toEqual([3, 2, 1]);
});

test('a matrix with a number that is not finite is refused', () => {
  expect(() => eigenvectors(Float64Array.from([1, NaN, NaN, 1]), 2)).toThrow('not finite');
});
