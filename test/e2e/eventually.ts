import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer is not null, undefined or false, for at most 40 s. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = Date.now() + 40_000;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`did not happen within 40 s: ${what}`);
    await sleep(150);
  }
}
