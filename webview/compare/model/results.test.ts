import { describe, expect, it } from 'vitest';
import { madeComparison } from '../../../test/webview/made-comparison.fixture.js';
import { resultColumns } from '../tables/result-columns.js';
import { differences } from '../../../src/shared/settings/run-settings.js';
import { methods } from './comparison-rows.js';
import { resultsOf, tasksOf } from './results.js';
import { model, withManifest } from './shown-comparison.fixture.js';

describe('the results', () => {
  it('have the mean over seeds of each method, and mark what is the best beyond chance', () => {
    const runs = madeComparison();
    const { rows, results } = model(runs);
    const column = rows.map(({ key }) => results.cells.get(key)![0]!);
    const values = runs.slice(0, 3).map(({ manifest }) => manifest.summary!.test!['income']!['auc']!);
    expect(column[0]!.mean).toBeCloseTo((values[0]! + values[1]! + values[2]!) / 3, 12);
    expect(column[0]!.best).toBe(Math.max(...values));
    expect(column.map(({ isBest }) => isBest)).toEqual([false, false, false, true]);
    expect(column.map(({ count, split }) => [count, split])).toEqual(
      Array.from({ length: 4 }, () => [3, 'test']),
    );
  });

  it('compare with single-task, seed by seed', () => {
    const runs = madeComparison();
    const { rows, results } = model(runs);
    const gains = rows.map(({ key }) => results.cells.get(key)![0]!.gain);
    expect(gains[0]).toBeNull();
    expect(gains[3]).toMatchObject({ seeds: 3 });
    const auc = (index: number) => runs[index]!.manifest.summary!.test!['income']!['auc']!;
    const pairs = [0, 1, 2].map((seed) => auc(9 + seed) - auc(seed));
    expect(gains[3]!.mean).toBeCloseTo(pairs.reduce((sum, value) => sum + value) / 3, 12);
    expect(gains[3]!.standardError).toBeGreaterThan(0);
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
    const groups = [{ label: '', rows: all, names: new Map() }];
    const { cells } = resultsOf(tasksOf(runs), groups, groups, differing);
    const gain = (index: number) => cells.get(all[index]!.key)![0]!;
    expect(gain(3).gain!.mean).toBeCloseTo(gain(3).mean! - gain(1).mean!, 12);
    expect(gain(2).gain!.mean).toBeCloseTo(gain(2).mean! - gain(0).mean!, 12);
  });

  it('say validation as long as there is no test, which does not compete with it', () => {
    const runs = madeComparison({ seeds: 1, status: (index) => (index === 3 ? 'running' : 'finished') });
    const shown = model(runs);
    const cells = shown.rows.map(({ key }) => shown.results.cells.get(key)![0]!);
    expect(cells.map(({ split }) => split)).toEqual(['test', 'test', 'test', 'validation']);
    expect(cells.map(({ isBest }) => isBest)).toEqual([false, false, false, false]);
    expect(cells[3]!.gain).toBeNull();
    expect(resultColumns(shown).map(({ label, marksSplit }) => [label, marksSplit])[0]).toEqual([
      'test AUC',
      true,
    ]);
  });

  it('have no number for a run that waits', () => {
    const runs = madeComparison({ variants: ['mmoe', 'omoe'], seeds: 1, status: () => 'queued' });
    const { results, rows } = model(runs.map((run) => withManifest(run, { summary: null })));
    expect(results.cells.get(rows[0]!.key)![0]).toMatchObject({ mean: null, split: null, isBest: false });
  });
});
