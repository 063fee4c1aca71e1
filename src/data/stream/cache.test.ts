import { closeSync, existsSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TempWorkspace } from '../temp-workspace.fixture.js';
import { RowCache } from './cache.js';

/** Puts a file of so many bytes into the cache, opened so long ago; it stays open if it is read. */
function put(cache: RowCache, key: string, bytes: number, age: number, isRead: boolean): string {
  const kept = cache.fileOf(key);
  const made = cache.make(false);
  writeSync(made.file, Buffer.alloc(bytes));
  cache.keep(made.path!, kept);
  closeSync(made.file);
  if (!isRead) cache.closed(kept);
  utimesSync(kept.path, 1e9 - age, 1e9 - age);
  return kept.path;
}

const files = fc.array(fc.record({ bytes: fc.integer({ min: 0, max: 300 }), isRead: fc.boolean() }), {
  maxLength: 7,
});

it('removes what was not used for the longest time until there is room, and nothing that is read', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.nat(1200), fc.nat(600), async (drawn, limit, bytes) => {
      const workspace = await TempWorkspace.create();
      try {
        const large = new RowCache(workspace.folder, Infinity);
        // The first of them was used last.
        const paths = drawn.map((one, i) => put(large, `file${i}`, one.bytes, i, one.isRead));
        new RowCache(workspace.folder, limit).requireRoom(bytes);
        const isThere = paths.map((path) => existsSync(path));
        const left = drawn.reduce((sum, one, i) => sum + (isThere[i]! ? one.bytes : 0), bytes);
        drawn.forEach(({ isRead }, i) => {
          if (isRead) expect(isThere[i]).toBe(true);
        });
        if (drawn.some(({ isRead }, i) => !isRead && isThere[i])) expect(left).toBeLessThanOrEqual(limit);
        // None was removed but for want of room: with the last one that went there would have been too much.
        const lastGone = isThere.indexOf(false);
        if (lastGone >= 0) expect(left + drawn[lastGone]!.bytes).toBeGreaterThan(limit);
        // Of those that nothing reads, older ones go first.
        const free = isThere.filter((_, i) => !drawn[i]!.isRead);
        expect(free).toEqual([...free].sort((one, other) => Number(other) - Number(one)));
        drawn.forEach(({ isRead }, i) => {
          if (isRead) large.closed(large.fileOf(`file${i}`));
        });
      } finally {
        await workspace.remove();
      }
    }),
    { numRuns: 40 },
  );
});

it('keeps the newest file, however large it is', async () => {
  const workspace = await TempWorkspace.create();
  try {
    const cache = new RowCache(workspace.folder, 100);
    const old = put(cache, 'old', 90, 10, false);
    const large = put(cache, 'large', 500, 0, false);
    expect([old, large].map((path) => existsSync(path))).toEqual([false, true]);
  } finally {
    await workspace.remove();
  }
});

it('takes a file for one that is read while a program of that number lives', async () => {
  const workspace = await TempWorkspace.create();
  try {
    const cache = new RowCache(workspace.folder, Infinity);
    const mine = put(cache, 'mine', 60, 5, false);
    const dead = put(cache, 'dead', 60, 5, false);
    writeFileSync(`${mine}.read-${process.pid}`, '');
    // No process has this number.
    writeFileSync(`${dead}.read-2147483647`, '');
    expect(new Map(cache.list().map(({ path, isRead }) => [path, isRead]))).toEqual(
      new Map([
        [mine, true],
        [dead, false],
      ]),
    );
    expect(cache.clear().map(({ path }) => path)).toEqual([dead]);
    expect(existsSync(`${dead}.read-2147483647`)).toBe(false);
  } finally {
    await workspace.remove();
  }
});
