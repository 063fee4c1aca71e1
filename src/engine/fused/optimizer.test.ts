import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { arbitraryCase, randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../network/description.js';
import { parameterSpecs, type NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { chosenCategories } from '../../network/fields/tables.js';
import type { Engine, OptimizerSettings } from '../engine.js';
import { ReferenceOptimizer } from '../reference/optimizer.js';
import { doubles } from '../reference/reference.js';
import { openFusedEngine } from './engine.js';
import { loadableTargets } from './machine/loadable-targets.fixture.js';

const targets = await loadableTargets();
const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

interface Made {
  readonly network: NetworkDescription;
  readonly rows: EncodedRows;
  readonly seed: number;
  readonly optimizer: OptimizerSettings;
  readonly threads: number;
}
async function make(target: string, { network, rows, seed, optimizer, threads }: Made) {
  const options = { description: network, weights: randomWeights(network, seed), optimizer, threads };
  const engine = await openFusedEngine(options, targets.get(target)!, '');
  open.push(engine);
  return {
    engine,
    loaded: engine.load(rows),
    indices: Uint32Array.from({ length: rows.rows }, (_, row) => row),
  };
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
});
const made = arbitraryCase({ extras: ['distance'] }).chain((each) =>
  fc.record({
    network: fc.constant({
      ...each.network,
      levels: each.network.levels.map((level) => withFastConstants(level)),
    }),
    rows: fc.constant(each.rows),
    seed: fc.constant(each.seed),
    optimizer: optimizers,
    threads: fc.integer({ min: 1, max: 3 }),
  }),
);

type Level = NetworkDescription['levels'][number];
/** Learned constants get a learning rate of their own. */
const withFastConstants = (level: Level): Level => ({
  ...level,
  streams: level.streams.map((stream) => ({
    ...stream,
    route: stream.route.kind === 'constants' ? { ...stream.route, learningRate: 20 } : stream.route,
  })),
});

/**
 * Moments and weights in single precision, three roundings of 6e-8 a step; the clipped gradient's scale has
 * those of a sum of squares.
 */
const LIMIT = 2e-5;

/** Returns how far a step moves any weight. */
const furthest = (before: NamedArrays, after: ReadonlyMap<string, Iterable<number>>): number =>
  Math.max(
    ...[...after].flatMap(([name, values]) =>
      [...values].map((value, i) => Math.abs(value - before.get(name)!.data[i]!)),
    ),
  );

/** `moved`: how far the step moved any weight; where large terms cancel, a small sum has their rounding. */
function expectClose(actual: NamedArrays, expected: ReadonlyMap<string, ArrayLike<number>>, moved = 1): void {
  for (const [name, values] of expected) {
    Array.from(values).forEach((value, i) => {
      const found = actual.get(name)!.data[i]!;
      if (!(Math.abs(found - value) <= LIMIT * Math.max(1, moved, Math.abs(value))))
        expect.fail(`${name}[${i}] is ${found}, not ${value}`);
    });
  }
}

describe.each([...targets.keys()])('%s', (target) => {
  test('steps are those of the formulas: decay, clipping, factors of the learning rate', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (each) => {
        const { engine, loaded, indices } = await make(target, each);
        const formula = new ReferenceOptimizer(each.optimizer, each.network);
        const chosen = chosenCategories(each.network, each.rows, indices);
        for (const rate of [1, 0.25]) {
          const { gradients } = engine.gradients(loaded, indices);
          const before = engine.weights();
          const expected = formula.next(doubles(before), doubles(gradients), rate, chosen);
          engine.step(loaded, indices, { rate });
          expectClose(engine.weights(), expected, furthest(before, expected));
        }
        engine.dispose();
      }),
      { numRuns: 40 },
    );
  });

  test('tasks’ gradients, weighed and applied, make the step', async () => {
    await fc.assert(
      fc.asyncProperty(made, async (each) => {
        const [stepped, applied] = await Promise.all([make(target, each), make(target, each)]);
        for (const lossWeights of [
          [1, 0.5, 2],
          [0.25, 3, 0],
        ].map((weights) => weights.slice(0, each.network.tasks.length))) {
          const before = stepped.engine.weights();
          const losses = stepped.engine.step(stepped.loaded, stepped.indices, { lossWeights });
          const found = applied.engine.taskGradients(applied.loaded, applied.indices);
          expect(found.losses).toEqual(losses);
          const sum = found.gradients[0]!.map((_, i) =>
            found.gradients.reduce((total, gradient, k) => total + lossWeights[k]! * gradient[i]!, 0),
          );
          applied.engine.applyGradient(sum);
          const expected = new Map(
            [...stepped.engine.weights()].map(([name, { data }]) => [name, [...data]]),
          );
          // Adam divides by the root of the moment: where a gradient is only rounding, its sign decides.
          if (each.optimizer.optimizer === 'sgd')
            expectClose(applied.engine.weights(), expected, furthest(before, expected));
          // The next step begins alike: a difference in rounding could lie across a ReLU's kink.
          applied.engine.setWeights(stepped.engine.weights());
          applied.engine.setOptimizerState(stepped.engine.optimizerState());
        }
        stepped.engine.dispose();
        applied.engine.dispose();
      }),
      { numRuns: 30 },
    );
  });

  test('a mask picks out the values of the named parameters', async () => {
    await fc.assert(
      fc.asyncProperty(made, fc.nat(), async (each, pick) => {
        const { engine, loaded, indices } = await make(target, {
          ...each,
          optimizer: { ...each.optimizer, optimizer: 'sgd', weightDecay: 0 },
        });
        const specs = parameterSpecs({ ...each.network, distance: { strength: 0, groups: [] } });
        const { name } = specs[pick % specs.length]!;
        const before = engine.weights();
        const { gradients } = engine.taskGradients(loaded, indices);
        const mask = engine.mask(new Set([name]));
        expect(mask.reduce((sum, one) => sum + one, 0)).toBe(before.get(name)!.data.length);
        engine.applyGradient(gradients[0]!.map((_, i) => mask[i]!));
        for (const [other, { data }] of engine.weights()) {
          if (each.network.distance === undefined && other !== name)
            expect(data, other).toEqual(before.get(other)!.data);
        }
        expect(engine.weights().get(name)!.data).not.toEqual(before.get(name)!.data);
        engine.dispose();
      }),
      { numRuns: 20 },
    );
  });
});
