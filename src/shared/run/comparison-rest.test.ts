import { expect, test } from 'vitest';
import type { RunStatus } from './run-manifest.js';
import { missingRuns } from './comparison-rest.js';

const planned = { variants: ['mmoe', 'omoe'], seeds: [1, 2], threads: 1, fingerprint: 'f' };

const run = (variant: string, seed: number, status: RunStatus, code: string | null = null) => ({
  manifest: {
    seed,
    experiment: { model: { variant } },
    error: code === null ? null : { code, message: '' },
    comparison: { id: 'c', name: 'c', planned },
  },
  status,
});

const finished = [run('mmoe', 1, 'finished'), run('omoe', 1, 'finished'), run('mmoe', 2, 'finished')];

test('runs that have not finished are missing, and those whose folders are gone', () => {
  expect(missingRuns([...finished, run('omoe', 2, 'finished')])).toBe(0);
  expect(missingRuns([...finished, run('omoe', 2, 'stopped')])).toBe(1);
  expect(missingRuns(finished)).toBe(1);
  expect(missingRuns(finished.slice(0, 1))).toBe(3);
});

test('a run that is there twice is not counted twice', () => {
  expect(missingRuns([...finished, run('mmoe', 1, 'finished')])).toBe(1);
  expect(missingRuns([...finished, run('omoe', 2, 'failed'), run('omoe', 2, 'finished')])).toBe(0);
});

test('one that diverged is not missing, and while one trains nothing is known to be', () => {
  expect(missingRuns([...finished, run('omoe', 2, 'failed', 'training.diverged')])).toBe(0);
  expect(missingRuns([...finished, run('omoe', 2, 'running')])).toBe(null);
});

test('of an older comparison only runs that are there can be missing', () => {
  const older = [...finished.slice(0, 2), run('mmoe', 2, 'interrupted')].map(({ manifest, status }) => ({
    manifest: { ...manifest, comparison: { id: 'c', name: 'c' } },
    status,
  }));
  expect(missingRuns(older)).toBe(1);
});
