import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockOrder } from '../order.js';
import { stretchesOf, windowsOf } from './windows.js';

const count = fc.integer({ min: 1, max: 3000 });

describe('the windows of an epoch', () => {
  it('have each row once, whole batches but in the last one, and no more than they say', () => {
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 300 }), (rows, window, batchSize) => {
        const windows = windowsOf(rows, window, batchSize);
        let at = 0;
        for (let number = 0; number < windows.count; number++) {
          const [start, end] = [windows.start(number), windows.end(number)];
          expect(start).toBe(at);
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(windows.most);
          expect(windows.at(start)).toBe(number);
          expect(windows.at(end - 1)).toBe(number);
          if (number < windows.count - 1) expect((end - start) % batchSize).toBe(0);
          // A last batch of few rows may join the one before: both must be in one window.
          else if (windows.count > 1) expect(end - start).toBeGreaterThanOrEqual(batchSize);
          at = end;
        }
        expect(at).toBe(rows);
        if (window >= rows) expect(windows.count).toBe(1);
        expect(windows.most).toBeLessThan(Math.max(window, 1) + 2 * batchSize);
      }),
    );
  });

  it('lie in the file where their blocks do, each row of it once', () => {
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 200 }), count, (rows, blockRows, window) => {
        const blocks = new Uint32Array(Math.ceil(rows / blockRows));
        blockOrder(blocks, 5, 2);
        const windows = windowsOf(rows, window, 7);
        const seen = new Uint8Array(rows);
        for (let number = 0; number < windows.count; number++) {
          const [start, end] = [windows.start(number), windows.end(number)];
          const stretches = stretchesOf(blocks, { rows, blockRows }, start, end);
          expect(stretches.reduce((sum, one) => sum + one.count, 0)).toBe(end - start);
          for (const { first, count: its } of stretches) {
            expect(Math.floor(first / blockRows)).toBe(Math.floor((first + its - 1) / blockRows));
            for (let row = first; row < first + its; row++) seen[row]!++;
          }
        }
        expect(seen.every((times) => times === 1)).toBe(true);
      }),
    );
  });
});
