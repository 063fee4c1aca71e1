import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { madeComparison } from '../../../test/webview/made-comparison.fixture.js';
import { differences } from '../../../src/shared/settings/run-settings.js';
import { methods, singles } from './comparison-rows.js';
import { withManifest } from './shown-comparison.fixture.js';

describe('methods', () => {
  it('are runs that differ in their seed only, called by their variant', () => {
    const runs = madeComparison();
    const rows = methods(runs, differences(runs));
    expect(rows.map(({ label, line, runs: its }) => [label, line, its.length])).toEqual([
      ['single-task', 0, 3],
      ['shared-bottom', 1, 3],
      ['omoe', 2, 3],
      ['mmoe', 3, 3],
    ]);
    expect(
      singles(runs)
        .slice(0, 2)
        .map(({ label }) => label),
    ).toEqual(['single-task · seed 1', 'single-task · seed 2']);
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
      'mmoe · learningRate .001',
      'mmoe · learningRate .002',
    ]);
    const twins = madeComparison({ variants: ['mmoe', 'mmoe'], seeds: 1 });
    expect(singles(twins).map(({ label }) => label)).toEqual(['mmoe', 'mmoe (2)']);
  });

  it('are a run each as long as its experiment is not known', () => {
    const runs = madeComparison({ variants: ['mmoe'] }).map((run) => withManifest(run, { experiment: null }));
    expect(methods(runs, differences(runs))).toHaveLength(3);
  });
});
