import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newManifest } from '../run/manifest.js';
import { compareVariants, contrast, gainOfMeans, gainOver, seedsThatTell } from './comparison.js';
import type { RunManifest } from './run/run-manifest.js';
import { summarise } from './statistics/statistics.js';
import { studentTail } from './statistics/student.js';

function run(variant: string, seed: number, auc: number | null, { test: hasTest = true } = {}): RunManifest {
  const summary = { income: { auc, loss: 0.5 } };
  return {
    ...newManifest({ id: `${variant}-${seed}`, name: 'a', experimentFile: null, created: new Date(), seed }),
    network: { variant, levels: [] },
    tasks: [{ name: 'income', kind: 'binary' }],
    summary: {
      bestEpoch: 1,
      bestEpochs: {},
      validation: { income: { auc: 0.6, loss: 0.5 } },
      test: hasTest ? summary : null,
    },
  };
}

const row = (runs: readonly RunManifest[], variant: string) =>
  compareVariants(runs).find((one) => one.variant === variant)!;

test('mean, best, standard deviation and spread over the seeds are those by hand', () => {
  // Mean 0.84; deviations −0.04, 0.06, −0.02: squares sum to 0.0056, so s = √(0.0056 / 2).
  const { mean, best, sd, spread, seeds } = row(
    [run('mmoe', 1, 0.8), run('mmoe', 2, 0.9), run('mmoe', 3, 0.82)],
    'mmoe',
  );
  expect(seeds).toEqual([1, 2, 3]);
  expect(mean).toBeCloseTo(0.84, 12);
  expect(best).toBe(0.9);
  expect(sd).toBeCloseTo(0.052915026, 8);
  expect(spread).toBeCloseTo(0.1, 12);
});

test('the gain is paired by seed, in whatever order, with the standard error of the mean difference', () => {
  const base = [run('single-task', 1, 0.8), run('single-task', 2, 0.7), run('single-task', 3, 0.9)];
  const other = [run('mmoe', 3, 0.93), run('mmoe', 1, 0.82), run('mmoe', 2, 0.72)];
  // Differences 0.02, 0.02, 0.03: mean 0.07 / 3, s = √(0.0000666… / 2) = 0.0057735, SE = s / √3 = 0.0033333,
  // t = 7 > 4.303.
  const gain = row([...base, ...other], 'mmoe').gain!;
  expect(gain.mean).toBeCloseTo(0.0233333, 6);
  expect(gain.standardError).toBeCloseTo(0.0033333, 6);
  expect(gain).toMatchObject({ seeds: 3, verdict: 'better' });
  expect(row([...base, ...other], 'single-task').gain).toBeNull();
});

test('a difference within chance is not told apart, and a clear loss is worse', () => {
  const base = [1, 2, 3].map((seed) => run('single-task', seed, 0.8));
  // Differences 0.01, 0.02, 0.06: mean 0.03, s = 0.0264575, SE = 0.0152753, t = 1.96 < 4.303.
  const near = [0.81, 0.82, 0.86].map((auc, index) => run('mmoe', index + 1, auc));
  expect(row([...base, ...near], 'mmoe').gain).toMatchObject({ verdict: 'cannot tell' });
  const low = [0.7, 0.71, 0.7].map((auc, index) => run('mmoe', index + 1, auc));
  expect(row([...base, ...low], 'mmoe').gain).toMatchObject({ verdict: 'worse' });
  expect(row([...base, ...[1, 2, 3].map((seed) => run('mmoe', seed, 0.8))], 'mmoe').gain).toMatchObject({
    mean: 0,
    verdict: 'cannot tell',
  });
});

test('with two seeds t must pass 12.7, with forty about 2', () => {
  const pair = (count: number, differences: (index: number) => number): RunManifest[] =>
    Array.from({ length: count }, (_, index) => index).flatMap((index) => [
      run('single-task', index, 0.5),
      run('mmoe', index, 0.5 + differences(index)),
    ]);
  // Differences d and d + 2: mean d + 1, SE 1 (in units of 0.01).
  const two = (mean: number) =>
    row(
      pair(2, (index) => (mean - 1 + 2 * index) / 100),
      'mmoe',
    ).gain?.verdict;
  expect([two(12.6), two(12.8)]).toEqual(['cannot tell', 'better']);
  // Forty: half m − 1, half m + 1: s = √(40 / 39), SE = 1 / √39 = 0.16013; t(39) = 2.0227, so the mean must
  // pass 0.3239.
  const forty = (mean: number) =>
    row(
      pair(40, (index) => (mean + (index % 2 === 0 ? 1 : -1)) / 100),
      'mmoe',
    ).gain?.verdict;
  expect([forty(0.3236), forty(0.3242)]).toEqual(['cannot tell', 'better']);
});

test('one seed has no spread, and never a winner', () => {
  const { sd, spread, gain } = row([run('single-task', 1, 0.5), run('mmoe', 1, 0.9)], 'mmoe');
  expect({ sd, spread }).toEqual({ sd: null, spread: null });
  expect(gain).toEqual({
    mean: expect.closeTo(0.4, 12) as number,
    standardError: null,
    ...{ interval: null, p: null, within: null },
    seeds: 1,
    verdict: 'one seed',
  });
});

test('seeds without a metric, or that the baseline has not, are left out of what needs them', () => {
  const base = [run('single-task', 1, 0.5), run('single-task', 2, 0.6)];
  const { seeds, gain } = row(
    [...base, run('mmoe', 2, 0.7), run('mmoe', 3, 0.9), run('mmoe', 4, null)],
    'mmoe',
  );
  expect(seeds).toEqual([2, 3]);
  expect(gain).toMatchObject({ seeds: 1, mean: expect.closeTo(0.1, 12) as number });
  expect(row([run('mmoe', 1, null)], 'mmoe')).toMatchObject({
    seeds: [],
    mean: null,
    best: null,
    gain: null,
  });
  expect(row([run('mmoe', 1, 0.5)], 'mmoe').gain).toBeNull();
});

test('where one run has no test metrics, validation is compared for all', () => {
  const rows = compareVariants([run('mmoe', 1, 0.9), run('omoe', 1, 0.9, { test: false })]);
  expect(rows.map(({ split, mean }) => [split, mean])).toEqual([
    ['validation', 0.6],
    ['validation', 0.6],
  ]);
});

test('a difference has its interval, its p-value, and the size that it surely does not exceed', () => {
  const values = (...of: number[]) => new Map(of.map((value, seed) => [seed, value]));
  // Differences 0.01, 0.02, 0.06: mean 0.03, SE 0.0152753, 2 degrees of freedom: t = 4.30265 at 95 %, 2.91999 at 90 %.
  const gain = gainOver(values(0.8, 0.8, 0.8), values(0.81, 0.82, 0.86), 'auc')!;
  expect(gain.interval![0]).toBeCloseTo(0.03 - 4.30265 * 0.0152753, 6);
  expect(gain.interval![1]).toBeCloseTo(0.03 + 4.30265 * 0.0152753, 6);
  expect(gain.within).toBeCloseTo(0.03 + 2.91999 * 0.0152753, 6);
  // 1 − t / √(2 + t²) with t = 1.963961.
  expect(gain.p).toBeCloseTo(1 - 1.963961 / Math.sqrt(2 + 1.963961 ** 2), 5);
  expect(gainOver(values(0.8, 0.8), values(0.9, 0.9), 'auc')).toMatchObject({ p: 0, verdict: 'better' });
});

test('means of other seeds are compared with the degrees of freedom of Welch, less of a loss being better', () => {
  const own = new Map([1, 2, 3].map((seed) => [seed, seed]));
  const others = new Map([4, 5, 6, 7].map((seed) => [seed, 2 * seed]));
  // Variances of the means 1/3 and (20/3)/4 = 5/3; (2)² / ((1/9)/2 + (25/9)/3) = 4 / 0.981481.
  const gain = gainOfMeans(others, own, 'loss')!;
  expect(gain.mean).toBeCloseTo(9, 12);
  expect(gain.standardError).toBeCloseTo(Math.SQRT2, 12);
  expect(gain).toMatchObject({ seeds: 0, verdict: 'better' });
  expect(gain.p).toBeCloseTo(studentTail(9 / Math.SQRT2, 4 / (1 / 18 + 25 / 27)), 12);
  expect(gainOfMeans(others, new Map([[1, 1]]), 'loss')).toBeNull();
});

test('runs of other seeds are compared by their means, whose errors add up as squares', () => {
  const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(numbers, numbers, (one, other) => {
      const found = contrast(
        new Map(other.map((value, seed) => [100 + seed, value])),
        new Map(one.map((value, seed) => [seed, value])),
        'auc',
      )!;
      const [a, b] = [summarise(one, true), summarise(other, true)];
      expect(found.seeds).toBe(0);
      expect(found.mean).toBeCloseTo(a.mean! - b.mean!, 9);
      expect(found.standardError).toBeCloseTo(
        Math.sqrt(a.sd! ** 2 / one.length + b.sd! ** 2 / other.length),
        9,
      );
    }),
  );
});

test('a single run is compared with the one of its seed, else with the mean, and never tested', () => {
  const two = new Map([
    [1, 1],
    [2, 9],
  ]);
  const untested = { standardError: null, p: null, verdict: 'one seed' };
  expect(contrast(two, new Map([[1, 3]]), 'auc')).toMatchObject({ mean: 2, seeds: 1, ...untested });
  expect(contrast(two, new Map([[4, 3]]), 'auc')).toMatchObject({ mean: -2, seeds: 0, ...untested });
  expect(contrast(two, new Map([[4, 3]]), 'loss')).toMatchObject({ mean: 2 });
  expect(contrast(new Map(), new Map([[1, 1]]), 'auc')).toBeNull();
});

test('about how many seeds would tell: the fewest for which the same difference is beyond chance', () => {
  const tells = (...differences: number[]) =>
    seedsThatTell(
      gainOver(
        new Map(differences.map((_, seed) => [seed, 0])),
        new Map(differences.map((value, seed) => [seed, value])),
        'auc',
      )!,
    );
  // t = 1.964 with 3 seeds: 2.536 with 5 (of 2.776), 2.777 with 6 (of 2.571).
  expect(tells(0.01, 0.02, 0.06)).toBe(6);
  expect([tells(0.02, 0.021, 0.02), tells(1, -1, 1e-9), tells(0.1)]).toEqual([null, null, null]);
});
