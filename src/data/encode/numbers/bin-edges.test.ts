import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frequentValues, quantileEdges } from './bin-edges.js';
import { placeAmong } from './scales.js';
import { targetEdges } from './target-edges.js';

const column = fc
  .array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, min: -1e38, max: 1e38 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((values) => Float64Array.from(values, (value) => value + 0).sort());

describe('edges at quantiles', () => {
  it('leave rows in every bin, and no more bins than asked for beside those of dominating values', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 40 }), (sorted, bins) => {
        const edges = quantileEdges(sorted, bins);
        const rows = new Array<number>(edges.length + 1).fill(0);
        for (const value of sorted) rows[placeAmong(edges, value)]!++;
        expect(Math.min(...rows)).toBeGreaterThan(0);
        expect(edges).toEqual([...edges].sort((one, other) => one - other));
        expect(edges.length).toBeLessThanOrEqual(3 * bins);
      }),
    );
  });

  it('give every bin as many rows where all values differ', () => {
    const sorted = Float64Array.from({ length: 100 }, (_, i) => i);
    expect(quantileEdges(sorted, 4)).toEqual([24.5, 49.5, 74.5]);
  });

  it('give dominating values bins of their own, and the others all bins', () => {
    const zeros = Array<number>(90).fill(0);
    const sorted = Float64Array.from([...zeros, ...Array.from({ length: 10 }, (_, i) => i + 1)]);
    expect(quantileEdges(sorted, 5)).toEqual([0.5, 2.5, 4.5, 6.5, 8.5]);
    expect(quantileEdges(Float64Array.from(zeros), 5)).toEqual([]);
    expect(quantileEdges(Float64Array.from([...zeros, ...zeros.map(() => 1)]), 2)).toEqual([0.5]);
  });
});

it('the most frequent values are kept, up to a limit, and of equally frequent ones the least', () => {
  const sorted = Float64Array.from([1, 2, 2, 3, 3, 4, 4, 4]);
  expect(frequentValues(sorted, 2, 9)).toEqual([2, 3, 4]);
  expect(frequentValues(sorted, 1, 2)).toEqual([2, 4]);
  const many = Float64Array.from({ length: 5000 }, (_, i) => i);
  expect(frequentValues(many, 1, 2)).toEqual([0, 1]);
});

describe('edges by the labels', () => {
  const rows = 400;
  const trainRows = Uint32Array.from({ length: rows }, (_, row) => row);
  const values = Float64Array.from(trainRows);
  const fine = quantileEdges(values, 100);
  const binOf = Int16Array.from(values, (value) => placeAmong(fine, value));
  const step = (at: number): Float64Array => values.map((value) => (value < at ? 0 : 1));

  it('lie where a label changes, for each task', () => {
    const labels = [
      { classes: 2, values: step(100) },
      { classes: null, values: step(300).map((value) => value * 50) },
    ];
    expect(targetEdges(fine, binOf, trainRows, labels, { bins: 3, minRows: 10 })).toEqual([99.5, 299.5]);
    expect(targetEdges(fine, binOf, trainRows, labels, { bins: 9, minRows: 10 })).toEqual([99.5, 299.5]);
  });

  it('leave the rows that a leaf must have, and heed neither missing labels nor missing values', () => {
    const labels = [{ classes: 2, values: step(8).map((value, row) => (row % 7 === 3 ? NaN : value)) }];
    expect(targetEdges(fine, binOf, trainRows, labels, { bins: 2, minRows: 4 })).toEqual([7.5]);
    const [edge] = targetEdges(fine, binOf, trainRows, labels, { bins: 2, minRows: 100 });
    expect(edge).toBe(99.5);
    const missing = binOf.map((bin, row) => (row < 200 ? -1 : bin));
    expect(targetEdges(fine, missing, trainRows, labels, { bins: 2, minRows: 4 })).toEqual([]);
  });
});
