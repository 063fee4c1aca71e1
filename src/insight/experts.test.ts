import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { ExpertHealth } from './experts.js';
import { expertSimilarity, similarityRowLimit, similarityRows } from './similarity.js';

/** Standard normal draws (Box–Muller). */
function normals(seed: number, count: number): number[] {
  const random = xoroshiro128plus(seed * 7919 + 1);
  const uniform = () => ((random.next() >>> 0) + 1) / 4294967297;
  for (let i = 0; i < 20; i++) random.next();
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

/** [rows, experts, width] from one [rows, width] per expert. */
function interleave(experts: number[][], rows: number, width: number): Float32Array {
  return Float32Array.from(
    Array.from({ length: rows }, (_, row) =>
      experts.flatMap((outputs) => outputs.slice(row * width, (row + 1) * width)),
    ).flat(),
  );
}

/** HSIC's unbiased estimator (Song et al. 2012, equation 5), as it is written there. */
function plainCka(x: number[], y: number[], rows: number, width: number): number {
  const gram = (values: number[]) =>
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: rows }, (_, s) =>
        r === s
          ? 0
          : Array.from({ length: width }, (_, u) => values[r * width + u]! * values[s * width + u]!).reduce(
              (a, b) => a + b,
              0,
            ),
      ),
    );
  const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const hsic = (k: number[][], l: number[][]) => {
    const trace = total(k.map((row, r) => total(row.map((value, s) => value * l[r]![s]!))));
    const sums = [k, l].map((matrix) => matrix.map(total));
    const cross = total(sums[0]!.map((value, r) => value * sums[1]![r]!));
    return trace + (total(sums[0]!) * total(sums[1]!)) / ((rows - 1) * (rows - 2)) - (2 / (rows - 2)) * cross;
  };
  const [k, l] = [gram(x), gram(y)];
  return Math.min(1, Math.max(0, hsic(k, l) / Math.sqrt(hsic(k, k) * hsic(l, l))));
}

describe('similarity of experts', () => {
  it('is the CKA of the textbook formula, both by units and by rows', () => {
    for (const [rows, width] of [
      [40, 3],
      [8, 30],
    ] as const) {
      const shared = normals(1, rows * width);
      const x = shared.map((value, i) =>
        Math.fround(Math.max(0, value + 0.5 * normals(2, rows * width)[i]! + 1)),
      );
      const y = shared.map((value, i) =>
        Math.fround(Math.max(0, value + 0.5 * normals(3, rows * width)[i]!)),
      );
      const similarity = expertSimilarity(interleave([x, y], rows, width), rows, 2, width);
      expect(similarity[1]).toBeCloseTo(plainCka(x, y, rows, width), 6);
      expect(similarity[2]).toBe(similarity[1]);
      expect(similarity[0]).toBeCloseTo(1, 9);
    }
  });

  it('does not see shift, scale and order of units', () => {
    const [rows, width] = [64, 3];
    const x = normals(4, rows * width);
    const y = x.map((_, i) => 5 - 3 * x[i - (i % width) + ((i + 1) % width)]!);
    expect(expertSimilarity(interleave([x, y], rows, width), rows, 2, width)[1]).toBeCloseTo(1, 5);
  });

  it('is near 0 for unrelated experts, even with as many units as rows', () => {
    const [rows, width] = [128, 128];
    const similarity = expertSimilarity(
      interleave([normals(5, rows * width), normals(6, rows * width)], rows, width),
      rows,
      2,
      width,
    );
    expect(similarity[1]).toBeLessThan(0.1);
  });

  it('is undefined for a dead expert and with fewer than four rows', () => {
    const alive = normals(7, 20);
    const similarity = expertSimilarity(
      interleave([alive, alive, new Array<number>(20).fill(0)], 10, 2),
      10,
      3,
      2,
    );
    expect(similarity[1]).toBeCloseTo(1, 9);
    expect(similarity[2]).toBeNaN();
    expect(expertSimilarity(Float32Array.of(1, 2, 3), 3, 1, 1)[0]).toBeNaN();
  });

  it('looks at fewer rows the larger the experts are, within bounds', () => {
    expect(similarityRows(100_000, 8, 16)).toBe(similarityRowLimit);
    expect(similarityRows(100_000, 64, 64)).toBe(128);
    expect(similarityRows(50, 8, 16)).toBe(50);
  });
});

describe('health of experts', () => {
  it('counts units alive, averages norms and finds the nearest, in any chunks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (chunk) => {
        const rows = 20;
        const a = normals(8, rows * 2);
        const b = a.map((value, i) => (i % 2 ? 0 : value));
        const outputs = interleave([a, b, a.map((value) => 2 * value)], rows, 2);
        const health = new ExpertHealth(rows, [0, 1, 2], 2);
        for (let first = 0; first < rows; first += chunk)
          health.add(outputs.subarray(first * 6, (first + chunk) * 6));
        const report = health.report();
        const norm = (values: number[]) =>
          Array.from({ length: rows }, (_, row) => Math.hypot(values[row * 2]!, values[row * 2 + 1]!)).reduce(
            (x, y) => x + y,
            0,
          ) / rows;
        expect(report.map(({ alive, units }) => [alive, units])).toEqual([
          [2, 2],
          [1, 2],
          [2, 2],
        ]);
        expect(report[0]!.norm).toBeCloseTo(norm(a), 4);
        expect(report[2]!.norm).toBeCloseTo(2 * norm(a), 4);
        expect(report[0]!.nearest?.expert).toBe(2);
        expect(report[0]!.nearest?.similarity).toBeCloseTo(1, 5);
      }),
    );
  });

  it('knows no neighbour of a single expert', () => {
    const health = new ExpertHealth(2, [0], 1);
    health.add(Float32Array.of(1, 2));
    expect(health.report()).toEqual([{ alive: 1, units: 1, norm: 1.5, nearest: null }]);
  });
});

it('experts with the same weights are told as the one module that they are', () => {
  // Experts 0 and 2 are a module, 1 and 3 another; each copy has a unit alive that the other has not.
  const health = new ExpertHealth(4, [0, 1, 0, 1], 2);
  const row = [2, 0, 1, 1, 0, 4, 0, 0];
  health.add(Float32Array.from([row, row].flat()));
  health.add(Float32Array.from([row, row].flat()));
  const [first, second, ...copies] = health.report();
  expect([first!.alive, first!.norm]).toEqual([2, 3]);
  expect([second!.alive, second!.norm]).toEqual([2, Number(Math.SQRT1_2.toPrecision(6))]);
  expect(copies).toEqual([first, second]);
});

it('a module’s nearest is another module, by the number of its first expert', () => {
  const random = normals(3, 400);
  const health = new ExpertHealth(100, [0, 1, 0, 1], 2);
  const rows = Array.from({ length: 100 }, (_, r) => {
    const [a, b, c, d] = random.slice(4 * r, 4 * r + 4) as [number, number, number, number];
    return [a, b, b, a, c, d, d, c];
  });
  health.add(Float32Array.from(rows.flat()));
  expect(health.report().map(({ nearest }) => [nearest!.expert, nearest!.similarity > 0.99])).toEqual([
    [1, true],
    [0, true],
    [1, true],
    [0, true],
  ]);
});
