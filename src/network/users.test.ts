import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelOf } from '../experiment/defaults.js';
import type { Variant } from '../experiment/schema/variants.js';
import { reference, doubles } from '../engine/reference/reference.js';
import { arbitraryCase, randomWeights } from './arbitrary-network.fixture.js';
import { parameterSpecs } from './parameters.js';
import { lastSharedWeights, parameterUsers, sharedParameters } from './users.js';
import { buildNetwork } from './variants.js';

const tasks = ['a', 'b'].map((name) => ({ name, kind: 'regression' as const, outputs: 1, lossWeight: 1 }));
const networkOf = (variant: Variant) => {
  const model = modelOf({
    variant,
    experts: { count: 3, layers: [4, 2] },
    towers: { layers: [3] },
    gates: { bias: true },
  });
  return buildNetwork(
    model,
    { numeric: 5, fields: [{ name: 'user', size: 3, encode: { embedding: 2 } }] },
    tasks,
  );
};

describe('what tasks share', () => {
  test('in MMoE: experts and embeddings, not gates and towers', () => {
    const shared = sharedParameters(networkOf('mmoe'));
    for (const { name } of parameterSpecs(networkOf('mmoe')))
      expect(shared.has(name), name).toBe(/experts|embeddings/.test(name));
    expect([...lastSharedWeights(networkOf('mmoe'))]).toEqual(
      [0, 1, 2].map((e) => `levels.0.experts.${e}.layers.1.weight`),
    );
  });

  test('in OMoE: the gate too', () => {
    expect(sharedParameters(networkOf('omoe'))).toContain('levels.0.gates.0.weight');
  });

  test('between single tasks: embeddings alone', () => {
    expect([...sharedParameters(networkOf('single-task'))]).toEqual(['embeddings.user.weight']);
    expect(lastSharedWeights(networkOf('single-task')).size).toBe(0);
  });
});

test('a parameter that a task does not use has no effect on its predictions', () => {
  fc.assert(
    fc.property(arbitraryCase(), fc.nat(), ({ network, rows, seed }, pick) => {
      const users = parameterUsers(network);
      expect([...users.keys()]).toEqual(parameterSpecs(network).map(({ name }) => name));
      const weights = doubles(randomWeights(network, seed));
      const indices = Array.from({ length: rows.rows }, (_, row) => row);
      const before = reference(network, weights, rows, indices).predictions;
      const [name, tasksOf] = [...users][pick % users.size]!;
      // Running variances stay positive.
      weights.set(
        name,
        weights.get(name)!.map((value) => value + 0.5),
      );
      const after = reference(network, weights, rows, indices).predictions;
      before.forEach((row, r) =>
        row.forEach((values, task) => tasksOf.includes(task) || expect(after[r]![task]).toEqual(values)),
      );
    }),
  );
});
