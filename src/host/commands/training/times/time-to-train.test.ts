import { expect, it, vi } from 'vitest';
import type { RunStatus } from '../../../../shared/run/run-manifest.js';
import { exampleRun } from '../../../runs/example-run.fixture.js';
import { parseExperiment } from '../../../../experiment/load.js';
import { aboutText, secondsMeasured, secondsToTrain, trainsAlike } from './time-to-train.js';

vi.mock('vscode', async () => (await import('../../../editor/fake-vscode.fixture.js')).fakeVscode());

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

it('a run tells nothing of an experiment that has changed since, but for variant, seed, engine and name', () => {
  const written = { data: { source: 'a.csv' }, tasks: [{ label: 'y' }] };
  const experimentOf = (more: object) =>
    parseExperiment(JSON.stringify({ ...written, ...more }), 'a.mmoe.json').experiment!;
  const now = experimentOf({ training: { epochs: 5 } });
  const alike = (more: object, chosen: Record<string, unknown> = {}) =>
    trainsAlike(now, { experiment: { ...experimentOf(more) }, chosen });
  expect(alike({ training: { epochs: 5 } })).toBe(true);
  const other = { name: 'b', model: { variant: 'ple' }, engine: { threads: 1 } };
  expect(alike({ ...other, training: { epochs: 5, seed: 7 } })).toBe(true);
  expect(alike({ training: { epochs: 50 } })).toBe(false);
  expect(alike({ data: { source: 'b.csv' }, training: { epochs: 5 } })).toBe(false);
  expect(alike({ training: { epochs: 5, batchSize: 1024 } })).toBe(false);
  expect(alike({ training: { epochs: 5, batchSize: 1024 } }, { 'training.batchSize': 1024 })).toBe(true);
  expect(trainsAlike(now, { experiment: null })).toBe(false);
});

it('or by a look at each variant that can take the settings, with as many side by side as will train', () => {
  const report = { each: { mmoe: 10, ple: 4 }, parallel: 2 };
  // Side by side: mmoe, ple and mmoe; ple takes the lane that is free first.
  expect(secondsMeasured({ variants: ['mmoe', 'ple', 'left-out'], seeds: 2 }, report)).toBe(14);
  expect(secondsMeasured({ variants: ['mmoe'], seeds: 1 }, { ...report, parallel: 3 })).toBe(10);
});

it('is said in the unit that fits', () => {
  expect([0.2, 75, 720, 9000].map((seconds) => aboutText(seconds))).toEqual([
    'about a second',
    'about 75 seconds',
    'about 12 minutes',
    'about 3 hours',
  ]);
  expect(aboutText(75, true)).toBe('about 75 seconds at most');
});
