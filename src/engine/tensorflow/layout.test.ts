import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryNetwork, randomWeights } from '../../network/arbitrary-network.fixture.js';
import { parameterSpecs, size } from '../../network/parameters.js';
import { packInto, unpack, zeroArrays } from './arrays.js';
import { planLayout } from './layout.js';

const anyNetwork = fc.tuple(arbitraryNetwork(), fc.constantFrom(0, 2, 26));

describe('the layout of arrays', () => {
  test('holds every parameter once: packed and unpacked, it is the same', () => {
    fc.assert(
      fc.property(anyNetwork, ([network, expanded]) => {
        const { arrays, blocks } = planLayout(network, expanded);
        const weights = randomWeights(network, 1);
        const packed = zeroArrays(arrays);
        packInto(packed, arrays, blocks, weights);
        expect(new Map([...unpack(packed, arrays, blocks)].sort())).toEqual(new Map([...weights].sort()));
      }),
    );
  });

  test('has a place for nothing but parameters and the biases that gates and experts do not have', () => {
    fc.assert(
      fc.property(anyNetwork, ([network, expanded]) => {
        const { arrays, blocks, unlearned } = planLayout(network, expanded);
        const owners = zeroArrays(arrays);
        const ones = new Map(
          parameterSpecs(network).map(({ name, shape }) => [
            name,
            { shape, data: new Float32Array(size(shape)).fill(1) },
          ]),
        );
        packInto(owners, arrays, blocks, ones);
        for (const { array, column, width } of unlearned) {
          expect(owners[array]!.subarray(column, column + width).every((owner) => owner === 0)).toBe(true);
          owners[array]!.fill(1, column, column + width);
        }
        expect(owners.every((array) => array.every((owner) => owner === 1))).toBe(true);
      }),
    );
  });

  test('puts all experts and gates on the input into one matrix', () => {
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
    const { arrays, input } = planLayout(network);
    expect(arrays[input.dense!.weight]!.shape).toEqual([100, 8 * 16 + 2 * 8]);
  });
});
