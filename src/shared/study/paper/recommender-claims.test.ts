import { expect, it } from 'vitest';
import type { StudyLine } from '../line.js';
import type { Combination } from '../summary.js';
import { gateClaims, improvement, rankings, table3Claims, table4Claims } from './recommender-claims.js';
import {
  checkpoints,
  likeWeight,
  recommenderMethods,
  type RecommenderMethod,
} from './recommender-results.js';

/** What a training of a method has come to. */
interface Found {
  readonly auc: number;
  readonly r2: number;
  /** By the weight of likes. */
  readonly worth: (weight: number) => { clicks: number; likes: number };
  readonly focus?: Readonly<Record<string, number>>;
}

const made = (of: (method: RecommenderMethod, chance: number) => Found): Combination[] =>
  recommenderMethods.map((variant): Combination => {
    const settings = { model: { variant, towers: { layers: [16] } } };
    const lines = [...Array(10).keys()].map((seed): StudyLine => {
      // What a seed has in common, and what a method makes of it.
      const chance = Math.sin(seed * 12.9898) + 0.01 * Math.sin(seed * 78.2 + variant.length);
      const { auc, r2, worth, focus } = of(variant, chance);
      const ranked = [0, likeWeight].map((weight) => ({ likeWeight: weight, ...worth(weight) }));
      return {
        ...{ key: `${variant} ${seed}`, settings, seed, isTrial: false, status: 'finished' },
        kinds: { click: 'binary', like: 'binary' },
        ...{ validation: null, test: null, bestEpoch: 1, epochs: 1, parameters: 1, seconds: 1 },
        curves: { epochs: [], train: {}, validation: {} },
        checkpoints: checkpoints.map((epoch) => ({ epoch, test: { click: { auc, r2 }, like: {} } })),
        policies: { model: ranked, ideal: ranked, existing: { clicks: 0.2, likes: 0.01 } },
        ...(focus !== undefined && {
          gates: Object.fromEntries(
            Object.entries(focus).map(([task, largest]) => [task, { mean: [0.5, 0.5], largest }]),
          ),
        }),
        engine: { name: 'fused', target: 'native', threads: 1 },
        ...{ fingerprint: '', version: '' },
      };
    });
    return { settings, lines };
  });

const levels = {
  'single-task': 0,
  'l2-constrained': 1,
  'cross-stitch': 2,
  omoe: 3,
  'shared-bottom': 4,
  mmoe: 5,
};
const asInPaper = made((method, chance) => ({
  auc: 0.7 + 0.01 * levels[method] + 0.001 * chance,
  r2: 0.1 + 0.01 * levels[method] + 0.001 * chance,
  worth: (weight) => ({
    clicks: 0.25 + 0.001 * chance + (method === 'mmoe' ? 0.01 : 0) - (weight > 0 ? 0.001 : 0),
    likes: 0.01 + (weight > 0 ? 0.002 : 0) + (method === 'mmoe' ? 0.001 : 0) + 0.0001 * chance,
  }),
  ...(method === 'mmoe' && { focus: { click: 0.4 + 0.01 * chance, like: 0.6 + 0.01 * chance } }),
}));
const verdicts = (combinations: readonly Combination[]) =>
  [...table3Claims(combinations), ...table4Claims(combinations), ...gateClaims(combinations)].map(
    ({ verdict }) => verdict,
  );

it('the claims about the recommender hold where all is as in the paper', () => {
  expect(verdicts(asInPaper)).toEqual(Array(11).fill('holds'));
});

it('they fail where it is the other way round, and cannot be told where all is chance', () => {
  const reversed = made((method, chance) => ({
    auc: 0.7 - 0.01 * levels[method] + 0.001 * chance,
    r2: 0.1 - 0.01 * levels[method] + 0.001 * chance,
    worth: (weight) => ({
      clicks: 0.25 + 0.001 * chance - (method === 'mmoe' ? 0.01 : 0) + (weight > 0 ? 0.001 : 0),
      likes: 0.01 - (weight > 0 ? 0.002 : 0) - (method === 'mmoe' ? 0.001 : 0) + 0.0001 * chance,
    }),
    focus: { click: 0.6 + 0.01 * chance, like: 0.4 + 0.01 * chance },
  }));
  expect(verdicts(reversed)).toEqual(Array(11).fill('fails'));
  const alike = made((_, chance) => ({
    auc: 0.7 + 0.01 * chance,
    r2: 0.1 + 0.01 * chance,
    worth: () => ({ clicks: 0.25, likes: 0.01 }),
    focus: { click: 0.5 + 0.1 * Math.sin(chance * 91), like: 0.5 + 0.1 * Math.sin(chance * 37) },
  }));
  expect(verdicts(alike)).not.toContain('holds');
});

it('an improvement is a share of what it is over, in pairs', () => {
  const pair = { of: rankings.shared, over: rankings.oneSingle };
  expect(improvement(asInPaper, pair, 'likes').share).toBeCloseTo(0.2, 2);
  expect(improvement(asInPaper, pair, 'clicks').gain!.verdict).toBe('worse');
  expect(improvement([], pair, 'likes')).toEqual({ gain: null, share: null });
});
