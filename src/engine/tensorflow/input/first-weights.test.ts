import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryNetwork, randomWeights } from '../../../network/arbitrary-network.fixture.js';
import { parameterSpecs } from '../../../network/parameters.js';
import { layersOnStream } from '../graph/side-by-side.js';
import { zeroArrays } from '../named-arrays.js';
import { joinRows, partRows } from './first-weights.js';
import { partsOfInput } from './input-parts.js';

describe('the weights of what reads the input', () => {
  test('are columns of joint matrices: joined and parted, each row is the same, and none is left out', () => {
    fc.assert(
      fc.property(arbitraryNetwork(), fc.constantFrom(0, 2, 26), (network, expanded) => {
        const layers = layersOnStream(network.levels[0]!, 0, 0);
        const { dense, embedded, pooled, periodic, gathered } = partsOfInput(network.input, expanded);
        const weights = randomWeights(network, 1);
        const found = zeroArrays(parameterSpecs(network));
        for (const ranges of [dense, embedded, pooled, periodic, gathered])
          partRows(found, layers, ranges, joinRows(weights, layers, ranges));
        for (const { name } of layers)
          expect(found.get(`${name}.weight`)).toEqual(weights.get(`${name}.weight`));
      }),
    );
  });

  test('are one matrix, whose rows are those of all experts and gates side by side', () => {
    const network = {
      variant: 'test',
      input: { numeric: 100, fields: [] },
      levels: [
        {
          experts: Array.from({ length: 8 }, () => ({
            source: 0,
            layers: [16],
            activation: 'relu' as const,
          })),
          gates: [0, 1].map(() => ({
            source: 0,
            experts: [0, 1, 2, 3, 4, 5, 6, 7],
            bias: false,
            temperature: 1,
          })),
          streams: [0, 1].map((gate) => ({
            name: `task ${gate}`,
            task: gate,
            route: { kind: 'gate' as const, gate },
          })),
        },
      ],
      tasks: [],
    };
    const layers = layersOnStream(network.levels[0]!, 0, 0);
    const weights = randomWeights(network, 1);
    const joint = joinRows(weights, layers, partsOfInput(network.input).dense);
    expect(joint.length).toBe(100 * (8 * 16 + 2 * 8));
    const row = layers.flatMap(({ name, units }) => [
      ...weights.get(`${name}.weight`)!.data.subarray(7 * units, 8 * units),
    ]);
    expect([...joint.subarray(7 * row.length, 8 * row.length)]).toEqual(row);
  });
});
