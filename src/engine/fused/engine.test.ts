import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { arbitraryCase, randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../network/description.js';
import { parameterSpecs, type NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { Engine, OptimizerSettings } from '../engine.js';
import { doubles, reference, referenceGradients } from '../reference/reference.js';
import { openFusedEngine } from './engine.js';
import { loadableTargets } from './machine/loadable-targets.fixture.js';

const adam: OptimizerSettings = {
  optimizer: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};
const targets = await loadableTargets();

const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

async function make(
  target: string,
  network: NetworkDescription,
  weights: NamedArrays,
  {
    threads = 1,
    optimizer = adam,
    sparseBelow = 0,
  }: { threads?: number; optimizer?: OptimizerSettings; sparseBelow?: number } = {},
): Promise<Engine> {
  const engine = await openFusedEngine(
    { description: network, weights, optimizer, threads, seed: SEED },
    targets.get(target)!,
    '',
    {
      sparseBelow,
    },
  );
  open.push(engine);
  return engine;
}

/** The seed of the first step's dropout and noise. */
const SEED = 7;
const firstStep = { seed: SEED, step: 0 };
/** Nearer to a kink, single precision may be on its other side. */
const NEAR = 1e-4;

/** Every expert for all rows at once, or each that can be for those that take it. */
const sparse = fc.constantFrom(0, 1);

const all = (rows: EncodedRows) => Uint32Array.from({ length: rows.rows }, (_, index) => index);

/**
 * Single precision rounds each sum to 6e-8 of its largest term; through at most six layers of at most five
 * units with weights up to 1, and labels up to 2.5, a few hundred such roundings add up.
 */
const LIMIT = 1e-4;

/** Returns the size of the largest value that is a number; `least` where all are smaller. */
const largestOf = (values: Iterable<number>, least: number): number =>
  [...values].reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))), least);

/** |a − b| against the size of the largest expected value, `least` at least; NaN in one of the two fails. */
function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  limit = LIMIT,
  least = 1e-2,
): void {
  expect(actual.length, what).toBe(expected.length);
  const largest = largestOf(Array.from(expected), least);
  for (let i = 0; i < expected.length; i++) {
    const same = Number.isNaN(expected[i]!)
      ? Number.isNaN(actual[i]!)
      : Math.abs(actual[i]! - expected[i]!) <= limit * largest;
    if (!same) expect.fail(`${what}[${i}] is ${actual[i]}, not ${expected[i]} (largest: ${largest})`);
  }
}

test('some kernel loads', () => {
  expect(targets.size).toBeGreaterThan(0);
});

/** One target is tried on many networks; the others run the same plans. */
const runs = (target: string) => ({ numRuns: target === [...targets.keys()][0] ? 150 : 40 });

describe.each([...targets.keys()])('%s', (target) => {
  test('losses, predictions, routes and experts are those of the double-precision reference', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryCase(),
        fc.integer({ min: 1, max: 3 }),
        sparse,
        async ({ network, rows, seed }, threads, sparseBelow) => {
          const weights = randomWeights(network, seed);
          const expected = reference(network, doubles(weights), rows, all(rows));
          const training = reference(network, doubles(weights), rows, all(rows), firstStep);
          fc.pre(expected.kinkDistance > NEAR && training.kinkDistance > NEAR);
          const engine = await make(target, network, weights, { threads, sparseBelow });
          const loaded = engine.load(rows);
          const { predictions, routes, experts } = engine.evaluate(loaded, all(rows), {
            routes: true,
            experts: true,
          });
          network.tasks.forEach((_, k) => {
            expectClose(
              predictions[k]!,
              expected.predictions.flatMap((row) => row[k]!),
              `predictions ${k}`,
              LIMIT * expected.stretch,
            );
          });
          network.levels.forEach((_, l) => {
            expectClose(
              routes![l]!,
              expected.routes.flatMap((row) => row[l]!.flat()),
              `routes ${l}`,
              LIMIT * expected.stretch,
            );
            expectClose(
              experts![l]!,
              expected.experts.flatMap((row) => row[l]!.flat()),
              `experts ${l}`,
              LIMIT * expected.stretch,
            );
          });
          expectClose(
            engine.gradients(loaded, all(rows)).losses,
            training.losses,
            'losses',
            LIMIT * training.stretch,
          );
          engine.dispose();
        },
      ),
      runs(target),
    );
  });

  test('every gradient is the finite difference of the reference', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryCase(),
        fc.integer({ min: 1, max: 3 }),
        sparse,
        async ({ network, rows, seed }, threads, sparseBelow) => {
          const weights = randomWeights(network, seed);
          const { kinkDistance, stretch } = reference(network, doubles(weights), rows, all(rows), firstStep);
          fc.pre(kinkDistance > NEAR);
          const engine = await make(target, network, weights, { threads, sparseBelow });
          const { gradients } = engine.gradients(engine.load(rows), all(rows));
          const expected = referenceGradients(network, doubles(weights), rows, all(rows), firstStep);
          expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
          const still = new Set(
            parameterSpecs(network).flatMap(({ name, learningRate }) => (learningRate === 0 ? [name] : [])),
          );
          // What normalisation takes back nearly cancels out: a small gradient may come of large terms.
          const least =
            largestOf(
              [...expected.values()].flatMap((values) => [...values]),
              1,
            ) * 1e-2;
          for (const [name, { data }] of gradients) {
            expectClose(
              data,
              still.has(name) ? data.map(() => 0) : expected.get(name)!,
              name,
              // A batch's own deviation stretches a gradient once more than what the network gives.
              2 * LIMIT * stretch,
              least,
            );
          }
          engine.dispose();
        },
      ),
      runs(target),
    );
  });
});
