import { setTimeout as pauseFor } from 'node:timers/promises';

/**
 * Work on files that is written once and done in two ways: at once by the trainer, whose loop cannot wait, or
 * step by step by an editor, which must not be held up. The work is a generator that yields its steps.
 */
export type FileWork<T> = Generator<FileStep, T, unknown>;

/** One call of the file system in its two forms. */
interface FileStep {
  now(): unknown;
  later(): Promise<unknown>;
}

/** Does the work at once. */
export function doNow<T>(work: FileWork<T>): T {
  let next = work.next();
  while (next.done !== true) {
    let result;
    try {
      result = next.value.now();
    } catch (error) {
      next = work.throw(error);
      continue;
    }
    next = work.next(result);
  }
  return next.value;
}

/** Does the work without blocking the event loop. */
export async function doLater<T>(work: FileWork<T>): Promise<T> {
  let next = work.next();
  while (next.done !== true) {
    let result;
    try {
      result = await next.value.later();
    } catch (error) {
      next = work.throw(error);
      continue;
    }
    next = work.next(result);
  }
  return next.value;
}

/** Makes a step out of the two forms of a call. */
export function step<Args extends readonly unknown[], T>(
  now: (...args: Args) => T,
  later: (...args: Args) => Promise<T>,
): (...args: Args) => FileWork<T> {
  return function* (...args) {
    // A runner answers a step with its own result.
    return (yield { now: () => now(...args), later: () => later(...args) }) as T;
  };
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

export const pause = step(
  (milliseconds: number) => void Atomics.wait(sleeper, 0, 0, milliseconds),
  (milliseconds) => pauseFor(milliseconds),
);

/** Returns whether an error says that there is no such file or folder. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCode(error));

/** Returns the code of an error of the system, such as ENOENT; '' for any other error. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
