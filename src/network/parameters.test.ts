import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelOf } from '../experiment/defaults.js';
import type { Variant } from '../experiment/schema/variants.js';
import { arbitraryNetwork } from './arbitrary-network.fixture.js';
import { countParameters, initialWeights, parameterSpecs, size } from './parameters.js';
import { buildNetwork } from './variants.js';

const tasks = ['income', 'marital'].map((name) => ({
  name,
  kind: 'binary' as const,
  outputs: 1,
  lossWeight: 1,
}));
const settings = (variant: Variant) =>
  modelOf({
    variant,
    experts: { count: 8, layers: [32, 16] },
    towers: { layers: [8] },
    gates: { bias: true },
  });
const input = { numeric: 6, fields: [{ name: 'user', size: 9, encode: { embedding: 4 } }] };
const network = buildNetwork(settings('mmoe'), input, tasks);
const columns = (weights: ReturnType<typeof initialWeights>, name: string) => {
  const { shape, data } = weights.get(name)!;
  return Array.from({ length: shape[1]! }, (_, unit) =>
    Array.from({ length: shape[0]! }, (_, row) => data[row * shape[1]! + unit]!).join(),
  );
};

describe('starting weights', () => {
  test('no two units of one expert, nor of two experts, start alike', () => {
    const weights = initialWeights(network, 1);
    for (const layer of [0, 1]) {
      const units = network.levels[0]!.experts.flatMap((_, e) =>
        columns(weights, `levels.0.experts.${e}.layers.${layer}.weight`),
      );
      expect(new Set(units).size).toBe(units.length);
    }
  });

  test('no two parameters of any network start alike', () => {
    fc.assert(
      fc.property(arbitraryNetwork(), fc.integer(), (each, seed) => {
        const drawn = [...initialWeights(each, seed)]
          .filter(([name]) => name.endsWith('weight') && !name.endsWith('noise.weight'))
          .map(([, { data }]) => data[0]);
        expect(new Set(drawn).size).toBe(drawn.length);
      }),
    );
  });

  test('the same seed gives the same weights, another seed others', () => {
    expect(initialWeights(network, 7)).toEqual(initialWeights(network, 7));
    expect(initialWeights(network, 7)).not.toEqual(initialWeights(network, 8));
  });

  test('OMoE and MMoE start with the same experts and towers', () => {
    const other = initialWeights(buildNetwork(settings('omoe'), input, tasks), 3);
    for (const [name, array] of initialWeights(network, 3))
      if (!name.includes('gates')) expect(array).toEqual(other.get(name));
  });

  test('biases start at 0, and a layer’s weights fill the He or Glorot range', () => {
    const weights = initialWeights(network, 1);
    expect(weights.get('levels.0.experts.0.layers.0.bias')!.data.every((b) => b === 0)).toBe(true);
    const largest = (name: string) =>
      weights.get(name)!.data.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    const expectLimit = (name: string, limit: number) => {
      expect(largest(name)).toBeLessThanOrEqual(Math.fround(limit));
      expect(largest(name)).toBeGreaterThan(0.9 * limit);
    };
    expectLimit('levels.0.experts.0.layers.0.weight', Math.sqrt(6 / 10));
    expectLimit('levels.0.gates.0.weight', Math.sqrt(6 / 18));
  });
});

test('names are readable and unique, and the parts add up', () => {
  expect(parameterSpecs(network).map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'embeddings.user.weight',
      'levels.0.experts.3.layers.0.weight',
      'levels.0.gates.1.bias',
      'towers.income.layers.0.weight',
      'towers.income.output.weight',
    ]),
  );
  fc.assert(
    fc.property(arbitraryNetwork(), (each) => {
      const specs = parameterSpecs(each);
      expect(new Set(specs.map(({ name }) => name)).size).toBe(specs.length);
      expect(countParameters(each).total).toBe(specs.reduce((total, { shape }) => total + size(shape), 0));
    }),
  );
});
