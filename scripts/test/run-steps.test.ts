import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runSteps } from './run-steps.mjs';

const passing = { passed: 1, failed: 0, skipped: [], output: '' };
const order: string[] = [];
const step = (
  name: string,
  more: { after?: string[]; alone?: boolean; result?: Partial<typeof passing> } = {},
) => ({
  name,
  ...more,
  run: async () => {
    order.push(`+${name}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push(`-${name}`);
    return { ...passing, ...more.result };
  },
});

describe('steps of the tests', () => {
  beforeEach(() => {
    order.length = 0;
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
  });
  afterEach(() => vi.restoreAllMocks());

  it('run two at a time, in order', async () => {
    await runSteps([step('a'), step('b'), step('c')], 2);
    expect(order.slice(0, 2)).toEqual(['+a', '+b']);
    expect(order.indexOf('+c')).toBeGreaterThan(order.indexOf('-a'));
  });

  it('wait for what they need', async () => {
    await runSteps([step('late', { after: ['early'] }), step('early')], 2);
    expect(order).toEqual(['+early', '-early', '+late', '-late']);
  });

  it('are alone when they ask for it', async () => {
    await runSteps([step('a'), step('b', { alone: true }), step('c')], 2);
    expect(order.indexOf('+b')).toBe(order.indexOf('-b') - 1);
  });

  it('fail when what they need has failed', async () => {
    const results = await runSteps(
      [step('early', { result: { passed: 0, failed: 1 } }), step('late', { after: ['early'] })],
      2,
    );
    expect(results.map(({ failed }) => failed)).toEqual([1, 1]);
    expect(order).not.toContain('+late');
  });

  it('fail when they crash', async () => {
    const results = await runSteps([{ name: 'crash', run: () => Promise.reject(new Error('broken')) }], 2);
    expect(results).toMatchObject([{ name: 'crash', passed: 0, failed: 1 }]);
  });
});
