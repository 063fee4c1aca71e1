import { describe, expect, it } from 'vitest';
import { madeComparison } from '../../../test/webview/made-comparison.fixture.js';
import { differences } from '../../../src/shared/settings/run-settings.js';
import { methods } from './comparison-rows.js';
import { withManifest } from './shown-comparison.fixture.js';

describe('the differences between experiments', () => {
  it('are the settings whose values differ, variant first, seed last; the rest is the same for all', () => {
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
