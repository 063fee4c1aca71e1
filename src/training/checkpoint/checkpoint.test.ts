import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ExpertDescription, NetworkDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import { InputError } from '../../shared/errors.js';
import {
  decodeCheckpoint,
  decodeWeights,
  encodeCheckpoint,
  encodeWeights,
  hashDescription,
  type Checkpoint,
} from './checkpoint.js';
import { requireWhole } from './checksum.js';
import { decodeSafeTensors, encodeSafeTensors } from './safetensors.js';

const network: NetworkDescription = {
  variant: 'shared-bottom',
  input: { numeric: 2, fields: [] },
  levels: [],
  tasks: [],
};
const origin = { network: hashDescription(network), data: 'rows', seed: 1, batchSize: 4, optimizer: 'adam' };
const arrays = (...entries: [string, number[]][]): NamedArrays =>
  new Map(entries.map(([name, data]) => [name, { shape: [data.length], data: Float32Array.from(data) }]));
const checkpoint: Checkpoint = {
  weights: arrays(['a.weight', [0.1, -0]], ['b', []]),
  optimizer: { step: 7, moments: arrays(['a.weight.m', [1e-30, 3]]) },
  progress: {
    epoch: 2,
    position: 8,
    step: 7,
    seconds: 0.1 + 0.2,
    stepSeconds: 0.1,
    losses: { sums: [1 / 3, 0], counts: [2, 0] },
    best: {
      epoch: 1,
      score: 0.7,
      validation: { y: { auc: 0.7, loss: null } },
      waited: 1,
      tasks: { y: { epoch: 1, value: 0.7 } },
    },
    learners: { weighting: [0.1 + 0.2, 1e-300] },
  },
  best: null,
};
const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  return undefined;
};

describe('a checkpoint', () => {
  it('is not taken when any bit of it has flipped', () => {
    for (const bytes of [
      encodeCheckpoint(checkpoint, origin),
      encodeWeights(checkpoint.weights, { network: origin.network, epoch: 3 }),
    ]) {
      requireWhole(bytes);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expect(
          codeOf(() => requireWhole(flipped)),
          `bit ${bit}`,
        ).toBe('checkpoint.damaged');
      }
      expect(codeOf(() => requireWhole(bytes.subarray(0, -1)))).toBe('checkpoint.damaged');
    }
  });

  it('of a version without a checksum is taken', () => {
    const { arrays, metadata } = decodeSafeTensors(encodeCheckpoint(checkpoint, origin));
    const old = new Map([...metadata].filter(([name]) => name !== 'sha256'));
    const bytes = encodeSafeTensors({ arrays, metadata: old });
    requireWhole(bytes);
    expect(decodeCheckpoint(bytes, origin)).toEqual(checkpoint);
  });

  it('has as its checksum the SHA-256 of itself, with its digits taken as 0', () => {
    const bytes = Buffer.from(encodeCheckpoint(checkpoint, origin));
    const digits = decodeSafeTensors(bytes).metadata.get('sha256')!;
    const zeroed = Buffer.from(bytes.toString('latin1').replace(digits, '0'.repeat(64)), 'latin1');
    expect(createHash('sha256').update(zeroed).digest('hex')).toBe(digits);
  });

  it('gives back weights, moments and progress to the bit', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint, origin), origin)).toEqual(checkpoint);
  });

  it('gives back the best weights where it holds them', () => {
    const both = { ...checkpoint, best: arrays(['a.weight', [5, 6]], ['b', []]) };
    const bytes = encodeCheckpoint(both, origin);
    expect(decodeCheckpoint(bytes, origin)).toEqual(both);
    expect(decodeWeights(bytes, network).weights).toEqual(checkpoint.weights);
  });

  it('is refused for another network, other data and other settings', () => {
    const bytes = encodeCheckpoint(checkpoint, origin);
    const other = hashDescription({ ...network, variant: 'mmoe' });
    expect(codeOf(() => decodeCheckpoint(bytes, { ...origin, network: other }))).toBe(
      'checkpoint.other-network',
    );
    expect(codeOf(() => decodeCheckpoint(bytes, { ...origin, data: 'others' }))).toBe(
      'checkpoint.other-data',
    );
    expect(codeOf(() => decodeCheckpoint(bytes, { ...origin, batchSize: 5 }))).toBe(
      'checkpoint.other-settings',
    );
    expect(codeOf(() => decodeCheckpoint(bytes, { ...origin, optimizer: 'sgd' }))).toBe(
      'checkpoint.other-settings',
    );
  });

  it('is refused for other updates of tables; one that does not say them has dense ones', () => {
    const bytes = encodeCheckpoint(checkpoint, origin);
    expect(decodeCheckpoint(bytes, { ...origin, tables: 'dense' })).toEqual(checkpoint);
    expect(() => decodeCheckpoint(bytes, { ...origin, tables: 'lazy' })).toThrow(
      'trained with training.tables dense, not lazy',
    );
  });

  it('cannot be resumed from when it holds weights only', () => {
    const bytes = encodeWeights(checkpoint.weights, { network: origin.network, epoch: 3 });
    expect(codeOf(() => decodeCheckpoint(bytes, origin))).toBe('checkpoint.malformed');
  });

  it('gives weights for predicting, whichever kind it is', () => {
    const best = encodeWeights(checkpoint.weights, { network: origin.network, epoch: 3 });
    expect(decodeWeights(best, network)).toEqual({ weights: checkpoint.weights, epoch: 3 });
    expect(decodeWeights(encodeCheckpoint(checkpoint, origin), network)).toEqual({
      weights: checkpoint.weights,
      epoch: 2,
    });
    expect(codeOf(() => decodeWeights(best, { ...network, variant: 'mmoe' }))).toBe(
      'checkpoint.other-network',
    );
  });
});

it('the hash of a network does not depend on the order of its keys', () => {
  const turned = Object.fromEntries(Object.entries(network).reverse());
  expect(hashDescription({ ...network, ...turned })).toBe(origin.network);
  expect(
    hashDescription({ tasks: [], levels: [], input: { fields: [], numeric: 2 }, variant: 'shared-bottom' }),
  ).toBe(origin.network);
});

it('the hash of a network depends on what its experts compute, not on their names or how they start', () => {
  const expert = { source: 0, layers: [4], activation: 'relu' as const };
  const hash = (more: Partial<ExpertDescription>) =>
    hashDescription({ ...network, levels: [{ experts: [{ ...expert, ...more }], gates: [], streams: [] }] });
  expect([hash({ name: 'click' }), hash({ startScale: 0.5 })]).toEqual([hash({}), hash({})]);
  expect(hash({ layers: [5] })).not.toBe(hash({}));
});
