import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { errorCode, sleepSync } from './replace-file.js';

/**
 * A lock file is held for milliseconds. One that a dead process of this machine left, or that has not changed
 * for `patience`, is stale and taken away; by whoever holds the second file `<lock>.break`, so that two who
 * see the same stale lock cannot remove each other's new one. Time is measured by watching, never by
 * comparing clocks of two machines.
 */
const patienceMilliseconds = 10_000;
const pauseMilliseconds = 5;

const ownerSchema = v.object({ pid: v.number(), host: v.string(), token: v.string() });

export interface HeldLock {
  readonly path: string;
  /** The lock file's text: who holds it. */
  readonly text: string;
}

export async function withLock<T>(path: string, work: (held: HeldLock) => Promise<T>): Promise<T> {
  const held = newLock(path);
  const watch = new Watch();
  while (!(await create(path, held.text))) {
    const seen = await readFile(path, 'utf8').catch(missing);
    if (seen !== null && watch.isStale(seen)) {
      const breaker = `${path}.break`;
      if (await create(breaker, held.text)) {
        try {
          if ((await readFile(path, 'utf8').catch(missing)) === seen) await rm(path, { force: true });
        } finally {
          await rm(breaker, { force: true });
        }
      } else if (watch.breakerIsStale(await readFile(breaker, 'utf8').catch(missing)))
        await rm(breaker, { force: true });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));
  }
  try {
    return await work(held);
  } finally {
    if (await stillHeld(held)) await rm(path, { force: true });
  }
}

export async function stillHeld(held: HeldLock): Promise<boolean> {
  return (await readFile(held.path, 'utf8').catch(missing)) === held.text;
}

export function withLockSync<T>(path: string, work: (held: HeldLock) => T): T {
  const held = newLock(path);
  const watch = new Watch();
  while (!createSync(path, held.text)) {
    const seen = readSync(path);
    if (seen !== null && watch.isStale(seen)) {
      const breaker = `${path}.break`;
      if (createSync(breaker, held.text)) {
        try {
          if (readSync(path) === seen) rmSync(path, { force: true });
        } finally {
          rmSync(breaker, { force: true });
        }
      } else if (watch.breakerIsStale(readSync(breaker))) rmSync(breaker, { force: true });
    }
    sleepSync(pauseMilliseconds);
  }
  try {
    return work(held);
  } finally {
    if (stillHeldSync(held)) rmSync(path, { force: true });
  }
}

export function stillHeldSync(held: HeldLock): boolean {
  return readSync(held.path) === held.text;
}

function newLock(path: string): HeldLock {
  return {
    path,
    text: JSON.stringify({ pid: process.pid, host: hostname(), token: randomBytes(8).toString('hex') }),
  };
}

/** Remembers how long the same text has been there. */
class Watch {
  #lock = { text: '', since: 0 };
  #breaker = { text: '', since: 0 };

  isStale(text: string): boolean {
    if (text !== this.#lock.text) this.#lock = { text, since: performance.now() };
    return isDead(text) || performance.now() - this.#lock.since > patienceMilliseconds;
  }

  breakerIsStale(text: string | null): boolean {
    if (text === null) return false;
    if (text !== this.#breaker.text) this.#breaker = { text, since: performance.now() };
    return performance.now() - this.#breaker.since > patienceMilliseconds;
  }
}

/**
 * True only when the owner is known to be gone: a text that is cut short, or another machine's, is waited
 * for.
 */
function isDead(text: string): boolean {
  let owner;
  try {
    owner = v.safeParse(ownerSchema, JSON.parse(text));
  } catch {
    return false;
  }
  if (!owner.success || owner.output.host !== hostname()) return false;
  try {
    process.kill(owner.output.pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

function createSync(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

function readSync(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return missing(error);
  }
}

/** On Windows a file that is being deleted refuses with EPERM for a moment. */
const isTaken = (error: unknown): boolean =>
  errorCode(error) === 'EEXIST' || (process.platform === 'win32' && errorCode(error) === 'EPERM');

function missing(error: unknown): null {
  if (['ENOENT', 'EPERM', 'EBUSY'].includes(errorCode(error))) return null;
  throw error;
}
