import { describe, expect, it } from 'vitest';
import type { RunManifest } from '../../../src/shared/run/run-manifest.js';
import { madeRun } from '../../../test/webview/made-run.fixture.js';
import { outsideFact, runFacts, vocabularyFact } from './run-facts.js';

const { manifest } = madeRun();

describe('the header', () => {
  it('says what the run is made of', () => {
    expect(runFacts(manifest).join(' · ')).toBe(
      'mmoe · census-income.csv · 79,810 train / 9,976 validation / 9,976 test rows · ' +
        '499 inputs · 71,226 parameters · seed 1 · fused engine, native AVX-512, 2 threads',
    );
    expect(runFacts({ ...manifest, data: null, experiment: null })).toEqual([]);
  });
});

it('counts the values outside the range of the training rows, and lists them by column', () => {
  expect(outsideFact(manifest)).toBeNull();
  const column = { part: 'test' as const, name: 'age', low: 17, high: 90 };
  const outside = [
    { ...column, values: 1200, least: 91, most: 1e30 },
    { ...column, part: 'validation' as const, values: 1, least: -3, most: -3 },
  ];
  expect(outsideFact({ ...manifest, data: { ...manifest.data!, outside } })).toEqual({
    text: '1,201 values outside the training range',
    detail:
      'Values outside the range of the training rows, which a model has not learned from:\n' +
      'age (test): 1,200 outside 17 … 90, from 91 to 1e+30\n' +
      'age (validation): 1 outside 17 … 90, from −3 to −3',
  });
  expect(outsideFact({ ...manifest, data: { ...manifest.data!, outside: outside.slice(1) } })?.text).toBe(
    'one value outside the training range',
  );
});

it('says of large vocabularies how many values have a place of their own', () => {
  expect(vocabularyFact(manifest)).toBeNull();
  const user = { name: 'user', values: 320_000, kept: 100_000, rest: 0.031 };
  const item = { name: 'item', values: 80_000, buckets: 50_000, sharing: 42_000 };
  const of = (...vocabularies: { name: string; values: number }[]) =>
    vocabularyFact({ ...manifest, data: { ...manifest.data!, vocabularies } });
  expect(of(user, item)).toEqual({
    text: 'user: 100,000 of 320,000 values · item: 80,000 values in 50,000 buckets',
    detail:
      'Columns whose values do not all have a place of their own:\n' +
      'user: the 100,000 most frequent of 320,000 values are kept; 3.1 % of the training rows have another one\n' +
      'item: 80,000 values in 50,000 buckets; 52.5 % share theirs with another',
  });
  expect(of(user, item, { ...user, name: 'shop' })!.text).toBe('3 columns with limited vocabularies');
});

describe('what a run was made with', () => {
  it('counts parameters by part, the routes’ by what they are', () => {
    const levels = manifest.network!.levels.map((level) => ({ ...level, routes: 'constants' as const }));
    const parameterParts = { embeddings: 0, experts: 1700, gates: 8, towers: 226 };
    const text = (network: RunManifest['network']) =>
      runFacts({ ...manifest, network, parameters: 1934, parameterParts }).join(' · ');
    expect(text(manifest.network)).toContain('1,934 parameters (experts 1,700, gates 8, towers 226)');
    expect(text({ variant: 'cross-stitch', levels })).toContain('(experts 1,700, stitches 8, towers 226)');
  });
});
