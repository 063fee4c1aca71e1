import { expect, it } from 'vitest';
import { GarbageWatch } from './garbage.js';

it('collects what a training leaves behind once there is enough of it, and gives it back', () => {
  let given = 0;
  const watch = new GarbageWatch(() => given++);
  watch.check();
  expect(given).toBe(0);
  const left = [new Float64Array(600_000)];
  watch.check();
  expect(given).toBe(1);
  left.length = 0;
  watch.check();
  expect(given).toBe(1);
  left.push(new Float64Array(1_000_000));
  watch.check();
  expect(given).toBe(2);
  expect(left).toHaveLength(1);
});
