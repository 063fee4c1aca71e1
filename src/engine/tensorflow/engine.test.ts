import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { modelOf } from '../../experiment/defaults.js';
import { variants, type Variant } from '../../experiment/schema/variants.js';
import { arbitraryCase, randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../network/description.js';
import { initialWeights, parameterSpecs, type NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { buildNetwork } from '../../network/variants.js';
import { DivergedError, type OptimizerSettings } from '../engine.js';
import {
  differenceFrom,
  doubles,
  gradientDifference,
  reference,
  referenceGradients,
} from '../reference/reference.js';
import { TensorflowEngine } from './engine.js';
import { openTarget, type OpenTarget, type TargetName } from './backend/target.js';

const adam: OptimizerSettings = {
  optimizer: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};
const sgd: OptimizerSettings = { ...adam, optimizer: 'sgd', momentum: 0.9 };

const targets = new Map<TargetName, OpenTarget>();
beforeAll(async () => {
  for (const only of ['wasm', 'cpu'] as const) targets.set(only, await openTarget({ threads: 1, only }));
});

const open: TensorflowEngine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

interface Made {
  readonly network: NetworkDescription;
  readonly weights: NamedArrays;
  readonly optimizer?: OptimizerSettings;
  readonly target?: TargetName;
  readonly expandedValues?: number;
  readonly seed?: number;
}
function make({
  network,
  weights,
  optimizer = adam,
  target = 'wasm',
  expandedValues,
  seed = 0,
}: Made): TensorflowEngine {
  const engine = new TensorflowEngine(
    { description: network, weights, optimizer, seed, threads: 1 },
    targets.get(target)!,
    expandedValues,
  );
  open.push(engine);
  return engine;
}

const all = (rows: EncodedRows) => Uint32Array.from({ length: rows.rows }, (_, index) => index);

/**
 * The limit of a difference, as a share of the largest value. Single precision rounds each term to 6e-8 of
 * itself; terms are up to some hundred times the result and a value passes at most eight sums. Largest seen
 * in 1,500 random networks: 4.3e-5; where a normalisation multiplies differences (`stretch`), it multiplies
 * rounding too: 2e-5 of `stretch` in 300.
 */
const LIMIT = 1e-4;
/** The distance to a kink from which single precision may be on its other side. */
const CLOSE = 1e-4;

describe.each<[TargetName, number | undefined]>([
  ['wasm', undefined],
  ['wasm', 1],
  ['cpu', undefined],
])('on %s, one-hot fields above %s values gathered', (target, expandedValues) => {
  test('losses, predictions, routes and experts are those of the double-precision reference', () => {
    fc.assert(
      fc.property(arbitraryCase(), ({ network, rows, seed }) => {
        const weights = randomWeights(network, seed);
        const engine = make({ network, weights, target, expandedValues, seed });
        const loaded = engine.load(rows);
        const expected = reference(network, doubles(weights), rows, all(rows));
        // A gate that leaves an expert out in one precision only is another gate.
        fc.pre(expected.kinkDistance > CLOSE);
        const { predictions, routes, experts } = engine.evaluate(loaded, all(rows), {
          routes: true,
          experts: true,
        });
        network.tasks.forEach((_, k) =>
          expectClose(
            predictions[k]!,
            expected.predictions.flatMap((row) => row[k]!),
            `predictions ${k}`,
            LIMIT * expected.stretch,
          ),
        );
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
        const training = reference(network, doubles(weights), rows, all(rows), { seed, step: 0 });
        fc.pre(training.kinkDistance > CLOSE);
        expectClose(
          engine.gradients(loaded, all(rows)).losses,
          training.losses,
          'losses',
          LIMIT * training.stretch,
        );
      }),
    );
  });

  test('every gradient is the finite difference of the reference', () => {
    fc.assert(
      fc.property(arbitraryCase(), ({ network, rows, seed }) => {
        const weights = randomWeights(network, seed);
        const pass = { seed, step: 0 };
        const { kinkDistance, stretch } = reference(network, doubles(weights), rows, all(rows), pass);
        fc.pre(kinkDistance > CLOSE);
        const engine = make({ network, weights, target, expandedValues, seed });
        const { gradients } = engine.gradients(engine.load(rows), all(rows));
        const expected = referenceGradients(network, doubles(weights), rows, all(rows), pass);
        for (const { name, learningRate } of parameterSpecs(network))
          if (learningRate === 0) expected.get(name)!.fill(0);
        expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
        const { name, difference } = gradientDifference(expected, gradients);
        // Through a batch's own deviation a gradient is stretched once more than what the network gives.
        if (!(difference <= 2 * LIMIT * stretch))
          expect.fail(`the gradient of ${name} is off by ${difference}`);
      }),
      { numRuns: 40 },
    );
  });

  test('the load loss of a noisy gate has the reference’s gradients, beside importance and dropout', () => {
    const gate = {
      bias: true,
      temperature: 0.7,
      dropout: 0.3,
      balance: 1,
      choose: { top: 2, noisy: true, load: 2 },
    };
    const network = buildNetwork(
      modelOf({
        variant: 'mmoe',
        experts: { count: 5, layers: [3], activation: 'linear' },
        towers: { layers: [] },
        gates: gate,
      }),
      { numeric: 3, fields: [] },
      [{ name: 'y', kind: 'regression', outputs: 1, lossWeight: 1 }],
    );
    const rows: EncodedRows = {
      ...{ rows: 20, categorical: new Int32Array(0), weights: null },
      numeric: Float32Array.from({ length: 60 }, (_, i) => Math.sin(1.3 * i)),
      labels: Float32Array.from({ length: 20 }, (_, i) => Math.cos(i)),
    };
    const weights = randomWeights(network, 3);
    const engine = make({ network, weights, target, expandedValues });
    const { kinkDistance } = reference(network, doubles(weights), rows, all(rows), { seed: 0, step: 0 });
    expect(kinkDistance).toBeGreaterThan(CLOSE);
    const expected = referenceGradients(network, doubles(weights), rows, all(rows), { seed: 0, step: 0 });
    const { name, difference } = gradientDifference(
      expected,
      engine.gradients(engine.load(rows), all(rows)).gradients,
    );
    expect(difference, name).toBeLessThan(LIMIT);
    const { choice, ...plain } = network.levels[0]!.gates[0]!;
    expect(choice).toEqual({ kind: 'top', count: 2, noisy: true, load: 2 });
    const without = {
      ...network,
      levels: [{ ...network.levels[0]!, gates: [{ ...plain, choice: { ...choice, load: 0 } }] }],
    };
    const other = referenceGradients(without as NetworkDescription, doubles(weights), rows, all(rows), {
      seed: 0,
      step: 0,
    });
    expect(
      gradientDifference(other, engine.gradients(engine.load(rows), all(rows)).gradients).difference,
    ).toBeGreaterThan(0.01);
  });

  test('a batch is the rows at the indices, in any order and number', () => {
    fc.assert(
      fc.property(
        arbitraryCase().chain((each) =>
          fc.tuple(fc.constant(each), fc.array(fc.nat(each.rows.rows - 1), { minLength: 1 })),
        ),
        ([{ network, rows, seed }, chosen]) => {
          const weights = randomWeights(network, seed);
          const engine = make({ network, weights, target, expandedValues });
          const expected = reference(network, doubles(weights), rows, chosen, { seed: 0, step: 0 });
          fc.pre(expected.kinkDistance > CLOSE);
          expectClose(
            engine.gradients(engine.load(rows), Uint32Array.from(chosen)).losses,
            expected.losses,
            'losses',
            LIMIT * expected.stretch,
          );
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('training', () => {
  const tasks = [
    { name: 'bought', kind: 'binary' as const, outputs: 1, lossWeight: 1 },
    { name: 'minutes', kind: 'regression' as const, outputs: 1, lossWeight: 0.5 },
    { name: 'genre', kind: 'multiclass' as const, outputs: 3, lossWeight: 1 },
  ];
  const input = {
    numeric: 2,
    fields: [
      { name: 'wide', size: 40, encode: 'onehot' as const },
      { name: 'narrow', size: 3, encode: 'onehot' as const },
      { name: 'user', size: 30, encode: { embedding: 4 } },
    ],
  };
  const networkOf = (variant: Variant) =>
    buildNetwork(
      modelOf({
        variant,
        experts: { count: 4, layers: [8] },
        towers: { layers: [4] },
        gates: { bias: false, temperature: 1 },
      }),
      input,
      tasks,
    );
  const rows = learnableRows(200);
  const batches = Array.from({ length: 10 }, (_, b) =>
    Uint32Array.from({ length: 20 }, (_, i) => (b * 20 + i * 7) % 200),
  );

  test.each(variants)('%s lowers every task’s loss', (variant) => {
    const network = networkOf(variant);
    const engine = make({ network, weights: initialWeights(network, 1) });
    const loaded = engine.load(rows);
    const before = engine.gradients(loaded, all(rows)).losses;
    for (let epoch = 0; epoch < 20; epoch++) for (const batch of batches) engine.step(loaded, batch);
    const after = engine.gradients(loaded, all(rows)).losses;
    after.forEach((loss, k) => expect(loss).toBeLessThan(0.6 * before[k]!));
  });

  test.each([adam, sgd])(
    'with $optimizer, a resume from weights and state goes on to the bit',
    (optimizer) => {
      const network = networkOf('mmoe');
      const whole = make({ network, weights: initialWeights(network, 2), optimizer });
      const loaded = whole.load(rows);
      for (const batch of batches) whole.step(loaded, batch);
      const saved = { weights: whole.weights(), state: whole.optimizerState() };
      for (const batch of batches) whole.step(loaded, batch);

      const resumed = make({ network, weights: saved.weights, optimizer });
      resumed.setOptimizerState(saved.state);
      for (const batch of batches) resumed.step(resumed.load(rows), batch);
      expect(resumed.weights()).toEqual(whole.weights());
      expect(resumed.optimizerState()).toEqual(whole.optimizerState());
      expect(resumed.optimizerState().step).toBe(20);
    },
  );

  test('two engines with the same seed agree to the bit', () => {
    const network = networkOf('omoe');
    const [one, other] = [1, 2].map(() => {
      const engine = make({ network, weights: initialWeights(network, 5) });
      const loaded = engine.load(rows);
      return { losses: batches.map((batch) => engine.step(loaded, batch)), weights: engine.weights() };
    });
    expect(one).toEqual(other);
  });

  test('the state names a moment for every parameter', () => {
    const network = networkOf('mmoe');
    const engine = make({ network, weights: initialWeights(network, 1) });
    engine.step(engine.load(rows), batches[0]!);
    const names = [...engine.optimizerState().moments.keys()];
    expect(
      names
        .filter((name) => name.endsWith('.m'))
        .map((name) => name.slice(0, -2))
        .sort(),
    ).toEqual([...engine.weights().keys()].sort());
    expect(names).toContain('towers.bought.output.weight.v');
  });

  test('a missing label makes no loss and no gradient for that task alone', () => {
    const network = networkOf('single-task');
    const without: EncodedRows = {
      ...rows,
      labels: rows.labels.map((label, i) => (i % 3 === 1 ? NaN : label)),
    };
    const weights = initialWeights(network, 3);
    const full = make({ network, weights }).gradients(make({ network, weights }).load(rows), all(rows));
    const engine = make({ network, weights });
    const { losses, gradients } = engine.gradients(engine.load(without), all(rows));
    expect([losses[0], losses[1], losses[2]]).toEqual([full.losses[0], NaN, full.losses[2]]);
    expect(gradients.get('towers.minutes.output.weight')!.data.every((g) => g === 0)).toBe(true);
    expect(gradients.get('towers.bought.output.weight')).toEqual(
      full.gradients.get('towers.bought.output.weight'),
    );
    expect(engine.step(engine.load(without), all(rows))[1]).toBeNaN();
  });

  test('a row of weight 3 counts as three rows', () => {
    const network = networkOf('mmoe');
    const weights = initialWeights(network, 4);
    const engine = make({ network, weights });
    const weighted: EncodedRows = {
      ...rows,
      weights: Float32Array.from({ length: rows.rows }, (_, r) => 1 + (r % 3)),
    };
    const repeated = Uint32Array.from([...all(rows)].flatMap((r) => new Array<number>(1 + (r % 3)).fill(r)));
    const byWeight = engine.gradients(engine.load(weighted), all(rows));
    const byRows = engine.gradients(engine.load(rows), repeated);
    expectClose(byWeight.losses, byRows.losses, 'losses');
    for (const [name, { data }] of byWeight.gradients)
      expectClose(data, byRows.gradients.get(name)!.data, name);
  });

  test('a loss that is not finite is reported with its task, and nothing has changed', () => {
    const network = networkOf('mmoe');
    const weights = initialWeights(network, 1);
    weights.get('towers.minutes.output.bias')!.data.fill(Infinity);
    const engine = make({ network, weights });
    const loaded = engine.load(rows);
    const step = () => engine.step(loaded, batches[0]!);
    expect(step).toThrow(DivergedError);
    expect(step).toThrow('the loss of task "minutes" is no longer a finite number at step 1');
    expect(engine.weights()).toEqual(weights);
    expect(engine.optimizerState().step).toBe(0);
  });

  test('a gradient that overflows is reported too', () => {
    const network = networkOf('mmoe');
    const weights = initialWeights(network, 1);
    // The loss is near 1e36, still a float; the experts' gradients multiply it by weights of 1e18 again.
    for (const { data } of [
      weights.get('towers.minutes.output.weight')!,
      weights.get('towers.minutes.layers.0.weight')!,
    ])
      data.fill(1e13);
    const engine = make({ network, weights });
    expect(() => engine.step(engine.load(rows), batches[0]!)).toThrow(DivergedError);
  });

  test('no tensor is left behind by steps, gradients, evaluations or a disposed engine', () => {
    const { tf } = targets.get('wasm')!;
    const network = networkOf('mmoe');
    const before = tf.memory().numTensors;
    const engine = make({ network, weights: initialWeights(network, 1) });
    const loaded = engine.load(rows);
    const use = () => {
      engine.step(loaded, batches[0]!);
      engine.gradients(loaded, batches[1]!);
      engine.evaluate(loaded, all(rows), { routes: true, experts: true });
    };
    use();
    const held = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) use();
    expect(tf.memory().numTensors).toBe(held);
    engine.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('weights of another network are refused by name', () => {
    const network = networkOf('mmoe');
    const engine = make({ network, weights: initialWeights(network, 1) });
    expect(() => engine.setWeights(initialWeights(networkOf('omoe'), 1))).toThrow(
      '"levels.0.gates.1.weight" is missing',
    );
  });
});

/** Labels that depend on the columns; the third is a class. */
function learnableRows(count: number): EncodedRows {
  const data = {
    rows: count,
    numeric: new Float32Array(2 * count),
    categorical: new Int32Array(3 * count),
    labels: new Float32Array(3 * count),
  };
  for (let r = 0; r < count; r++) {
    const [a, b] = [Math.sin(r), Math.cos(3 * r)];
    const categories = [(r * 7) % 40, r % 3, (r * 11) % 30];
    data.numeric.set([a, b], 2 * r);
    data.categorical.set(categories, 3 * r);
    data.labels.set([a > 0 ? 1 : 0, a + b + categories[2]! / 15, categories[1]!], 3 * r);
  }
  return { ...data, weights: null };
}

function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  limit = LIMIT,
): void {
  const difference = differenceFrom(expected, actual);
  if (!(difference <= limit))
    expect.fail(
      `${what} is off by ${difference} of its largest value: ` +
        `${Array.from(actual).join()} not ${Array.from(expected).join()}`,
    );
}
