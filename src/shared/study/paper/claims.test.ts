import { describe, expect, it } from 'vitest';
import type { StudyLine } from '../line.js';
import type { Combination } from '../summary.js';
import { differenceText, syntheticClaims } from './claims.js';
import { correlations, meanCurve, methods, type Method } from './synthetic-results.js';

const seeds = [...Array(12).keys()];

/** Runs whose test losses are functions of method, correlation and seed. */
const made = (loss: (method: Method, p: number, seed: number) => number): Combination[] =>
  correlations.flatMap((p) =>
    methods.map((method): Combination => {
      const settings = {
        'data.source.synthetic.correlation': p,
        'model.variant': method,
        'training.learningRate': 0.01,
      };
      const lines = seeds.map((seed): StudyLine => {
        const value = loss(method, p, seed);
        const metrics = { y1: { loss: value - 0.1 }, y2: { loss: value + 0.1 } };
        return {
          ...{ key: `${method} ${p} ${seed}`, settings, seed, isTrial: false, status: 'finished' },
          kinds: { y1: 'regression', y2: 'regression' },
          ...{ validation: metrics, test: metrics, bestEpoch: 1, epochs: 2, parameters: 1, seconds: 1 },
          curves: { epochs: [1, 2], train: { y1: [value, 1], y2: [value + 1, null] }, validation: {} },
          engine: { name: 'fused', target: 'native', threads: 1 },
          ...{ fingerprint: '', version: '' },
        };
      });
      return { settings, lines };
    }),
  );

const verdicts = (combinations: readonly Combination[]) =>
  new Map(syntheticClaims(combinations).map(({ text, verdict }) => [text, verdict]));
/** A draw of a seed, the same for all methods, and one of their own. */
const shared = (seed: number) => Math.sin(seed * 12.9898) / 10;
const own = (method: Method, p: number, seed: number) =>
  Math.sin(seed * 78.233 + 7 * p + methods.indexOf(method)) / 1000;

describe('the claims about the synthetic figures', () => {
  it('hold where the losses are as the paper draws them', () => {
    const found = verdicts(
      made((method, p, seed) => {
        const level = { 'shared-bottom': 3 - p, omoe: p === 1 ? 1 : 2 - p / 2, mmoe: 1.2 - p / 5 }[method];
        const wide = method === 'shared-bottom' ? 5 : 1;
        return level + wide * shared(seed) + own(method, p, seed);
      }),
    );
    expect(
      [...found.values()].every((verdict) => verdict === 'holds'),
      JSON.stringify([...found]),
    ).toBe(true);
    expect(found.size).toBe(14);
  });

  it('fail where they are the other way round, and cannot be told where all is chance', () => {
    const reversed = verdicts(
      made((method, p, seed) => (method === 'mmoe' ? 3 : 1) + p + shared(seed) + own(method, p, seed)),
    );
    expect(reversed.get('at p = 0.5, mmoe is better than omoe')).toBe('fails');
    expect(reversed.get('the loss of mmoe falls as tasks are more related')).toBe('fails');
    const alike = verdicts(
      made((method, p, seed) => 1 + Math.sin(seed * 91 + 13 * p + methods.indexOf(method) * 5)),
    );
    expect(alike.get('at p = 0.9, mmoe is better than shared-bottom in the mean')).toBe('cannot tell');
    expect(alike.get('at p = 1, omoe is as good as mmoe (within a fifth of the spread between runs)')).toBe(
      'cannot tell',
    );
  });
});

it('a mean curve is that of all runs and tasks that have come so far', () => {
  const { epochs, losses, rate } = meanCurve(
    made(() => 2),
    'omoe',
    0.9,
  );
  expect({ epochs, losses, rate }).toEqual({ epochs: [1, 2], losses: [2.5, 1], rate: '0.01' });
});

it('says on which side a difference lies, and never that something is lower by less than nothing', () => {
  const text = (mean: number, interval: [number, number] | null, metric: string) =>
    differenceText({ mean, interval }, metric);
  expect(text(0.02, [0.01, 0.03], 'loss')).toBe('lower by 0.0200 (95 %: 0.0100 to 0.0300)');
  expect(text(-0.02, [-0.03, -0.01], 'loss')).toBe('higher by 0.0200 (95 %: 0.0100 to 0.0300)');
  expect(text(0.001, [-0.003, 0.005], 'loss')).toBe('lower by 0.0010 (95 %: 0.0050 lower to 0.0030 higher)');
  expect(text(-0.001, [-0.005, 0.003], 'auc')).toBe('lower by 0.0010 (95 %: 0.0050 lower to 0.0030 higher)');
  expect(text(0.5, null, 'auc')).toBe('higher by 0.5000');
  expect(text(0, [0, 0], 'auc')).toBe('the same');
});
