import { expect, test } from 'vitest';
import { modelOf } from '../experiment/defaults.js';
import { estimateMemory } from './memory-estimate.js';
import { buildNetwork } from './variants.js';

const network = (units: number) =>
  buildNetwork(
    modelOf({
      variant: 'mmoe',
      experts: { count: 8, layers: [units] },
      towers: { layers: [8] },
      gates: { bias: false, temperature: 1 },
    }),
    { numeric: 100, fields: [] },
    [{ name: 'y', kind: 'regression', outputs: 1, lossWeight: 1 }],
  );
const sizes = { batchSize: 256, rows: 10_000, threads: 2 };

test('a small model on small data takes some megabytes', () => {
  const bytes = estimateMemory(network(16), sizes);
  expect(bytes).toBeGreaterThan(8e6);
  expect(bytes).toBeLessThan(50e6);
});

test('a model of billions of weights is seen to be too large without building it', () => {
  expect(estimateMemory(network(10_000_000), sizes)).toBeGreaterThan(8e9 * 4);
});

test('more rows and larger batches never take less', () => {
  const least = estimateMemory(network(16), sizes);
  expect(estimateMemory(network(16), { ...sizes, rows: 20_000 })).toBeGreaterThan(least);
  expect(estimateMemory(network(16), { ...sizes, batchSize: 8192 })).toBeGreaterThan(least);
});

test('a one-hot column of a million values takes its weights, not a million numbers per row', () => {
  const wide = {
    ...network(16),
    input: { numeric: 0, fields: [{ name: 'user', size: 1_000_000, encode: 'onehot' as const }] },
  };
  const weights = 1_000_000 * (8 * 16 + 8) * 4;
  expect(estimateMemory(wide, sizes)).toBeLessThan(9 * weights);
  expect(estimateMemory(wide, sizes)).toBeGreaterThan(4 * weights);
});

test('layers that normalise, curve or pool take more than plain ones', () => {
  const plain = network(16);
  const level = plain.levels[0]!;
  const withExperts = (extras: object) => ({
    ...plain,
    levels: [{ ...level, experts: level.experts.map((expert) => ({ ...expert, ...extras })) }],
  });
  const least = estimateMemory(plain, sizes);
  const curved = estimateMemory(withExperts({ activation: 'gelu' as const }), sizes);
  expect(curved).toBeGreaterThan(least);
  expect(
    estimateMemory(withExperts({ activation: 'gelu' as const, normalization: 'batch' as const }), sizes),
  ).toBeGreaterThan(curved);
});

test('members take memory each for themselves, and rows once', () => {
  const of = (units: number, members: number, rows = 10_000) =>
    estimateMemory(network(units), { ...sizes, rows, members });
  expect(of(16, 1)).toBe(estimateMemory(network(16), sizes));
  expect(of(10_000, 8) / of(10_000, 1)).toBeCloseTo(8, 0);
  expect(of(16, 8, 1_000_000) / of(16, 1, 1_000_000)).toBeLessThan(1.5);
});

test('tables that move row by row have no gradients of their size', () => {
  const wide = {
    ...network(16),
    input: { numeric: 2, fields: [{ name: 'user', size: 1_000_000, encode: { embedding: 16 } }] },
  };
  const saved = estimateMemory(wide, sizes) - estimateMemory(wide, { ...sizes, tables: 'lazy' });
  expect(saved).toBe(16_000_000 * 4 * (1 + sizes.threads));
});

test('sets take the memory of their lists, and of a batch of them where tables move row by row', () => {
  const tagged = {
    ...network(16),
    input: {
      numeric: 2,
      fields: [{ name: 'tags', size: 1000, encode: { embedding: 16 }, several: true }],
    },
  };
  const of = (lists: { integers: number; longest: number } | undefined, more: object = {}) =>
    estimateMemory(tagged, { ...sizes, ...more, ...(lists !== undefined && { lists }) });
  const none = of(undefined);
  expect(of({ integers: 3_000_000, longest: 500 }) - none).toBe(4 * 3_000_000);
  expect(of({ integers: 3_000_000, longest: 500 }, { members: 3 }) - of(undefined, { members: 3 })).toBe(
    4 * 3_000_000,
  );
  const lazy = { tables: 'lazy' as const };
  const long = of({ integers: 0, longest: 500 }, lazy) - of({ integers: 0, longest: 5 }, lazy);
  expect(long).toBeGreaterThanOrEqual(4 * 8 * 495 * sizes.batchSize);
});
