import { describe, expect, it } from 'vitest';
import { studentQuantile, studentTail } from './student.js';

describe("Student's t", () => {
  // By the closed forms: 1 degree of freedom is Cauchy's, 2 are t / √(2 + t²).
  it.each([0, 0.3, 1, 2.5, 12.7, 1e4])('t = %d has the tails of the closed forms', (t) => {
    expect(studentTail(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    expect(studentTail(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
  });

  // R 4.3: 2 * pt(-t, df).
  it.each([
    [2.2, 9, 0.0553643],
    [3.1, 4.7, 0.0291467],
    [1.96, 199, 0.0513901],
    [5, 30, 2.33e-5],
  ])('t = %d with %d degrees of freedom', (t, freedom, tail) => {
    const integral = simpson(t, freedom);
    expect(studentTail(t, freedom)).toBeCloseTo(integral, 9);
    expect(Math.abs(studentTail(t, freedom) / tail - 1)).toBeLessThan(0.02);
  });

  it.each([1, 2, 5, 19, 20, 21, 199, 1e4])('its quantile is what has that tail, with %d', (freedom) => {
    for (const tail of [0.5, 0.1, 0.05, 0.001])
      expect(studentTail(studentQuantile(tail, freedom), freedom)).toBeCloseTo(tail, 10);
  });

  it('has the critical values of the tables', () => {
    expect(studentQuantile(0.05, 1)).toBeCloseTo(12.7062, 4);
    expect(studentQuantile(0.05, 19)).toBeCloseTo(2.093, 3);
    expect(studentQuantile(0.05, 1e7)).toBeCloseTo(1.959964, 5);
  });
});

/** The two tails beyond t, as 1 − 2 ∫ of the density from 0 to t; its constant by the integral over all. */
function simpson(t: number, freedom: number): number {
  const density = (x: number) => (1 + (x * x) / freedom) ** (-(freedom + 1) / 2);
  // x = tan u maps the whole half-line to a stretch.
  const over = (end: number): number => {
    const n = 20_000;
    const f = (u: number) => (u >= Math.PI / 2 ? 0 : density(Math.tan(u)) / Math.cos(u) ** 2);
    let sum = f(0) + f(end);
    for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * f((i * end) / n);
    return (sum * end) / n / 3;
  };
  return 1 - over(Math.atan(t)) / over(Math.PI / 2);
}
