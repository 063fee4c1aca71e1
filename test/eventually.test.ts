import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually, untilItWorks } from './eventually.mjs';
import { minutes, patience } from './patience.mjs';

/** The clock stands still, but for what each question takes. */
const takes = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('a test that waits', () => {
  it('asks until there is an answer, also where a question fails', async () => {
    const answers = [() => null, () => Promise.reject(new Error('half written')), () => false, () => 7];
    expect(await eventually('seven', () => answers.shift()!(), { every: 1 })).toBe(7);
    expect(answers).toEqual([]);
  });

  it('gives up where nothing happens, and says what it waited for and what failed last', async () => {
    const given = eventually('a miracle', () => {
      takes(minutes(patience.wait) / 3);
      throw new Error('no miracles today');
    });
    await expect(given).rejects.toMatchObject({
      message: `did not happen within ${patience.wait} minutes: a miracle`,
      cause: new Error('no miracles today'),
    });
  });
});

describe('what is done until it works', () => {
  it('gets more time with each attempt, and none is as long as the patience', async () => {
    const given: number[] = [];
    const result = await untilItWorks('a seventh attempt', (timeout) => {
      given.push(timeout);
      return given.length < 7 ? Promise.reject(new Error('not yet')) : Promise.resolve('done');
    });
    expect(result).toBe('done');
    expect(given).toEqual([...given].sort((a, b) => a - b));
    expect(given[0]).toBeLessThan(given.at(-1)!);
    expect(given.at(-1)).toBeLessThan(minutes(patience.wait) / 2);
  });
});
