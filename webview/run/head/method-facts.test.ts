import { describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { methodFacts } from './method-facts.js';

const { manifest } = madeRun();
const facts = (experiment: RunManifest['experiment'], more: Partial<RunManifest> = {}) =>
  methodFacts({ ...manifest, experiment, ...more });

describe('what a run was made with', () => {
  it('is its variant alone where all else is plain, or cannot be read', () => {
    expect(
      facts({
        model: { gates: { choose: 'all' } },
        training: { lossWeighting: 'fixed', schedule: 'constant' },
      }),
    ).toEqual(['mmoe']);
    expect([facts(null), facts({ model: 3, training: { lossWeighting: 7 } })]).toEqual([['mmoe'], ['mmoe']]);
    expect(methodFacts({ ...manifest, network: null })).toEqual([]);
  });

  it('names loss weighting, schedule and choice of experts', () => {
    const model = (choose: unknown) => ({ model: { gates: { choose } } });
    expect(facts(model({ top: 2, noisy: false }))).toEqual(['mmoe', 'top 2 experts']);
    expect(facts(model({ top: 4, noisy: true }))).toEqual(['mmoe', 'noisy top 4 experts']);
    expect(facts(model({ selectors: 2, width: 1, entropy: 0 }))).toEqual(['mmoe', 'DSelect-2']);
    expect(
      facts({ training: { lossWeighting: { kind: 'gradnorm', alpha: 1.5 }, schedule: { kind: 'cosine' } } }),
    ).toEqual(['mmoe', 'loss weighting: GradNorm', 'learning rate: cosine']);
    expect(facts({ training: { schedule: { kind: 'constant', warmup: 2 } } })).toEqual([
      'mmoe',
      'learning rate: constant, warm-up 2 epochs',
    ]);
  });

  it('says how many members there are', () => {
    expect(facts({ training: { members: 4 } })).toEqual(['mmoe', '4 members']);
    expect(facts({ training: { members: 1 } })).toEqual(['mmoe']);
  });

  it('leaves out what a network without gates does not have', () => {
    const levels = manifest.network!.levels.map((level) => ({ ...level, routes: 'fixed' as const }));
    expect(
      facts({ model: { gates: { choose: { top: 2 } } } }, { network: { variant: 'single-task', levels } }),
    ).toEqual(['single-task']);
  });

  it('says which variant its size is taken from', () => {
    const matched = { variant: 'shared-bottom', gates: false, layers: [14], parameters: 1, target: 1 };
    expect(facts(null, { network: { ...manifest.network!, matched } })[1]).toBe(
      'as large as shared-bottom (units 14)',
    );
  });
});
