import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { modelOf } from '../../experiment/defaults.js';
import type { Variant } from '../../experiment/schema/variants.js';
import type { NetworkDescription } from '../../network/description.js';
import { initialWeights, type NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { buildNetwork } from '../../network/variants.js';
import { InputError } from '../../shared/errors.js';
import { DivergedError, type Engine, type OptimizerSettings } from '../engine.js';
import { TensorflowEngine } from '../tensorflow/engine.js';
import { openTarget, type OpenTarget } from '../tensorflow/backend/target.js';
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
const sgd: OptimizerSettings = { ...adam, optimizer: 'sgd', momentum: 0.9 };
const targets = await loadableTargets();

let tensorflow: OpenTarget;
beforeAll(async () => {
  tensorflow = await openTarget({ threads: 1, only: 'cpu' });
});

const open: Engine[] = [];
const disposeAll = () => {
  for (const engine of open.splice(0)) engine.dispose();
};
afterEach(disposeAll);
afterAll(disposeAll);

interface Made {
  readonly network: NetworkDescription;
  readonly weights?: NamedArrays;
  readonly optimizer?: OptimizerSettings;
  readonly threads?: number;
}

async function make(
  target: string,
  { network, weights = initialWeights(network, 1), optimizer = adam, threads = 1 }: Made,
): Promise<Engine> {
  const engine = await openFusedEngine(
    { description: network, weights, optimizer, threads },
    targets.get(target)!,
    '',
  );
  open.push(engine);
  return engine;
}

function reference({ network, weights = initialWeights(network, 1), optimizer = adam }: Made): Engine {
  const engine = new TensorflowEngine({ description: network, weights, optimizer, threads: 1 }, tensorflow);
  open.push(engine);
  return engine;
}

const indices = (count: number, first = 0, rows = 200) =>
  Uint32Array.from({ length: count }, (_, i) => (first + i * 7) % rows);
const batches = Array.from({ length: 10 }, (_, b) => indices(20, b * 20));

/** Both engines round each sum to 6e-8 of its largest term; a hundred terms, a few layers. */
const LIMIT = 1e-4;
/**
 * Adam divides by √v: where a gradient is all but 0, rounding alone decides the direction of a step of 0.01.
 */
const LIMIT_AFTER_STEPS = 2e-3;

function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  limit = LIMIT,
): void {
  expect(actual.length, what).toBe(expected.length);
  const largest = Array.from(expected).reduce(
    (most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))),
    1e-2,
  );
  for (let i = 0; i < expected.length; i++) {
    const same = Number.isNaN(expected[i]!)
      ? Number.isNaN(actual[i]!)
      : Math.abs(actual[i]! - expected[i]!) <= limit * largest;
    if (!same) expect.fail(`${what}[${i}] is ${actual[i]}, not ${expected[i]} (largest: ${largest})`);
  }
}

function expectSame(actual: NamedArrays, expected: NamedArrays, limit = LIMIT): void {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, { data }] of actual) expectClose(data, expected.get(name)!.data, name, limit);
}

/** MMoE on two numeric columns, two one-hot fields and an embedding, with a task of each kind. */
function networkOf(variant: Variant = 'mmoe', width = 8, tower = 4, numeric = 2): NetworkDescription {
  return buildNetwork(
    modelOf({
      variant,
      experts: { count: 4, layers: [width] },
      towers: { layers: [tower] },
      gates: { bias: false, temperature: 1 },
    }),
    {
      numeric,
      fields: [
        { name: 'wide', size: 40, encode: 'onehot' },
        { name: 'narrow', size: 3, encode: 'onehot' },
        { name: 'user', size: 30, encode: { embedding: 4 } },
      ],
    },
    [
      { name: 'bought', kind: 'binary', outputs: 1, lossWeight: 1 },
      { name: 'minutes', kind: 'regression', outputs: 1, lossWeight: 0.5 },
      { name: 'genre', kind: 'multiclass', outputs: 3, lossWeight: 1 },
    ],
  );
}

/** Labels that depend on the columns; the third is a class. */
function learnableRows(count = 200, numeric = 2): EncodedRows {
  const rows = Array.from({ length: count }, (_, r) => {
    const values = Array.from({ length: numeric }, (__, c) => Math.sin(r * (c + 1) + c));
    const categories = [(r * 7) % 40, r % 3, (r * 11) % 30];
    return {
      values,
      categories,
      labels: [Math.sin(r) > 0 ? 1 : 0, Math.sin(r) + categories[2]! / 15, categories[1]!],
    };
  });
  return {
    rows: count,
    numeric: Float32Array.from(rows.flatMap(({ values }) => values)),
    categorical: Int32Array.from(rows.flatMap(({ categories }) => categories)),
    labels: Float32Array.from(rows.flatMap(({ labels }) => labels)),
    weights: null,
  };
}

describe.each([...targets.keys()])('%s', (target) => {
  test.each([
    ['adam', 1],
    ['sgd', 2],
    ['adam', 3],
  ] as const)(
    'ten steps of %s on %i threads are those of the tensorflow engine',
    async (optimizer, threads) => {
      const made = { network: networkOf(), optimizer: optimizer === 'adam' ? adam : sgd, threads };
      const [engine, expected] = [await make(target, made), reference(made)];
      const [rows, expectedRows] = [engine, expected].map((each) => each.load(learnableRows()));
      for (const [step, batch] of batches.entries()) {
        expectClose(
          engine.step(rows!, batch),
          expected.step(expectedRows!, batch),
          `losses of step ${step}`,
          LIMIT_AFTER_STEPS,
        );
      }
      expectSame(engine.weights(), expected.weights(), LIMIT_AFTER_STEPS);
      expectSame(engine.optimizerState().moments, expected.optimizerState().moments, LIMIT_AFTER_STEPS);
      expect(engine.optimizerState().step).toBe(10);
    },
  );

  test.each([1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 47, 48, 49, 65, 128])(
    'layers of %i units are computed to the last',
    async (width) => {
      const network = networkOf('mmoe', width, width, width);
      const made = { network, threads: 2 };
      const [engine, expected] = [await make(target, made), reference(made)];
      const rows = learnableRows(70, width);
      const batch = indices(70, 0, 70);
      const [actual, wanted] = [engine, expected].map((each) => each.gradients(each.load(rows), batch));
      expectClose(actual!.losses, wanted!.losses, 'losses');
      expectSame(actual!.gradients, wanted!.gradients);
    },
  );

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 59, 61, 62, 63, 64, 65, 127, 128, 129, 200])(
    'a batch of %i rows is computed to the last',
    async (count) => {
      const network = networkOf();
      const rows = learnableRows();
      const expected = reference({ network });
      const wanted = count === 0 ? null : expected.gradients(expected.load(rows), indices(count));
      for (const threads of [1, 2, 3]) {
        const engine = await make(target, { network, threads });
        const { losses, gradients } = engine.gradients(engine.load(rows), indices(count));
        if (wanted === null) {
          expect([...losses]).toEqual([NaN, NaN, NaN]);
          for (const { data } of gradients.values()) expect(data.every((value) => value === 0)).toBe(true);
        } else {
          expectClose(losses, wanted.losses, `losses on ${threads} threads`);
          expectSame(gradients, wanted.gradients);
        }
        engine.dispose();
      }
    },
  );

  test('an evaluation of more rows than one call takes is that of its parts', async () => {
    const engine = await make(target, { network: networkOf(), threads: 2 });
    const loaded = engine.load(learnableRows());
    const many = indices(3000);
    const whole = engine.evaluate(loaded, many, { routes: true, experts: true });
    const last = engine.evaluate(loaded, many.subarray(2990), { routes: true, experts: true });
    expect(whole.predictions.map((values, k) => values.slice(2990 * [1, 1, 3][k]!))).toEqual(
      last.predictions,
    );
    expect(whole.routes![0]!.slice(2990 * 12)).toEqual(last.routes![0]);
    expect(whole.experts![0]!.slice(2990 * 32)).toEqual(last.experts![0]);
    expect(engine.evaluate(loaded, many)).toMatchObject({ rows: 3000, routes: null, experts: null });
  });

  test('an evaluation in the arrays of a spent one, larger or smaller, is the same', async () => {
    const engine = await make(target, { network: networkOf(), threads: 2 });
    const loaded = engine.load(learnableRows());
    const want = { routes: true, experts: true };
    let spent = engine.evaluate(loaded, indices(100));
    for (const count of [100, 40, 300, 7, 299]) {
      const { buffer } = spent.predictions[2]!;
      const again = engine.evaluate(loaded, indices(count), want, spent);
      expect(again).toEqual(engine.evaluate(loaded, indices(count), want));
      expect(again.predictions[2]!.buffer === buffer).toBe(count !== 300);
      spent = again;
    }
  });

  test.each([1, 2, 3])('two engines with %i threads agree to the bit', async (threads) => {
    const run = async () => {
      const engine = await make(target, { network: networkOf(), threads });
      const loaded = engine.load(learnableRows());
      return { losses: batches.map((batch) => engine.step(loaded, batch)), weights: engine.weights() };
    };
    expect(await run()).toEqual(await run());
  });

  test.each([adam, sgd])(
    'with $optimizer, a resume from weights and state goes on to the bit',
    async (optimizer) => {
      const made = { network: networkOf(), optimizer, threads: 2 };
      const whole = await make(target, made);
      const loaded = whole.load(learnableRows());
      for (const batch of batches) whole.step(loaded, batch);
      const saved = { weights: whole.weights(), state: whole.optimizerState() };
      for (const batch of batches) whole.step(loaded, batch);

      const resumed = await make(target, { ...made, weights: saved.weights });
      resumed.setOptimizerState(saved.state);
      const again = resumed.load(learnableRows());
      for (const batch of batches) resumed.step(again, batch);
      expect(resumed.weights()).toEqual(whole.weights());
      expect(resumed.optimizerState()).toEqual(whole.optimizerState());
    },
  );

  test('a loss that is not finite is reported with its task, and nothing has changed', async () => {
    const network = networkOf();
    const weights = initialWeights(network, 1);
    weights.get('towers.minutes.output.bias')!.data.fill(NaN);
    const engine = await make(target, { network, weights, threads: 2 });
    const loaded = engine.load(learnableRows());
    const step = () => engine.step(loaded, batches[0]!);
    expect(step).toThrow(DivergedError);
    expect(step).toThrow('the loss of task "minutes" is no longer a finite number at step 1');
    expect(engine.weights()).toEqual(weights);
    expect(engine.optimizerState().step).toBe(0);

    engine.setWeights(initialWeights(network, 1));
    const fresh = await make(target, { network, threads: 2 });
    expect(engine.gradients(loaded, batches[0]!)).toEqual(
      fresh.gradients(fresh.load(learnableRows()), batches[0]!),
    );
  });

  test.each([Infinity, -Infinity, NaN])(
    '%s in any weight that is used is reported, never computed away',
    async (value) => {
      const network = networkOf();
      for (const name of initialWeights(network, 1).keys()) {
        const weights = initialWeights(network, 1);
        weights.get(name)!.data.fill(value);
        const engine = await make(target, { network, weights });
        const loaded = engine.load(learnableRows());
        // A unit at −∞ behind a ReLU is off, and a gate's −∞ on every logit is not: only what reaches the
        // loss must show.
        const off = value === -Infinity || (value === Infinity && name.endsWith('bias'));
        const step = () => engine.step(loaded, batches[0]!);
        if (off) {
          try {
            for (const loss of step()) expect(loss).toSatisfy(Number.isFinite);
          } catch (error) {
            expect(error).toBeInstanceOf(DivergedError);
          }
        } else expect(step, name).toThrow(DivergedError);
        engine.dispose();
      }
    },
  );

  test('a gradient that overflows is reported though the losses are finite', async () => {
    const network = networkOf();
    const weights = initialWeights(network, 1);
    for (const name of ['output', 'layers.0']) weights.get(`towers.minutes.${name}.weight`)!.data.fill(1e13);
    const engine = await make(target, { network, weights });
    expect(() => engine.step(engine.load(learnableRows()), batches[0]!)).toThrow(DivergedError);
  });

  test('a missing label makes no loss and no gradient for that task alone', async () => {
    const network = networkOf('single-task');
    const rows = learnableRows();
    const without = { ...rows, labels: rows.labels.map((label, i) => (i % 3 === 1 ? NaN : label)) };
    const engine = await make(target, { network, threads: 2 });
    const full = engine.gradients(engine.load(rows), batches[0]!);
    const { losses, gradients } = engine.gradients(engine.load(without), batches[0]!);
    expect([...losses]).toEqual([full.losses[0], NaN, full.losses[2]]);
    expect(gradients.get('towers.minutes.output.weight')!.data.every((g) => g === 0)).toBe(true);
    expect(gradients.get('towers.bought.output.weight')).toEqual(
      full.gradients.get('towers.bought.output.weight'),
    );
  });

  test('rows, indices and weights that do not fit are refused', async () => {
    const network = networkOf();
    const engine = await make(target, { network });
    const rows = learnableRows();
    const changed = (change: (rows: EncodedRows) => void) => {
      const copy = { ...rows, categorical: rows.categorical.slice(), labels: rows.labels.slice() };
      change(copy);
      return () => engine.load(copy);
    };
    expect(changed(({ categorical }) => categorical.set([40], 3))).toThrow(InputError);
    expect(changed(({ categorical }) => categorical.set([-1], 3))).toThrow('row 2');
    expect(changed(({ labels }) => labels.set([3], 5))).toThrow('row 2');
    expect(() => engine.load({ ...rows, numeric: rows.numeric.subarray(1) })).toThrow(InputError);
    const loaded = engine.load(rows);
    expect(() => engine.step(loaded, Uint32Array.of(0, 200))).toThrow('an index is outside the rows');
    expect(() => engine.setWeights(initialWeights(networkOf('omoe'), 1))).toThrow(
      '"levels.0.gates.1.weight"',
    );
    loaded.release();
    expect(() => engine.step(loaded, Uint32Array.of(0))).toThrow();
    const again = engine.load(rows);
    engine.dispose();
    engine.dispose();
    expect(() => engine.step(again, Uint32Array.of(0))).toThrow('disposed of');
  });
});
