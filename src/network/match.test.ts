import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelOf } from '../experiment/defaults.js';
import type { Model, ModelInput } from '../experiment/schema/model.js';
import { variants, type Variant } from '../experiment/schema/variants.js';
import { matchLayers } from './match.js';
import { countParameters } from './parameters.js';
import { buildNetwork, matchedModel } from './variants.js';

/** Weights and biases of one expert on 10 inputs, with towers of 4 for two tasks. */
function count(layers: readonly number[]): number {
  const experts = layers.reduce((total, units, j) => total + ((layers[j - 1] ?? 10) + 1) * units, 0);
  return experts + 2 * (layers.at(-1)! + 1) * 4;
}

describe('matching', () => {
  test('finds the nearest of all widths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 4000 }), (start, target) => {
        const found = matchLayers([start], target, count);
        const all = Array.from({ length: 400 }, (_, w) => Math.abs(count([w + 1]) - target));
        expect(found.layers).toEqual([all.indexOf(Math.min(...all)) + 1]);
        expect(found.count).toBe(count(found.layers));
      }),
    );
  });

  test('keeps the shape of experts with several layers', () => {
    const { layers } = matchLayers([32, 16], count([64, 32]), count);
    expect(layers).toEqual([64, 32]);
  });

  test('gives one unit where even that has more parameters than the other network', () => {
    expect(matchLayers([16, 8], 3, count).layers).toEqual([2, 1]);
  });

  test('gives up widening at 65,536 units', () => {
    expect(matchLayers([16], Number.MAX_SAFE_INTEGER, count).layers).toEqual([65_536]);
  });
});

describe('model.match', () => {
  const input = { numeric: 100, fields: [] };
  const tasks = ['y1', 'y2'].map((name) => ({
    name,
    kind: 'regression' as const,
    outputs: 1,
    lossWeight: 1,
  }));
  const model = (variant: Variant, more: ModelInput = {}) =>
    modelOf({ variant, experts: { count: 8, layers: [16] }, towers: { layers: [8] }, ...more });
  const widths = (settings: Model) =>
    buildNetwork(settings, input, tasks).levels.map(({ experts }) => experts[0]!.layers);

  test('gives a shared bottom the paper’s 113 units for 8 experts of 16', () => {
    expect(widths(model('shared-bottom', { match: 'mmoe' }))).toEqual([[113]]);
  });

  test('takes the gates along where they are to count', () => {
    const settings = model('shared-bottom', { match: { variant: 'mmoe', gates: true } });
    // 14,818 = 117 w + 34 at w = 126.4.
    expect(widths(settings)).toEqual([[126]]);
    expect(matchedModel(settings, input, tasks)).toEqual({
      variant: 'mmoe',
      gates: true,
      layers: [126],
      parameters: 14_776,
      target: countParameters(buildNetwork(model('mmoe'), input, tasks)).total,
    });
  });

  test('leaves the variant itself, and networks that match nothing, as they are', () => {
    expect(matchedModel(model('mmoe', { match: 'mmoe' }), input, tasks)).toBeNull();
    expect(matchedModel(model('mmoe'), input, tasks)).toBeNull();
    expect(widths(model('mmoe', { match: 'mmoe' }))).toEqual([[16]]);
  });

  test.each(variants)('brings %s within a unit’s parameters of a large MMoE', (variant) => {
    for (const more of [{}, { bottom: { layers: [20] } }, { experts: { count: 12, layers: [64, 32] } }]) {
      const matched = matchedModel(
        model(variant, { match: { variant: 'mmoe', gates: true }, ...more }),
        input,
        tasks,
      );
      if (matched === null) expect(variant).toBe('mmoe');
      // A unit more or less of every expert is up to some 3 % of the whole.
      else expect(Math.abs(matched.parameters - matched.target) / matched.target).toBeLessThan(0.04);
    }
  });
});
