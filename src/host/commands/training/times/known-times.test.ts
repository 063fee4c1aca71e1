import { expect, it, vi } from 'vitest';
import type { EstimateReport } from '../../../../shared/messages/reports.js';
import { exampleRun } from '../../../runs/example-run.fixture.js';
import { knownTimes } from './known-times.js';

vi.mock('vscode', async () => (await import('../../../editor/fake-vscode.fixture.js')).fakeVscode());

const chosen = { variants: ['mmoe'] as const, seeds: 3 };
const report: EstimateReport = {
  ...{ runs: 6, parallel: 1, threads: 2, seconds: 1440, atMost: true },
  each: { mmoe: 240, ple: 240 },
};

it('earlier runs tell the time, and nothing is measured', () => {
  const { manifest } = exampleRun();
  const earlier = {
    ...manifest,
    ...{ status: 'finished' as const, network: { variant: 'mmoe', levels: [] } },
    times: { ...manifest.times, seconds: 240 },
  };
  const times = knownTimes([earlier], () => expect.fail('it is known'));
  expect([times.textOf(chosen), times.measuring]).toEqual(['about 12 minutes', null]);
});

it('without one it is measured, and not told where that fails', async () => {
  const times = knownTimes([], () => Promise.resolve(report));
  expect(times.textOf(chosen)).toBeNull();
  await times.measuring;
  expect(times.textOf(chosen)).toBe('about 12 minutes at most');
  const failing = knownTimes([], () => Promise.reject(new Error('no such file')));
  await failing.measuring;
  expect(failing.textOf(chosen)).toBeNull();
});
