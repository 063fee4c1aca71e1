import { afterEach, expect, it } from 'vitest';
import { BufferWatch } from './buffer-watch.js';
import { giveMemoryBackThrough } from './release.js';

afterEach(() => giveMemoryBackThrough(() => Promise.resolve()));

it('collects what a training leaves behind once there is enough of it, and gives it back', async () => {
  let given = 0;
  giveMemoryBackThrough(() => {
    given++;
    return Promise.resolve();
  });
  const watch = new BufferWatch();
  await watch.check();
  expect(given).toBe(0);
  const left = [new Float64Array(600_000)];
  await watch.check();
  expect(given).toBe(1);
  left.length = 0;
  await watch.check();
  expect(given).toBe(1);
  left.push(new Float64Array(1_000_000));
  await watch.check();
  expect(given).toBe(2);
  expect(left).toHaveLength(1);
});
