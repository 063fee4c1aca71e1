import { expect, it } from 'vitest';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { bestIsLast } from './best-is-last.js';
import type { RunManifest } from './run-manifest.js';

const { manifest } = madeRun({ status: 'finished' });
const run = (best: number, more: Partial<RunManifest> = {}): RunManifest => ({
  ...manifest,
  epochs: 20,
  summary: { ...manifest.summary!, bestEpoch: best },
  ...more,
});
const training = (schedule: unknown) => ({ experiment: { training: { epochs: 20, schedule } } });

it('a finished run whose best epoch is its last was still getting better', () => {
  expect([bestIsLast(run(20)), bestIsLast(run(19))]).toEqual([20, null]);
  expect(bestIsLast(run(20, { experiment: null }))).toBe(20);
  expect(bestIsLast(run(20, training({ kind: 'step', every: 5 })))).toBe(20);
});

it('nothing is said where the last epoch is the best for another reason', () => {
  expect(bestIsLast(run(20, training({ kind: 'cosine' })))).toBeNull();
  expect(bestIsLast(run(20, { status: 'stopped' }))).toBeNull();
  const data = { ...manifest.data!, rows: { train: 9, validation: 0, test: 3 } };
  expect(bestIsLast(run(20, { data }))).toBeNull();
  expect(bestIsLast(run(1, { epochs: 1 }))).toBeNull();
});
