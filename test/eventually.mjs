import { setTimeout as sleep } from 'node:timers/promises';
import { minutes, patience } from './patience.mjs';

/**
 * Asks again until the answer is not null, undefined or false, and returns that answer. A question that fails
 * counts as "not yet": a page may be loading, a file may be half written. The last one is told in the end.
 * @template T
 * @param {string} what is awaited, as the message says it
 * @param {() => Promise<T | null | undefined | false> | T | null | undefined | false} ask
 * @param {{ every?: number }} [options] milliseconds between two questions
 * @returns {Promise<T>}
 */
export async function eventually(what, ask, { every = 100 } = {}) {
  const end = performance.now() + minutes(patience.wait);
  for (;;) {
    /** @type {unknown} */
    let cause;
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > end)
      throw new Error(`did not happen within ${patience.wait} minutes: ${what}`, { cause });
    await sleep(every);
  }
}

const firstTry = 5000;
const longestTry = 80_000;

/**
 * Does something until it works. Each attempt begins anew, in whatever state the last one ended, and its
 * waits may take twice as long as those of the one before: a busy machine gets through, and an idle one soon
 * tries again.
 * @template T
 * @param {string} what is done, as the message says it
 * @param {(timeout: number) => Promise<T>} attempt gets the milliseconds that each of its waits may take
 * @returns {Promise<T>}
 */
export async function untilItWorks(what, attempt) {
  let timeout = firstTry / 2;
  return eventually(
    what,
    async () => {
      timeout = Math.min(timeout * 2, longestTry);
      return { result: await attempt(timeout) };
    },
    { every: 200 },
  ).then(({ result }) => result);
}
