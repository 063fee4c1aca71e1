import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { isGone } from './is-gone.js';
import { doLater, doNow, errorCode, pause, type FileWork } from './file-work.js';
import { readText, removeFile, writeNew } from './run-file.js';

/**
 * A lock file is held for milliseconds. A stale one (left by a dead process of this machine, or unchanged for
 * `patience`) is taken away by whoever holds the second file `<lock>.break`, so that two who see the same
 * stale lock cannot remove each other's new one. Time is measured by watching, never by comparing the clocks
 * of two machines.
 */
const patienceMilliseconds = 10_000;
const pauseMilliseconds = 5;

const ownerSchema = v.object({ pid: v.number(), host: v.string(), token: v.string() });

interface HeldLock {
  readonly path: string;
  /** The lock file's text: who holds it. */
  readonly text: string;
}

/** Asks whether the lock is still held, for a `replaceFile` under it. */
type StillHeld = () => FileWork<boolean>;

/** Does the work while no other process holds the lock. */
export async function withLock<T>(path: string, work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
  const held = await doLater(take(path));
  try {
    return await work(() => isHeld(held));
  } finally {
    await doLater(release(held));
  }
}

/** Removes what a process has left that was killed while it took a stale lock away. The lock must be held. */
export function removeBreaker(path: string): void {
  doNow(removeFile(breakerOf(path)));
}

const breakerOf = (path: string): string => `${path}.break`;

/** Does the work as `withLock` does, at once. */
export function withLockSync<T>(path: string, work: (stillHeld: StillHeld) => T): T {
  const held = doNow(take(path));
  try {
    return work(() => isHeld(held));
  } finally {
    doNow(release(held));
  }
}

function* take(path: string): FileWork<HeldLock> {
  const owner = { pid: process.pid, host: hostname(), token: randomBytes(8).toString('hex') };
  const held = { path, text: JSON.stringify(owner) };
  const watch = new Watch();
  while (!(yield* create(path, held.text))) {
    const seen = yield* read(path);
    if (seen !== null && watch.isStale(seen)) yield* breakStale(held, seen, watch);
    yield* pause(pauseMilliseconds);
  }
  return held;
}

/**
 * Takes the stale lock with the text `seen` away, unless somebody else does so or it is another one by now.
 */
function* breakStale(mine: HeldLock, seen: string, watch: Watch): FileWork<void> {
  const breaker = breakerOf(mine.path);
  if (!(yield* create(breaker, mine.text))) {
    if (watch.breakerIsStale(yield* read(breaker))) yield* removeFile(breaker);
    return;
  }
  try {
    if ((yield* read(mine.path)) === seen) yield* removeFile(mine.path);
  } finally {
    yield* removeFile(breaker);
  }
}

function* isHeld(held: HeldLock): FileWork<boolean> {
  return (yield* read(held.path)) === held.text;
}

function* release(held: HeldLock): FileWork<void> {
  if (yield* isHeld(held)) yield* removeFile(held.path);
}

/** Makes a file; false: it is there already. */
function* create(path: string, text: string): FileWork<boolean> {
  try {
    yield* writeNew(path, text);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** On Windows a file that is being deleted refuses with EPERM for a moment. */
const isTaken = (error: unknown): boolean =>
  errorCode(error) === 'EEXIST' || (process.platform === 'win32' && errorCode(error) === 'EPERM');

/** Reads a file; null: it is not there, or not to be read for the moment. */
function* read(path: string): FileWork<string | null> {
  try {
    return yield* readText(path);
  } catch (error) {
    if (['ENOENT', 'EPERM', 'EBUSY'].includes(errorCode(error))) return null;
    throw error;
  }
}

/** Remembers how long the same text has been there. */
class Watch {
  private lock = { text: '', since: 0 };
  private breaker = { text: '', since: 0 };

  isStale(text: string): boolean {
    if (text !== this.lock.text) this.lock = { text, since: performance.now() };
    return isDead(text) || performance.now() - this.lock.since > patienceMilliseconds;
  }

  breakerIsStale(text: string | null): boolean {
    if (text === null) return false;
    if (text !== this.breaker.text) this.breaker = { text, since: performance.now() };
    return performance.now() - this.breaker.since > patienceMilliseconds;
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
  return owner.success && owner.output.host === hostname() && isGone(owner.output.pid);
}
