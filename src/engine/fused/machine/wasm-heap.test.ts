import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WasmHeap } from './wasm-heap.js';

const heapOf = (pages: number) =>
  new WasmHeap(new WebAssembly.Memory({ initial: 1, maximum: pages, shared: true }), 1000);

test('pieces in use never overlap, lie on cache lines and inside the memory', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.nat(20_000),
          fc.nat(9).map((n) => -1 - n),
        ),
        { maxLength: 60 },
      ),
      (orders) => {
        const heap = heapOf(100);
        const used: { at: number; bytes: number }[] = [];
        for (const order of orders) {
          if (order >= 0) used.push({ at: heap.take(order), bytes: order });
          else for (const { at } of used.splice(-order - 1, 1)) heap.give(at);
          const sorted = [...used].sort((a, b) => a.at - b.at);
          for (const [i, { at, bytes }] of sorted.entries()) {
            expect(at % 64).toBe(0);
            expect(at).toBeGreaterThanOrEqual(1000);
            expect(at + bytes).toBeLessThanOrEqual(sorted[i + 1]?.at ?? heap.memory.buffer.byteLength);
          }
        }
      },
    ),
  );
});

test('what was given back is used again, joined with its neighbours', () => {
  const heap = heapOf(100);
  const [a, b, c] = [heap.take(640), heap.take(640), heap.take(640)];
  heap.give(a);
  heap.give(c);
  heap.give(b);
  expect(heap.take(1920)).toBe(a);
});

test('a memory that is full says so', () => {
  expect(() => heapOf(2).take(200_000)).toThrow(RangeError);
});
