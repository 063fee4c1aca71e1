import { describe, expect, it } from 'vitest';
import { Surrogate, type Trial } from './surrogate.js';
import { evenPositions, type Space } from './space.js';

const space: Space = [{ kind: 'real', name: 'x', from: 0, to: 1, scale: 'linear' }];
const trialsOf = (value: (x: number) => number, count: number): Trial[] => {
  const even = evenPositions(1, 5, 'test');
  return Array.from({ length: count }, (_, i) => {
    const x = Number(even(i)[0]!.toPrecision(4));
    return { point: { x }, values: [value(x)] };
  });
};
const meanAt = (surrogate: Surrogate, x: number): number => surrogate.at({ x })[0]!.mean;

describe('a surrogate', () => {
  it('sees what differences good values have beside values that are far off', () => {
    // Half of the range fails in a way that is larger than all else a thousand times over.
    const cliff = (x: number): number => (x < 0.5 ? 1 + Math.sin(40 * x) / 2 : 0.001 * (x - 0.8) ** 2);
    const surrogate = Surrogate.fit(space, trialsOf(cliff, 30))!;
    const places = Array.from({ length: 101 }, (_, i) => i / 100);
    const best = places.reduce((one, other) =>
      meanAt(surrogate, other) < meanAt(surrogate, one) ? other : one,
    );
    expect(Math.abs(best - 0.8)).toBeLessThan(0.06);
    expect(meanAt(surrogate, 0.2)).toBeGreaterThan(meanAt(surrogate, 0.55));
  });

  it('takes values as they are where these foretell good ones clearly better', () => {
    const surrogate = Surrogate.fit(
      space,
      trialsOf((x) => (x - 0.3) ** 2, 14),
    )!;
    expect(meanAt(surrogate, 0.95)).toBeCloseTo(0.65 ** 2, 2);
    expect(meanAt(surrogate, 0.3)).toBeCloseTo(0, 3);
  });
});
