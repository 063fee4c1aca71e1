import { describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { levelText } from '../cards/route-texts.js';
import { methodFacts } from './method-facts.js';
import { runFacts } from './run-facts.js';

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

  it('counts parameters by part, the routes’ by what they are', () => {
    const levels = manifest.network!.levels.map((level) => ({ ...level, routes: 'constants' as const }));
    const parameterParts = { embeddings: 0, experts: 1700, gates: 8, towers: 226 };
    const text = (network: RunManifest['network']) =>
      runFacts({ ...manifest, network, parameters: 1934, parameterParts }).join(' · ');
    expect(text(manifest.network)).toContain('1,934 parameters (experts 1,700, gates 8, towers 226)');
    expect(text({ variant: 'cross-stitch', levels })).toContain('(experts 1,700, stitches 8, towers 226)');
  });
});

it('levels are called as a person would', () => {
  const [level] = manifest.network!.levels;
  const fixed = (name: string) => ({ ...level!, experts: 1, routes: 'fixed' as const, expertNames: [name] });
  const factors = {
    ...level!,
    experts: 2,
    routes: 'constants' as const,
    expertNames: ['factor 1', 'factor 2'],
  };
  const texts = (...levels: NonNullable<RunManifest['network']>['levels']) =>
    levels.map((_, index) => levelText({ variant: 'tensor-factorization', levels }, index));
  expect(texts(fixed('bottom'), level!, level!)).toEqual(['bottom', 'level 1 of 2', 'level 2 of 2']);
  expect(texts(fixed('bottom'), level!)).toEqual(['bottom', 'experts']);
  expect(texts(fixed('U1'), factors, fixed('U2'))).toEqual(['U1', 'factors', 'U2']);
  expect(texts(fixed('U1'), factors, fixed('U1'), factors)).toEqual([
    'layer 1: U1',
    'layer 1: factors',
    'layer 2: U1',
    'layer 2: factors',
  ]);
});
