import { describe, expect, test } from 'vitest';
import { modelOf } from '../experiment/defaults.js';
import type { ModelInput } from '../experiment/schema/model.js';
import type { Variant } from '../experiment/schema/variants.js';
import type { InputDescription } from './description.js';
import { countParameters, parameterSpecs, size } from './parameters.js';
import { buildNetwork } from './variants.js';
import type { TaskSettings } from './variants/building-blocks.js';

const input: InputDescription = { numeric: 100, fields: [] };
const tasks: TaskSettings[] = ['y1', 'y2'].map((name) => ({
  name,
  kind: 'regression',
  outputs: 1,
  lossWeight: 1,
}));
const model = (variant: Variant, more: ModelInput = {}) =>
  modelOf({
    variant,
    experts: { count: 8, layers: [16] },
    towers: { layers: [8] },
    ...more,
  });

describe('the variants', () => {
  test('MMoE has a gate per task over all experts', () => {
    const [level] = buildNetwork(model('mmoe'), input, tasks).levels;
    expect(level!.experts).toHaveLength(8);
    expect(level!.gates.map((gate) => gate.experts.length)).toEqual([8, 8]);
    expect(level!.streams.map((stream) => stream.route)).toEqual([
      { kind: 'gate', gate: 0 },
      { kind: 'gate', gate: 1 },
    ]);
  });

  test('OMoE has one gate that every task follows', () => {
    const [level] = buildNetwork(model('omoe'), input, tasks).levels;
    expect(level!.gates).toHaveLength(1);
    expect(level!.streams.map((stream) => stream.route)).toEqual([
      { kind: 'gate', gate: 0 },
      { kind: 'gate', gate: 0 },
    ]);
  });

  test('shared-bottom has one expert, weight 1 for every task', () => {
    const [level] = buildNetwork(model('shared-bottom'), input, tasks).levels;
    expect(level!.experts).toHaveLength(1);
    expect(level!.streams.every(({ route }) => route.kind === 'fixed' && route.weights.join() === '1')).toBe(
      true,
    );
  });

  test('single-task has an expert per task that no other task sees', () => {
    const [level] = buildNetwork(model('single-task'), input, tasks).levels;
    expect(level!.streams.map(({ route }) => route.kind === 'fixed' && route.weights)).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(level!.experts.map(({ name }) => name)).toEqual(tasks.map(({ name }) => name));
  });

  test('the weights of 8 experts × 16 and towers of 8 on 100 inputs are as many as in the paper', () => {
    const network = buildNetwork(model('mmoe'), input, tasks);
    const weights = parameterSpecs(network).filter(({ name }) =>
      /experts.*weight$|towers.*layers.*weight$/.test(name),
    );
    // Paper, section 3.3 counts neither biases, gates nor the output units: 100·16·8 + 16·8·2.
    expect(weights.reduce((total, { shape }) => total + size(shape), 0)).toBe(13_056);
    expect(countParameters(network)).toEqual({
      total: 8 * (1600 + 16) + 2 * 800 + 2 * (16 * 8 + 8 + 8 + 1),
      parts: { experts: 8 * 1616, gates: 1600, towers: 2 * 145, embeddings: 0 },
    });
  });

  test('an expert without layers is refused', () => {
    expect(() => buildNetwork(model('mmoe', { experts: { count: 2, layers: [] } }), input, tasks)).toThrow(
      'expert 1 has no layer',
    );
  });

  test('data without a feature is refused', () => {
    expect(() => buildNetwork(model('mmoe'), { numeric: 0, fields: [] }, tasks)).toThrow(
      'no feature column left',
    );
  });
});
