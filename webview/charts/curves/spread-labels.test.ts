import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spreadLabels } from './spread-labels.js';

describe('labels at the ends of lines', () => {
  it('do not lie upon one another, keep their order and stay inside', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 20 }), (centres) => {
        const placed = spreadLabels(centres, 13, 0, 300);
        const sorted = centres
          .map((centre, index) => ({ centre, index, top: placed[index]! }))
          .sort((a, b) => a.centre - b.centre || a.index - b.index);
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i]!.top - sorted[i - 1]!.top).toBeGreaterThan(12.99);
        for (const top of placed) expect(top >= 6.49 && top <= 293.51).toBe(true);
      }),
    );
  });

  it('share the space where there is too little', () => {
    expect(spreadLabels([5, 5, 5], 13, 0, 26)).toEqual([6.5, 13, 19.5]);
  });
});
