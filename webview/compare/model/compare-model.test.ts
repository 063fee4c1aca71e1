import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { madeComparison, runsMessage } from '../../../test/webview/made-comparison.fixture.js';
import { mixedTasks } from '../../../test/webview/made-run.fixture.js';
import { decimalsOf } from '../tables/result-columns.js';
import { resultColumns } from '../tables/result-columns.js';
import { buildCompareCurves, compareCurvesTable } from './compare-curves.js';
import { CompareFeed } from './compare-feed.js';
import { buildCompareModel } from './compare-model.js';
import { restoreComparePageState } from './compare-page-state.js';
import { differences } from './compared-settings.js';
import { methods, singles } from './comparison-rows.js';
import { overviewOf } from './overview.js';
import { resultsOf } from './results.js';
import { sortRows } from './sort-rows.js';

const withManifest = (run: ComparedRun, change: Partial<ComparedRun['manifest']>): ComparedRun => ({
  ...run,
  manifest: { ...run.manifest, ...change },
});
const model = (runs: readonly ComparedRun[], choices: object = {}) =>
  buildCompareModel({ subject: runsMessage(runs).subject, runs }, restoreComparePageState(choices));

describe('the differences between experiments', () => {
  it('are the settings whose values differ, variant first and seed last; the rest is the same for all', () => {
    const { paths, same } = differences(madeComparison());
    expect(paths).toEqual(['model.variant', 'parameters', 'training.seed']);
    expect(Object.fromEntries(same.map(({ path, value }) => [path, value]))).toMatchObject({
      'data.source': 'census-income.csv',
      'tasks.income.lossWeight': 1,
      'model.experts.layers': '16',
      'training.stopEarly': 'none',
    });
  });

  it('are also what only some have, and not what is not known yet', () => {
    const [one, other] = madeComparison({ variants: ['mmoe'], seeds: 2 });
    const more = withManifest(other!, {
      experiment: { ...other!.manifest.experiment, engine: { use: 'fused' } },
      parameters: null,
      data: null,
    });
    const queued = withManifest(one!, { experiment: null, parameters: null });
    const { paths, values } = differences([one!, more, { ...queued, folder: '/queued' }]);
    expect(paths).toEqual(['engine.use', 'training.seed']);
    expect(values.has('/queued')).toBe(false);
  });

  it('tell of other data under the same name', () => {
    const [one, other] = madeComparison({ variants: ['mmoe'], seeds: 2 });
    const data = { ...other!.manifest.data!, fingerprint: 'another' };
    const runs = [one!, withManifest(other!, { data })];
    expect(differences(runs).paths).toContain('data.fingerprint');
    expect(methods(runs, differences(runs))).toHaveLength(2);
  });
});

describe('methods', () => {
  it('are runs that differ in their seed only, called without the words that all begin with', () => {
    const runs = madeComparison();
    const rows = methods(runs, differences(runs));
    expect(rows.map(({ label, line, runs: its }) => [label, line, its.length])).toEqual([
      ['single-task', 0, 3],
      ['shared-bottom', 1, 3],
      ['omoe', 2, 3],
      ['mmoe', 3, 3],
    ]);
    expect(
      singles(runs, differences(runs))
        .slice(0, 2)
        .map(({ label }) => label),
    ).toEqual(['single-task seed 1', 'single-task seed 2']);
  });

  it('keep their key while others join them', () => {
    const runs = madeComparison();
    const keys = (of: readonly ComparedRun[]) => methods(of, differences(of)).map(({ key }) => key);
    expect(keys(runs).slice(0, 2)).toEqual(keys(runs.slice(0, 5)));
  });

  it('of the same name are told apart by their settings, and by a number where there are none', () => {
    const runs = madeComparison({
      variants: ['mmoe', 'mmoe'],
      seeds: 1,
      learningRate: (index) => 0.001 * (index + 1),
    });
    expect(methods(runs, differences(runs)).map(({ label }) => label)).toEqual([
      'census mmoe · learningRate 0.001',
      'census mmoe · learningRate 0.002',
    ]);
    const twins = madeComparison({ variants: ['mmoe', 'mmoe'], seeds: 1 });
    const labels = singles(twins, differences(twins)).map(({ label }) => label);
    expect(new Set(labels).size).toBe(2);
  });

  it('are a run each as long as its experiment is not known', () => {
    const runs = madeComparison({ variants: ['mmoe'] }).map((run) => withManifest(run, { experiment: null }));
    expect(methods(runs, differences(runs))).toHaveLength(3);
  });
});

describe('the results', () => {
  it('have the mean over seeds of each method, and mark the best of each column', () => {
    const runs = madeComparison();
    const { rows, results } = model(runs);
    const column = rows.map(({ key }) => results.cells.get(key)![0]!);
    const values = runs.slice(0, 3).map(({ manifest }) => manifest.summary!.test!['income']!['auc']!);
    expect(column[0]!.mean).toBeCloseTo((values[0]! + values[1]! + values[2]!) / 3, 12);
    expect(column[0]!.best).toBe(Math.max(...values));
    expect(column.map(({ isBestMean }) => isBestMean)).toEqual([false, false, false, true]);
    expect(column.map(({ count, split }) => [count, split])).toEqual(
      Array.from({ length: 4 }, () => [3, 'test']),
    );
  });

  it('compare with single-task, seed by seed', () => {
    const runs = madeComparison();
    const { rows, results } = model(runs);
    const gains = rows.map(({ key }) => results.cells.get(key)![0]!.gain);
    expect(gains[0]).toBeNull();
    expect(gains[3]).toMatchObject({ pairs: 3 });
    const auc = (index: number) => runs[index]!.manifest.summary!.test!['income']!['auc']!;
    const pairs = [0, 1, 2].map((seed) => auc(9 + seed) - auc(seed));
    expect(gains[3]!.value).toBeCloseTo(pairs.reduce((sum, value) => sum + value) / 3, 12);
    expect(gains[3]!.error).toBeGreaterThan(0);
  });

  it('compare with the single-task runs that are alike in all else', () => {
    const rate = (index: number) => (Math.floor(index / 2) % 2 === 0 ? 0.001 : 0.01);
    const runs = madeComparison({
      variants: ['single-task', 'single-task', 'mmoe', 'mmoe'],
      seeds: 2,
      learningRate: rate,
    });
    const differing = differences(runs);
    const all = methods(runs, differing);
    const { cells } = resultsOf(all, all, differing);
    const gain = (index: number) => cells.get(all[index]!.key)![0]!;
    expect(gain(3).gain!.value).toBeCloseTo(gain(3).mean! - gain(1).mean!, 12);
    expect(gain(2).gain!.value).toBeCloseTo(gain(2).mean! - gain(0).mean!, 12);
  });

  it('say validation as long as there is no test, which does not compete with it', () => {
    const runs = madeComparison({ seeds: 1, status: (index) => (index === 3 ? 'running' : 'finished') });
    const shown = model(runs);
    const cells = shown.rows.map(({ key }) => shown.results.cells.get(key)![0]!);
    expect(cells.map(({ split }) => split)).toEqual(['test', 'test', 'test', 'validation']);
    expect(cells.map(({ isBestMean }) => isBestMean)).toEqual([false, false, true, false]);
    expect(cells[3]!.gain).toBeNull();
    expect(resultColumns(shown).map(({ label, marksSplit }) => [label, marksSplit])[0]).toEqual([
      'test AUC',
      true,
    ]);
  });

  it('have no number for a run that waits', () => {
    const runs = madeComparison({ variants: ['mmoe', 'omoe'], seeds: 1, status: () => 'queued' });
    const { results, rows } = model(runs.map((run) => withManifest(run, { summary: null })));
    expect(results.cells.get(rows[0]!.key)![0]).toMatchObject({ mean: null, split: null, isBestMean: false });
  });

  it('are sorted by any column, rows without a number last', () => {
    const runs = madeComparison({ seeds: 1, status: (index) => (index === 1 ? 'queued' : 'finished') }).map(
      (run) => (run.status === 'queued' ? withManifest(run, { summary: null }) : run),
    );
    const { rows, results } = model(runs);
    const order = (column: string, descending: boolean) =>
      sortRows(rows, results, { column, descending }).map(({ line }) => line);
    expect(order('mean:income', true)).toEqual([3, 2, 0, 1]);
    expect(order('mean:income', false)).toEqual([0, 2, 3, 1]);
    expect(order('name', false)).toEqual([3, 2, 1, 0]);
    expect(sortRows(rows, results, null)).toEqual(rows);
  });

  it('show as many decimals as the smallest error needs', () => {
    expect(decimalsOf([0.94, 0.95], [0.001, null])).toBe(4);
    expect(decimalsOf([0.99], [0.00003, 0.0001])).toBe(5);
    expect(decimalsOf([812.5], [3])).toBe(2);
    expect(decimalsOf([], [])).toBe(4);
  });
});

describe('the curves of a comparison', () => {
  const [income] = model(madeComparison()).tasks;
  const plain = { metric: 'main', axis: 'epoch', smoothing: 0 } as const;

  it('are a mean and a thin line for each seed, in one colour, without the untrained network', () => {
    const { drawn } = model(madeComparison());
    const { series, xMax } = buildCompareCurves(drawn, income!, plain);
    expect(series.filter(({ line }) => line === 0).map(({ role }) => role)).toEqual([
      'seed',
      'seed',
      'seed',
      'main',
    ]);
    const [a, b, c, mean] = series;
    expect(mean!.y[4]).toBeCloseTo((a!.y[4]! + b!.y[4]! + c!.y[4]!) / 3, 12);
    expect(mean!.x[0]).toBe(1);
    expect(xMax).toBe(20);
  });

  it('have a mean as far as all seeds that have begun have come', () => {
    const status = (index: number) => (index === 1 ? 'running' : index === 2 ? 'queued' : 'finished');
    const { drawn } = model(madeComparison({ variants: ['mmoe'], status }));
    const { series } = buildCompareCurves(drawn, income!, plain);
    expect(series.map(({ role, x }) => [role, x.at(-1)])).toEqual([
      ['seed', 20],
      ['seed', 10],
      ['main', 10],
    ]);
  });

  it('are main lines where rows are runs, and nothing for a metric that the task has not', () => {
    const runs = madeComparison({ tasks: mixedTasks });
    const { drawn, tasks } = model(runs, { folding: false });
    expect(buildCompareCurves(drawn, tasks[0]!, plain).series.map(({ role }) => role)).toEqual(
      Array.from({ length: 12 }, () => 'main'),
    );
    expect(buildCompareCurves(drawn, tasks[2]!, plain).metric).toBe('r2');
    expect(buildCompareCurves(drawn, tasks[2]!, { ...plain, metric: 'auc' }).series).toEqual([]);
  });

  it('have a table with a column for each line', () => {
    const { drawn } = model(madeComparison({ variants: ['mmoe', 'omoe'], seeds: 2 }));
    const table = compareCurvesTable(buildCompareCurves(drawn, income!, plain), drawn, {
      seedNumber: (seed) => `seed ${seed}`,
    });
    expect(table.columns).toEqual([
      'epoch',
      'mmoe seed 1',
      'mmoe seed 2',
      'mmoe',
      'omoe seed 1',
      'omoe seed 2',
      'omoe',
    ]);
    expect(table.rows).toHaveLength(20);
  });
});

describe('how far a comparison is', () => {
  it('is the mean of its runs, those that have ended done', () => {
    const status = (index: number) => (['finished', 'failed', 'running', 'queued'] as const)[index]!;
    const overview = overviewOf(madeComparison({ seeds: 1, status }));
    expect(overview.share).toBeCloseTo(2.5 / 4);
    expect(Object.fromEntries(overview.counts)).toEqual({ finished: 1, failed: 1, running: 1, queued: 1 });
  });

  it('says the time left from the speed so far, as many at once as train now', () => {
    const run = (status: ComparedRun['status'], step: number) => {
      const [made] = madeComparison({ variants: ['mmoe'], seeds: 1, status: () => status });
      return { ...made!, progress: status === 'running' ? { step, steps: 100, seconds: step / 10 } : null };
    };
    expect(overviewOf([run('running', 50)]).secondsLeft).toBeCloseTo(5);
    expect(overviewOf([run('running', 50), run('queued', 0)]).secondsLeft).toBeCloseTo(15);
    expect(overviewOf([run('running', 50), run('running', 50), run('queued', 0)]).secondsLeft).toBeCloseTo(
      10,
    );
    expect(overviewOf([run('queued', 0)]).secondsLeft).toBeNull();
    expect(overviewOf([]).share).toBe(0);
  });
});

describe('the feed of a compare page', () => {
  const make = () => {
    const said: string[] = [];
    const feed = new CompareFeed({
      ready: () => said.push('ready'),
      changed: () => said.push('changed'),
      dropped: () => said.push('dropped'),
    });
    return { feed, said };
  };

  it('takes runs that are new or changed, forgets those that are gone, and keeps their order', () => {
    const runs = madeComparison({ seeds: 1 });
    const { feed } = make();
    feed.receive(runsMessage([runs[0]!, runs[2]!, runs[3]!]));
    const renamed = withManifest(runs[2]!, { name: 'better' });
    feed.receive({
      ...runsMessage([]),
      type: 'update',
      changed: [runs[1], renamed],
      removed: [runs[3]!.folder],
    });
    expect(feed.comparison?.runs.map(({ manifest }) => manifest.name)).toEqual([
      'census single-task',
      'census shared-bottom',
      'better',
    ]);
  });

  it('asks for everything when it hears of changes first, and drops what is no message', () => {
    const { feed, said } = make();
    feed.receive({ ...runsMessage([]), type: 'update', changed: [], removed: [] });
    feed.receive({ type: 'runs', runs: 'all' });
    expect(said).toEqual(['ready', 'dropped']);
    expect(feed.comparison).toBeNull();
  });
});

it('forty runs of twenty epochs are taken in and laid out at once', () => {
  const runs = madeComparison({
    variants: Array.from({ length: 8 }, (_, index) => `variant-${index}`),
    seeds: 5,
  });
  const shown = model(runs);
  expect(shown.rows).toHaveLength(8);
  expect(JSON.stringify(runsMessage(runs)).length).toBeLessThan(1_000_000);
});
