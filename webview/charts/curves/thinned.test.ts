import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned } from './thinned.js';

const line = (length: number, value: (i: number) => number) => ({
  x: Array.from({ length }, (_, i) => i),
  values: Array.from({ length }, (_, i) => value(i)),
});

describe('a long line', () => {
  it('is drawn by few points, of which none that sticks out is lost', () => {
    const { x, values } = line(50_000, (i) => Math.sin(i / 999) + (i === 31_234 ? 5 : 0) - (i === 7 ? 9 : 0));
    const kept = thinned(x, values, { shown: [0, 49_999], columns: 600 });
    expect(kept.length).toBeLessThanOrEqual(4 * 601);
    expect(kept).toEqual(expect.arrayContaining([0, 7, 31_234, 49_999]));
  });

  it('shows its finer points where it is zoomed, and one beside on each side', () => {
    const { x, values } = line(50_000, Math.cos);
    const kept = thinned(x, values, { shown: [1000, 1500], columns: 600 });
    expect(kept).toEqual(Array.from({ length: 503 }, (_, i) => 999 + i));
  });

  it('keeps order, ends, and in each column the extremes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 50, maxLength: 400 }),
        fc.integer({ min: 1, max: 10 }),
        (values, columns) => {
          const x = values.map((_, i) => i * 3);
          const kept = thinned(x, values, { shown: [0, x.at(-1)!], columns });
          expect(kept).toEqual([...kept].sort((one, other) => one - other));
          expect(kept[0]).toBe(0);
          expect(kept.at(-1)).toBe(values.length - 1);
          const own = kept.map((i) => values[i]!);
          expect([Math.min(...own), Math.max(...own)]).toEqual([Math.min(...values), Math.max(...values)]);
        },
      ),
    );
  });

  it('with gaps is drawn whole', () => {
    const { x, values } = line(5000, (i) => i);
    const gaps = values.map((value) => (value === 2500 ? null : value));
    expect(thinned(x, gaps, { shown: [0, 4999], columns: 100 })).toHaveLength(5000);
  });
});
