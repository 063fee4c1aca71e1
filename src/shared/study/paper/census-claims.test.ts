import { expect, it } from 'vitest';
import { censusClaims } from './census-claims.js';
import { censusMethods, paperScores, type CensusMethod, type CensusRuns } from './census-results.js';

const seeds = [...Array(8).keys()];

/** Runs whose AUC are levels of their methods, with a little of seed and method on top. */
const made = (level: (method: CensusMethod, task: keyof CensusRuns) => number) =>
  new Map(
    censusMethods.map((method, i): [CensusMethod, CensusRuns] => {
      const auc = (task: keyof CensusRuns) =>
        new Map(seeds.map((seed) => [seed, level(method, task) + Math.sin(12.9898 * seed + i) / 10_000]));
      return [method, { main: auc('main'), auxiliary: auc('auxiliary') }];
    }),
  );
const verdicts = (runs: ReadonlyMap<CensusMethod, CensusRuns>) =>
  censusClaims(runs).map(({ verdict }) => verdict);

it('hold where the methods are as the paper has them, fail the other way round, and else cannot be told', () => {
  const order = ['tensor-factorization', 'shared-bottom', 'omoe', 'cross-stitch', 'l2-constrained', 'mmoe'];
  const asClaimed = (method: CensusMethod, task: keyof CensusRuns) =>
    method === 'single-task' ? (task === 'main' ? 0.9 : 0.99) : 0.9 + 0.01 * order.indexOf(method) - 0.005;
  expect(verdicts(made(asClaimed))).toEqual(Array(6).fill('holds'));
  expect(verdicts(made((method, task) => 1 - asClaimed(method, task)))).toEqual(Array(6).fill('fails'));
  expect(verdicts(made(() => 0.9))).not.toContain('holds');
  expect(verdicts(new Map())).toEqual(Array(6).fill('cannot tell'));
});

it('hold of the means that the paper reports of group 2, where it makes them', () => {
  const [worst, , , main, auxiliary, single] = verdicts(
    made((method, task) => paperScores.table2[method][task].mean),
  );
  expect([worst, main, auxiliary]).toEqual(['holds', 'holds', 'holds']);
  expect(single).not.toBe('holds');
});
