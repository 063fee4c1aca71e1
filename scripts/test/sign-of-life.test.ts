import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchForLife } from './sign-of-life.mjs';

const limit = 1000;
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

/** Lets the clock go on, and the looks that fall due come to their ends. */
async function pass(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += limit / 10) {
    vi.advanceTimersByTime(limit / 10);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('something is taken for hung once it has said nothing for the whole limit', async () => {
  const hung = vi.fn();
  const watch = watchForLife(undefined, hung, limit);
  await pass(limit * 0.8);
  watch.heard();
  await pass(limit * 0.8);
  expect(hung).not.toHaveBeenCalled();
  await pass(limit);
  expect(hung).toHaveBeenCalledOnce();
});

it('a file that changes is a sign of life', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mmoe-life-'));
  const file = join(folder, 'running');
  const hung = vi.fn();
  const watch = watchForLife(file, hung, limit);
  for (const text of ['one', 'two', 'three']) {
    await pass(limit * 0.8);
    await writeFile(file, text);
  }
  await pass(limit * 0.8);
  expect(hung).not.toHaveBeenCalled();
  watch.end();
  await pass(limit * 2);
  expect(hung).not.toHaveBeenCalled();
  await rm(folder, { recursive: true });
});
