import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryNetwork, randomWeights } from '../../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../../network/description.js';
import { parameterSpecs, size } from '../../../network/parameters.js';
import { partsOfInput } from '../input/input-parts.js';
import { zeroArrays } from '../named-arrays.js';
import { SummationOrder } from './summation-order.js';

const anyNetwork = fc.tuple(arbitraryNetwork(), fc.constantFrom(0, 2, 26));
const orderOf = (network: NetworkDescription, expandedValues?: number) =>
  new SummationOrder(network, partsOfInput(network.input, expandedValues));

describe('the order of sums', () => {
  test('has every parameter once: flattened and back, it is the same', () => {
    fc.assert(
      fc.property(anyNetwork, ([network, expanded]) => {
        const weights = randomWeights(network, 1);
        const order = orderOf(network, expanded);
        expect(order.unflatten(order.flatten(weights))).toEqual(weights);
      }),
    );
  });

  test('has a place for nothing but parameters', () => {
    fc.assert(
      fc.property(anyNetwork, ([network, expanded]) => {
        const specs = parameterSpecs(network);
        const ones = zeroArrays(specs);
        for (const { data } of ones.values()) data.fill(1);
        const flat = orderOf(network, expanded).flatten(ones);
        expect(flat.length).toBe(specs.reduce((sum, { shape }) => sum + size(shape), 0));
        expect(flat.every((one) => one === 1)).toBe(true);
      }),
    );
  });

  test('takes weights that read one stream row by row, first those multiplied, then those gathered', () => {
    const network: NetworkDescription = {
      variant: 'test',
      input: {
        numeric: 1,
        fields: [
          { name: 'wide', size: 3, encode: 'onehot' },
          { name: 'user', size: 1, encode: { embedding: 1 } },
          { name: 'narrow', size: 2, encode: 'onehot' },
        ],
      },
      levels: [
        {
          experts: [{ source: 0, layers: [2], activation: 'relu' }],
          gates: [{ source: 0, experts: [0], bias: false, temperature: 1 }],
          streams: [{ name: 'y', task: 0, route: { kind: 'gate', gate: 0 } }],
        },
      ],
      tasks: [],
    };
    const weights = zeroArrays(parameterSpecs(network));
    const set = (name: string, ...values: number[]) => weights.get(name)!.data.set(values);
    set('embeddings.user.weight', 1);
    // Rows of the encoded row: the number, three of the wide field, the embedding, two of the narrow field.
    set('levels.0.experts.0.layers.0.weight', 10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 60, 61, 70, 71);
    set('levels.0.gates.0.weight', 12, 22, 32, 42, 52, 62, 72);
    set('levels.0.experts.0.layers.0.bias', 80, 81);
    const order = [
      1, 10, 11, 12, 60, 61, 62, 70, 71, 72, 50, 51, 52, 20, 21, 22, 30, 31, 32, 40, 41, 42, 80, 81,
    ];
    expect([...orderOf(network, 2).flatten(weights)]).toEqual(order);
  });

  test('gives the norm of all values', () => {
    fc.assert(
      fc.property(arbitraryNetwork(), (network) => {
        const weights = randomWeights(network, 1);
        const squares = [...weights.values()].flatMap(({ data }) => [...data].map((value) => value ** 2));
        const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
        expect(orderOf(network).norm(weights)).toBeCloseTo(norm, 9);
      }),
    );
  });
});
