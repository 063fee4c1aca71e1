import { expect, it, vi } from 'vitest';
import type { RunStatus } from '../../../shared/run/run-manifest.js';
import { exampleRun } from '../../runs/example-run.fixture.js';
import { aboutText, secondsToTrain } from './time-to-train.js';

vi.mock('vscode', async () => (await import('../../editor/fake-vscode.fixture.js')).fakeVscode());

const run = (variant: string, seconds: number, threads: number | null, status: RunStatus = 'finished') => {
  const { manifest } = exampleRun();
  return {
    ...manifest,
    ...{ status, network: { variant, levels: [] }, times: { ...manifest.times, seconds } },
    comparison: threads === null ? null : { id: 'c', name: 'c' },
    engine: { name: 'fused', target: '', threads: threads ?? 4, why: '' },
  };
};

it('the time of a comparison goes by the newest finished run of each variant, else by all of them', () => {
  const chosen = { variants: ['mmoe', 'ple', 'omoe'] as const, seeds: 3 };
  expect(secondsToTrain(chosen, [run('mmoe', 99, null, 'failed')], 4)).toBeNull();
  const earlier = [run('mmoe', 40, 1), run('mmoe', 1000, 1), run('ple', 30, null)];
  // mmoe 40 / 4, ple 30, and omoe their mean.
  expect(secondsToTrain(chosen, earlier, 4)).toBe(3 * (10 + 30 + 20));
  expect(secondsToTrain({ variants: ['mmoe'], seeds: 1 }, [run('mmoe', 40, 2)], 4)).toBe(20);
});

it('is said in the unit that fits', () => {
  expect([0.2, 75, 720, 9000].map(aboutText)).toEqual([
    'about 1 seconds',
    'about 75 seconds',
    'about 12 minutes',
    'about 3 hours',
  ]);
});
