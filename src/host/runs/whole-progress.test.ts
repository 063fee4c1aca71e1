import { expect, it } from 'vitest';
import type { RunStatus } from '../../shared/run/run-manifest.js';
import { exampleRun } from './example-run.fixture.js';
import type { ReadableRun } from './run-collection.js';
import { WholeProgress } from './whole-progress.js';

const run = (id: string, status: RunStatus, step = 0, comparison: string | null = null): ReadableRun => {
  const planned = { variants: ['omoe', 'mmoe'], seeds: [1, 2], threads: 1, fingerprint: 'a' };
  return {
    entry: exampleRun({
      ...{ id, status, step },
      comparison: comparison === null ? null : { id: comparison, name: 'c', planned },
    }),
    store: null as never,
    workspace: '/films',
  };
};

it('the share of all that trains does not fall back as runs end and others begin', () => {
  const whole = new WholeProgress();
  expect(whole.of([run('old', 'finished', 2000)])).toBeNull();
  const shares = [
    [run('a', 'running', 1000)],
    [run('a', 'finished', 2000), run('b', 'running', 1000)],
    [run('a', 'finished', 2000), run('b', 'stopped', 1500), run('c', 'queued')],
  ].map((runs) => whole.of([run('old', 'finished', 2000), ...runs]));
  expect(shares).toEqual([
    { runs: 1, share: 0.5 },
    { runs: 2, share: 0.75 },
    { runs: 3, share: 2 / 3 },
  ]);
  expect(whole.of([run('c', 'finished')])).toBeNull();
  expect(whole.of([run('a', 'finished', 2000), run('d', 'running', 200)])).toEqual({ runs: 1, share: 0.1 });
});

it('runs of a comparison count from its beginning, those that are done and those that are not made yet', () => {
  const whole = new WholeProgress();
  const runs = [
    run('a', 'finished', 2000, 'one'),
    run('b', 'running', 1000, 'one'),
    run('other', 'finished', 2000, 'two'),
  ];
  expect(whole.of(runs)).toEqual({ runs: 4, share: 1.5 / 4 });
});
