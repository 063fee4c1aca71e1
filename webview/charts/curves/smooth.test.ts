import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smooth } from './smooth.js';

describe('smoothing', () => {
  it('keeps a constant line where it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (value, weight) => {
          for (const smoothed of smooth([value, value, value], weight))
            expect(smoothed).toBeCloseTo(value, 8);
        },
      ),
    );
  });

  it('leaves out what is not known', () => {
    expect(smooth([1, null, 1], 0.5)).toEqual([1, null, 1]);
  });
});
