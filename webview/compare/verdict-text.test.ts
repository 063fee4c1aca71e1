import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../../src/shared/messages/compare-protocol.js';
import { madeComparison } from '../../test/webview/made-comparison.fixture.js';
import { model, withManifest } from './model/shown-comparison.fixture.js';
import { verdictText } from './verdict-text.js';

const said = (runs: readonly ComparedRun[]) => model(runs).verdicts.map(verdictText);

/** Gives the runs of a made comparison these AUCs for both tasks, in their order. */
const withAuc = (runs: readonly ComparedRun[], auc: (index: number, task: string) => number) =>
  runs.map((run, index) =>
    withManifest(run, {
      summary: {
        ...run.manifest.summary!,
        test: Object.fromEntries(
          run.manifest.tasks.map(({ name }) => [name, { auc: auc(index, name), loss: 0.1 }]),
        ),
      },
    }),
  );

describe('the verdict', () => {
  it('names what is better beyond chance', () => {
    const [text] = said(madeComparison());
    expect(text).toMatch(
      /^Learn income and never married together\? Yes: [a-z ]+ \+0\.00\d\d \(p [=<] 0\.\d+\)/,
    );
  });

  it('cannot tell what chance could have made, and says about how many seeds could', () => {
    const noise = [0, 0.004, -0.002, 0.008, 0.001, 0.004];
    const runs = withAuc(
      madeComparison({ variants: ['single-task', 'mmoe'] }),
      (index) => 0.9 + noise[index]!,
    );
    expect(said(runs)).toEqual([
      'Learn income and never married together? Cannot tell with 3 seeds: mmoe income +0.0037 (p = 0.392), ' +
        'mmoe never married +0.0037 (p = 0.392); 13 seeds would probably tell.',
    ]);
    const { results, rows } = model(runs);
    expect(rows.map(({ key }) => results.cells.get(key)![0]!.isBest)).toEqual([false, false]);
  });

  it('is provisional while runs train, and none with one seed', () => {
    const training = madeComparison({ status: (index) => (index === 11 ? 'running' : 'finished') });
    expect(said(training)[0]).toMatch(/^So far: Learn income and never married together\? /);
    expect(said(madeComparison({ seeds: 1 }))).toEqual([
      'Learn income and never married together? ' +
        'Cannot tell with one seed, which may be a lucky one; three or more can.',
    ]);
    expect(said(madeComparison({ variants: ['mmoe'] }))).toEqual([]);
  });

  it('says which method is the best where there is nothing to compare with', () => {
    const runs = withAuc(madeComparison({ variants: ['omoe', 'mmoe'] }), (index, task) =>
      task === 'income' ? 0.9 + (index < 3 ? 0.05 : 0) + (index % 3) / 1000 : 0.8 + ((index * 7) % 5) / 100,
    );
    expect(said(runs)).toEqual([
      'income: omoe is the best, beyond chance; never married: which is the best cannot be told.',
    ]);
  });

  it('is one for each set of test rows, and nothing is compared between them', () => {
    const [first, second] = [0.5, 1].map((correlation) =>
      madeComparison({ variants: ['single-task', 'mmoe'] }).map((run) =>
        withManifest(
          { ...run, folder: `${run.folder}-${correlation}` },
          { experiment: { ...run.manifest.experiment, data: { source: { synthetic: { correlation } } } } },
        ),
      ),
    );
    const runs = [...first!, ...withAuc(second!, () => 0.99)];
    const { groups, verdicts, results } = model(runs);
    expect(groups.map(({ label, rows }) => [label, ...rows.map((row) => row.label)])).toEqual([
      ['correlation .5', 'single-task · correlation .5', 'mmoe · correlation .5'],
      ['correlation 1', 'single-task · correlation 1', 'mmoe · correlation 1'],
    ]);
    expect(verdicts.map(({ label }) => label)).toEqual(['correlation .5', 'correlation 1']);
    const gains = groups.map(({ rows }) => results.cells.get(rows[1]!.key)![0]!.gain!.mean);
    expect(gains[0]).toBeLessThan(0.01);
    expect(gains[1]).toBe(0);
  });
});
