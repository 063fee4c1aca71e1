import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillEpochOrder, sampleRows } from './order.js';

const orderOf = (seed: number, epoch: number, rows: number): number[] => {
  const order = new Uint32Array(rows);
  fillEpochOrder(order, seed, epoch);
  return [...order];
};
const seed = fc.oneof(fc.integer(), fc.maxSafeInteger());

it('an epoch’s order holds every row once, and is the same for the same seed and epoch', () => {
  fc.assert(
    fc.property(seed, fc.nat(1000), fc.integer({ min: 0, max: 200 }), (of, epoch, rows) => {
      const order = orderOf(of, epoch, rows);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
      expect(orderOf(of, epoch, rows)).toEqual(order);
    }),
  );
});

it('orders differ between epochs, and between seeds also above 2³²', () => {
  const orders = [
    orderOf(1, 1, 50),
    orderOf(1, 2, 50),
    orderOf(2, 1, 50),
    orderOf(1 + 2 ** 32, 1, 50),
    orderOf(-1, 1, 50),
  ];
  expect(new Set(orders.map(String)).size).toBe(orders.length);
});

it('every row comes first about equally often over epochs', () => {
  const firsts = new Uint32Array(10);
  for (let epoch = 1; epoch <= 5000; epoch++) firsts[orderOf(7, epoch, 10)[0]!]!++;
  // 500 each; four standard deviations are 85.
  expect(Math.min(...firsts)).toBeGreaterThan(415);
  expect(Math.max(...firsts)).toBeLessThan(585);
});

it('a sample is ascending, without repeats, and all rows where it asks for more', () => {
  fc.assert(
    fc.property(seed, fc.nat(300), fc.nat(300), (of, rows, count) => {
      const sample = [...sampleRows(of, rows, count)];
      expect(sample).toHaveLength(Math.min(rows, count));
      expect(new Set(sample).size).toBe(sample.length);
      expect(sample).toEqual([...sample].sort((a, b) => a - b));
      expect(sample.every((row) => row < rows)).toBe(true);
    }),
  );
});
