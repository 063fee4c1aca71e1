import { expect, it } from 'vitest';
import { exampleRun } from '../runs/example-run.fixture.js';
import type { ReadableRun } from '../runs/run-collection.js';
import { RunNames } from '../runs/run-names.js';
import { runContext } from './run-context.js';

let count = 0;
const run = (
  variant: string,
  seed: number,
  auc: number,
  { rate = 0.01, fingerprint = 'a' } = {},
): ReadableRun => ({
  workspace: '/films',
  store: null as never,
  entry: exampleRun({
    ...{ id: `r${count++}`, name: `census ${variant} seed ${seed}`, status: 'finished', seed },
    experiment: { name: 'census', model: { variant }, training: { learningRate: rate, seed } },
    data: { source: 'c.csv', rows: { train: 8, validation: 1, test: 1 }, inputs: 2, fingerprint },
    summary: {
      ...{ bestEpoch: 1, bestEpochs: {}, validation: {} },
      test: { income: { auc }, marital: { auc: 0.5 } },
    },
  }),
});
const context = (all: readonly ReadableRun[], other: ReadableRun | null = null) => {
  const names = new RunNames();
  for (const { workspace, entry } of all) names.replace(workspace, null, entry);
  return runContext(all[0]!, all, names, other);
};

it('a run stands beside the single-task runs with its settings and data, over all seeds of both', () => {
  const like = [0.8, 0.81, 0.82].map((auc, seed) => run('single-task', seed, auc));
  const unlike = [
    run('single-task', 1, 0.1, { rate: 0.5 }),
    run('single-task', 1, 0.1, { fingerprint: 'b' }),
    run('omoe', 1, 0.99),
  ];
  const own = [0.83, 0.842, 0.851].map((auc, seed) => run('mmoe', seed, auc));
  const { standing, name } = context([...own, ...like, ...unlike]);
  expect(standing[0]).toMatchObject({ task: 'income', split: 'test', seeds: 3, verdict: 'better' });
  expect(standing[0]!.mean).toBeCloseTo(0.031, 12);
  expect(standing[1]).toMatchObject({ task: 'marital', mean: 0, verdict: 'cannot tell' });
  expect(name).toBe('census · mmoe · learningRate .01 · seed 0');
  expect(context([...like, ...own]).standing).toEqual([]);
  expect(context(own).standing).toEqual([]);
});

it('a run has the settings of another one beside it where one was chosen', () => {
  const [one, other] = [run('mmoe', 1, 0.8), run('omoe', 1, 0.8)];
  expect(context([one, other]).other).toBeNull();
  expect(context([one, other], other).other).toMatchObject({
    name: 'census · omoe',
    experiment: { model: { variant: 'omoe' } },
  });
});
