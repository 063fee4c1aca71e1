import { describe, expect, it } from 'vitest';
import { madeComparison } from '../../../test/webview/made-comparison.fixture.js';
import { model, withManifest } from './shown-comparison.fixture.js';
import { sortRows } from './sort-rows.js';

describe('the results', () => {
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
});
