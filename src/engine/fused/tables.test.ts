import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { arbitraryCase, extras, randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../network/description.js';
import { parameterSpecs, type NamedArrays } from '../../network/parameters.js';
import { seededUniform } from '../../network/draws/random.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { chosenCategories, tablesOf } from '../../network/fields/tables.js';
import type { Engine, OptimizerSettings } from '../engine.js';
import { ReferenceOptimizer } from '../reference/optimizer.js';
import {
  differenceFrom,
  doubles,
  gradientDifference,
  reference,
  referenceGradients,
} from '../reference/reference.js';
import { openTarget, type OpenTarget } from '../tensorflow/backend/target.js';
import { TensorflowEngine } from '../tensorflow/engine.js';
import { disorderPlace } from './format/plan-header.js';
import { openFusedEngine } from './engine.js';
import { loadableTargets } from './machine/loadable-targets.fixture.js';

const targets = await loadableTargets();
const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

let tensorflow: OpenTarget;
beforeAll(async () => {
  tensorflow = await openTarget({ threads: 1, only: 'cpu' });
});

interface Made {
  readonly network: NetworkDescription;
  readonly rows: EncodedRows;
  readonly seed: number;
  readonly optimizer: OptimizerSettings;
  readonly threads: number;
  readonly sparseBelow: number;
}

const optimizers = fc.record({
  optimizer: fc.constantFrom('adam' as const, 'sgd' as const),
  learningRate: fc.constantFrom(0.01, 0.1),
  beta1: fc.constant(0.9),
  beta2: fc.constant(0.99),
  epsilon: fc.constant(1e-3),
  momentum: fc.constantFrom(0, 0.9),
  weightDecay: fc.constantFrom(0, 0.3),
  clipNorm: fc.constantFrom(undefined, 0.05, 1e6),
  tables: fc.constantFrom('lazy' as const, 'rowwise-adagrad' as const),
});
const madeWith = (options: Parameters<typeof arbitraryCase>[0]): fc.Arbitrary<Made> =>
  arbitraryCase(options).chain((each) =>
    fc.record({
      network: fc.constant(each.network),
      rows: fc.constant(each.rows),
      seed: fc.constant(each.seed),
      optimizer: optimizers,
      threads: fc.integer({ min: 1, max: 3 }),
      sparseBelow: fc.constantFrom(0, 1),
    }),
  );
/** Steps are the same whatever distances add to a gradient, and those by weights of one-hot columns are refused. */
const withoutDistance = extras.filter((extra) => extra !== 'distance');
/** What makes a step of the whole network: gradients, then the optimiser. Without draws, which move from step to step. */
const made = madeWith({ extras: withoutDistance });
/** Finite differences need a network without kinks. */
const smooth = madeWith({ activation: 'linear', extras: ['interactions', 'shared-weights', 'batch-norm'] });

async function make(target: string, each: Made, disorder = 0): Promise<Engine> {
  const { network, seed, optimizer, threads, sparseBelow } = each;
  const found = targets.get(target)!;
  const engine = await openFusedEngine(
    { description: network, weights: randomWeights(network, seed), optimizer, threads, seed: SEED },
    {
      ...found,
      open: (plan, description) => {
        plan.integers[disorderPlace] = disorder;
        return found.open(plan, description);
      },
    },
    '',
    { sparseBelow },
  );
  open.push(engine);
  return engine;
}

const SEED = 7;

const adam: OptimizerSettings = {
  ...{ optimizer: 'adam', learningRate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, momentum: 0 },
};

/** Two embeddings and a one-hot field of so many categories. */
const manyCategories = ([first, onehot, second]: readonly number[]): NetworkDescription => ({
  variant: 'mmoe',
  input: {
    numeric: 1,
    fields: [
      { name: 'user', size: first!, encode: { embedding: 3 } },
      { name: 'kind', size: onehot!, encode: 'onehot' },
      { name: 'item', size: second!, encode: { embedding: 2 } },
    ],
  },
  levels: [
    {
      experts: [{ source: 0, layers: [4], activation: 'relu' }],
      gates: [],
      streams: [{ name: 'y', task: 0, route: { kind: 'fixed', weights: [1] } }],
    },
  ],
  tasks: [
    {
      ...{ name: 'y', kind: 'binary', outputs: 1, stream: 0, lossWeight: 1 },
      tower: { layers: [3], activation: 'relu' },
    },
  ],
});

/** Half of the rows, some of them again and again: other categories rest. */
const some = ({ rows }: EncodedRows, first = 0) =>
  Uint32Array.from({ length: 2 * rows }, (_, i) => (first + (i % Math.max(1, rows >> 1))) % rows);

/** Single precision, and a clipped gradient's scale has the roundings of a sum of squares. */
const LIMIT = 2e-5;

function expectClose(actual: NamedArrays, expected: ReadonlyMap<string, ArrayLike<number>>, moved = 1): void {
  for (const [name, values] of expected) {
    Array.from(values).forEach((value, i) => {
      const found = actual.get(name)!.data[i]!;
      if (!(Math.abs(found - value) <= LIMIT * Math.max(1, moved, Math.abs(value))))
        expect.fail(`${name}[${i}] is ${found}, not ${value}`);
    });
  }
}

const furthest = (before: NamedArrays, after: ReadonlyMap<string, Float64Array>): number =>
  Math.max(
    ...[...after].flatMap(([name, values]) =>
      [...values].map((value, i) => Math.abs(value - before.get(name)!.data[i]!)),
    ),
  );

/** One target is tried on many networks; the others run the same plans. */
const runs = (target: string, count: number) => ({
  numRuns: target === [...targets.keys()][0] ? count : Math.ceil(count / 4),
});

/** How far normalisations stretch the roundings of single precision. */
const stretchOf = ({ network, rows, seed }: Made, indices: Uint32Array): number =>
  reference(network, doubles(randomWeights(network, seed)), rows, indices, { seed: SEED, step: 0 }).stretch;

describe.each([...targets.keys()])('%s', (target) => {
  test('gradients are those of a dense engine', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (each) => {
        const engine = await make(target, each);
        const dense = await make(target, { ...each, optimizer: { ...each.optimizer, tables: 'dense' } });
        const indices = some(each.rows);
        const found = engine.gradients(engine.load(each.rows), indices);
        const expected = dense.gradients(dense.load(each.rows), indices);
        expect(found.losses).toEqual(expected.losses);
        const { name, difference } = gradientDifference(doubles(expected.gradients), found.gradients);
        expect(difference, name).toBeLessThan(1e-5 * stretchOf(each, indices));
        engine.dispose();
        dense.dispose();
      }),
      runs(target, 30),
    );
  });

  test('gradients are finite differences of the loss', async () => {
    await fc.assert(
      fc.asyncProperty(smooth, async (each) => {
        const engine = await make(target, each);
        const indices = some(each.rows);
        const { gradients } = engine.gradients(engine.load(each.rows), indices);
        const weights = doubles(engine.weights());
        const expected = referenceGradients(each.network, weights, each.rows, indices, {
          seed: SEED,
          step: 0,
        });
        const { name, difference } = gradientDifference(expected, gradients);
        expect(difference, name).toBeLessThan(1e-4 * stretchOf(each, indices));
        engine.dispose();
      }),
      runs(target, 10),
    );
  });

  test('steps are those of the formulas, and rows that the batch has not rest', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (each) => {
        const engine = await make(target, each);
        const loaded = engine.load(each.rows);
        const formula = new ReferenceOptimizer(each.optimizer, each.network);
        for (const [step, rate] of [1, 0.25, 1].entries()) {
          const indices = some(each.rows, step);
          const { gradients } = engine.gradients(loaded, indices);
          const before = engine.weights();
          const chosen = chosenCategories(each.network, each.rows, indices);
          const expected = formula.next(doubles(before), doubles(gradients), rate, chosen);
          engine.step(loaded, indices, { rate });
          const after = engine.weights();
          const learned = new Map(
            parameterSpecs(each.network).flatMap(({ name, learningRate }) =>
              learningRate === 0 ? [] : [[name, expected.get(name)!]],
            ),
          );
          expectClose(after, learned, furthest(before, learned));
          for (const { parameter, field, first, size } of tablesOf(each.network)) {
            const width = before.get(parameter)!.shape.at(-1)!;
            for (let category = 0; category < size; category++) {
              if (chosen[field]!.has(category)) continue;
              const row = (arrays: NamedArrays) =>
                arrays.get(parameter)!.data.slice((first + category) * width, (first + category + 1) * width);
              expect(row(after), `${parameter}, ${category}`).toEqual(row(before));
            }
          }
        }
        engine.dispose();
      }),
      runs(target, 30),
    );
  });

  test('of very many categories each row gets the gradients of its own', async () => {
    const sizes = [50_000, 3, 20_000];
    const network = manyCategories(sizes);
    const count = 700;
    const draw = seededUniform(SEED, 'categories');
    const rows: EncodedRows = {
      rows: count,
      numeric: Float32Array.from({ length: count }, draw),
      categorical: Int32Array.from({ length: 3 * count }, (_, i) =>
        Math.floor(draw() ** 3 * sizes[i % sizes.length]!),
      ),
      labels: Float32Array.from({ length: count }, () => Math.round(draw())),
      weights: null,
    };
    const optimizer = { ...adam, tables: 'lazy' as const };
    const engine = await make(target, { network, rows, seed: 1, optimizer, threads: 2, sparseBelow: 0 });
    const loaded = engine.load(rows);
    const formula = new ReferenceOptimizer(optimizer, network);
    for (const indices of [some(rows), some(rows, 400), Uint32Array.of(5)]) {
      const { gradients } = engine.gradients(loaded, indices);
      const before = engine.weights();
      const chosen = chosenCategories(network, rows, indices);
      const expected = formula.next(doubles(before), doubles(gradients), 1, chosen);
      engine.step(loaded, indices);
      expectClose(engine.weights(), expected);
    }
    engine.dispose();
  });

  test('threads that come late, and a resume, change no bit', async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.integer({ min: 1, max: 1000 }), async (each, disorder) => {
        const [calm, late, resumed] = await Promise.all([
          make(target, each),
          make(target, each, disorder),
          make(target, each),
        ]);
        const steps = (engine: Engine, from: number) => {
          const loaded = engine.load(each.rows);
          for (let step = from; step < from + 3; step++) engine.step(loaded, some(each.rows, step));
        };
        for (const engine of [calm, late]) steps(engine, 0);
        resumed.setWeights(calm.weights());
        resumed.setOptimizerState(calm.optimizerState());
        for (const engine of [calm, late, resumed]) steps(engine, 3);
        for (const engine of [late, resumed]) {
          expect(engine.weights()).toEqual(calm.weights());
          expect(engine.optimizerState()).toEqual(calm.optimizerState());
          engine.dispose();
        }
        calm.dispose();
      }),
      runs(target, 15),
    );
  });

  test('the tensorflow engine goes the same way, and either takes the other’s state', async () => {
    await fc.assert(
      fc.asyncProperty(madeWith({ activation: 'linear', extras: ['interactions'] }), async (each) => {
        const { network, optimizer, seed } = each;
        const engine = await make(target, each);
        const other = new TensorflowEngine(
          { description: network, weights: randomWeights(network, seed), optimizer, threads: 1, seed: SEED },
          tensorflow,
        );
        open.push(other);
        const [own, theirs] = [engine.load(each.rows), other.load(each.rows)];
        for (let step = 0; step < 4; step++) {
          const indices = some(each.rows, step);
          engine.step(own, indices);
          other.step(theirs, indices);
          for (const [name, { data }] of other.weights())
            expect(differenceFrom(data, engine.weights().get(name)!.data, 1), name).toBeLessThan(1e-3);
          expect(
            [...engine.optimizerState().moments].map(([name, { shape }]) => [name, shape]).sort(),
          ).toEqual([...other.optimizerState().moments].map(([name, { shape }]) => [name, shape]).sort());
          engine.setWeights(other.weights());
          engine.setOptimizerState(other.optimizerState());
        }
        engine.dispose();
        other.dispose();
      }),
      runs(target, 10),
    );
  });
});
