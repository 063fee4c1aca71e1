import { describe, expect, it } from 'vitest';
import { madeComparison } from '../../../test/webview/made-comparison.fixture.js';
import { mixedTasks } from '../../../test/webview/made-run.fixture.js';
import { buildCompareCurves, compareCurvesTable } from './compare-curves.js';
import { model } from './shown-comparison.fixture.js';

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
