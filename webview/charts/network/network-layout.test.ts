import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layoutNetwork } from './network-layout.js';

it('boxes of the network do not overlap and stay inside, whatever their number', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 16 }),
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 280, max: 1200 }),
      (streams, experts, width) => {
        const layout = layoutNetwork(streams, experts, width);
        const boxes = [...layout.streams, ...layout.experts];
        expect([layout.streams.length, layout.experts.length]).toEqual([streams, experts]);
        for (const [index, a] of boxes.entries()) {
          expect(a.x >= 0 && a.x + a.width <= width + 0.01 && a.y + a.height <= layout.height).toBe(true);
          for (const b of boxes.slice(index + 1)) {
            const apart =
              a.x + a.width <= b.x + 0.01 ||
              b.x + b.width <= a.x + 0.01 ||
              a.y + a.height <= b.y + 0.01 ||
              b.y + b.height <= a.y + 0.01;
            expect(apart).toBe(true);
          }
        }
      },
    ),
  );
});

it('boxes as wide as their names neither overlap nor leave the picture', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 280, max: 1200 }),
      fc.integer({ min: 0, max: 200 }),
      (count, width, label) => {
        const { experts, height } = layoutNetwork(2, count, width, { label, foot: 20 });
        for (const [index, a] of experts.entries()) {
          expect(a.x >= 0 && a.x + a.width <= width + 0.01 && a.y + a.height + 20 <= height).toBe(true);
          for (const b of experts.slice(index + 1))
            expect(a.x + a.width <= b.x + 0.01 || a.y + a.height + 20 <= b.y + 0.01).toBe(true);
        }
      },
    ),
  );
});
