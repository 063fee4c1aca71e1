import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { modelOf } from '../../experiment/defaults.js';
import { arbitraryCase, randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../network/description.js';
import { parameterSpecs, type NamedArrays } from '../../network/parameters.js';
import { buildNetwork } from '../../network/variants.js';
import type { Engine, OptimizerSettings } from '../engine.js';
import { differenceFrom, doubles, gradientDifference, reference } from '../reference/reference.js';
import { openFusedEngine } from './engine.js';
import { loadableTargets } from './machine/loadable-targets.fixture.js';

const adam: OptimizerSettings = {
  ...{ optimizer: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 },
  weightDecay: 0.1,
};
const targets = await loadableTargets();
const SEED = 11;

const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

async function make(
  target: string,
  description: NetworkDescription,
  weights: NamedArrays,
  threads: number,
): Promise<Engine> {
  const options = { description, weights, optimizer: adam, threads, seed: SEED };
  const engine = await openFusedEngine(options, targets.get(target)!, '');
  open.push(engine);
  return engine;
}

/** Single precision's 6e-8 over a few hundred terms; a normalisation multiplies it (`stretch`). */
const LIMIT = 1e-4;
const batchOf = (count: number, rows: number) =>
  Uint32Array.from({ length: count }, (_, index) => (index * 5) % rows);
const cases = arbitraryCase({
  extras: [
    'activation',
    'layer-norm',
    'batch-norm',
    'dropout',
    'no-bias',
    'shared-weights',
    'interactions',
    'periodic',
    'path',
    'gate-layers',
    'balance',
  ],
});
const threadCounts = fc.integer({ min: 1, max: 4 });

/** Batch normalisation and dropout in experts and towers of more than one layer. */
function deep(units: number): NetworkDescription {
  const network = buildNetwork(
    modelOf({
      variant: 'mmoe',
      experts: { count: 3, layers: [units, units] },
      towers: { layers: [units] },
      gates: { bias: false, temperature: 1 },
    }),
    { numeric: 3, fields: [] },
    [
      { name: 'bought', kind: 'binary', outputs: 1, lossWeight: 1 },
      { name: 'minutes', kind: 'regression', outputs: 1, lossWeight: 1 },
    ],
  );
  const extras = { normalization: 'batch', dropout: 0.3 } as const;
  return {
    ...network,
    levels: network.levels.map((level) => ({
      ...level,
      experts: level.experts.map((expert) => ({ ...expert, ...extras })),
    })),
    tasks: network.tasks.map((task) => ({
      ...task,
      tower: { ...task.tower, ...extras, activation: 'gelu' },
    })),
  };
}

const deepRows = {
  rows: 40,
  numeric: Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * i)),
  categorical: new Int32Array(0),
  labels: Float32Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? Number(Math.sin(i) > 0) : Math.cos(i))),
  weights: null,
};

describe.each([...targets.keys()])('%s', (target) => {
  test('many blocks, after few, have the reference’s losses and running statistics', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases,
        threadCounts,
        fc.constantFrom(3, 64, 65, 150),
        async ({ network, rows, seed }, threads, count) => {
          const weights = randomWeights(network, seed);
          const indices = batchOf(count, rows.rows);
          const engine = await make(target, network, weights, threads);
          const loaded = engine.load(rows);
          engine.gradients(loaded, indices.subarray(0, 2));
          const { losses, running, stretch, kinkDistance } = reference(
            network,
            doubles(weights),
            rows,
            indices,
            { seed: SEED, step: 0 },
          );
          fc.pre(kinkDistance > 1e-4);
          expect(differenceFrom(losses, engine.gradients(loaded, indices).losses)).toBeLessThan(
            LIMIT * stretch,
          );
          expect(engine.weights()).toEqual(weights);
          engine.step(loaded, indices);
          const after = engine.weights();
          const still = parameterSpecs(network).filter(({ learningRate }) => learningRate === 0);
          for (const { name } of still) {
            const expected = running.get(name) ?? weights.get(name)!.data;
            expect(differenceFrom(expected, after.get(name)!.data), name).toBeLessThan(
              running.has(name) ? LIMIT * stretch : 1e-30,
            );
          }
          engine.dispose();
        },
      ),
      { numRuns: 25 },
    );
  });

  test.each([1, 5, 16, 17, 33])(
    'gradients of layers of %i units do not depend on how the batch is cut up',
    async (units) => {
      const network = deep(units);
      const weights = randomWeights(network, units);
      const indices = batchOf(300, 40);
      const [one, ...more] = await Promise.all(
        [1, 2, 3, 5].map(async (threads) => {
          const engine = await make(target, network, weights, threads);
          return engine.gradients(engine.load(deepRows), indices).gradients;
        }),
      );
      for (const other of more)
        expect(gradientDifference(doubles(one!), other).difference).toBeLessThan(1e-3);
    },
  );

  test('running statistics move once for all tasks’ gradients, and only then', async () => {
    const network = deep(6);
    const indices = batchOf(100, 40);
    const [stepped, applied] = await Promise.all(
      [2, 2].map((threads) => make(target, network, randomWeights(network, 1), threads)),
    );
    const [a, b] = [stepped!, applied!].map((engine) => engine.load(deepRows));
    stepped!.step(a!, indices);
    const { gradients } = applied!.taskGradients(b!, indices);
    const moved = applied!.weights();
    applied!.gradients(b!, indices);
    applied!.evaluate(b!, indices);
    expect(applied!.weights()).toEqual(moved);
    applied!.applyGradient(gradients[0]!);
    for (const [name, { data }] of stepped!.weights()) {
      if (/mean|variance/.test(name)) expect(applied!.weights().get(name)!.data, name).toEqual(data);
    }
  });

  test('a resumed engine goes on to the bit', async () => {
    const network = deep(9);
    const [whole, first] = await Promise.all(
      [3, 3].map((threads) => make(target, network, randomWeights(network, 4), threads)),
    );
    const [a, b] = [whole!, first!].map((engine) => engine.load(deepRows));
    for (let step = 0; step < 6; step++) whole!.step(a!, batchOf(90 + step, 40));
    for (let step = 0; step < 3; step++) first!.step(b!, batchOf(90 + step, 40));
    const second = await make(target, network, first!.weights(), 3);
    second.setOptimizerState(first!.optimizerState());
    const c = second.load(deepRows);
    for (let step = 3; step < 6; step++) second.step(c, batchOf(90 + step, 40));
    expect(second.weights()).toEqual(whole!.weights());
    expect(second.optimizerState()).toEqual(whole!.optimizerState());
    expect(second.evaluate(c, batchOf(50, 40))).toEqual(whole!.evaluate(a!, batchOf(50, 40)));
  });

  test('an empty batch changes nothing and has no loss', async () => {
    const network = deep(4);
    const weights = randomWeights(network, 2);
    const engine = await make(target, network, weights, 2);
    const { losses, gradients } = engine.gradients(engine.load(deepRows), new Uint32Array(0));
    expect([...losses]).toEqual([NaN, NaN]);
    for (const { data } of gradients.values()) expect(data.every((value) => value === 0)).toBe(true);
    expect(engine.weights()).toEqual(weights);
  });
});
