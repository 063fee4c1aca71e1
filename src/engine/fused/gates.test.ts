import { afterEach, describe, expect, test } from 'vitest';
import { randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { GateDescription, LayerExtras, NetworkDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { seededUniform } from '../../network/draws/random.js';
import type { Engine } from '../engine.js';
import {
  differenceFrom,
  doubles,
  gradientDifference,
  reference,
  referenceGradients,
} from '../reference/reference.js';
import type { DoubleArrays } from '../reference/forward-pass.js';
import { openFusedEngine } from './engine.js';
import { loadableTargets } from './machine/loadable-targets.fixture.js';

const targets = await loadableTargets();
const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

const EXPERTS = 9;
const INPUTS = 3;
const everyExpert = Array.from({ length: EXPERTS }, (_, e) => e);

/** One level of nine experts, two tasks, each with a gate. */
function network(
  gate: Partial<GateDescription>,
  experts = everyExpert,
  layers: LayerExtras = {},
): NetworkDescription {
  const gates = [0, 1].map(() => ({ source: 0, experts, bias: true, temperature: 1, ...gate }));
  return {
    variant: 'gates',
    input: { numeric: INPUTS, fields: [] },
    levels: [
      {
        experts: everyExpert.map(() => ({
          source: 0,
          layers: [4, 3],
          activation: 'linear' as const,
          ...layers,
        })),
        gates,
        streams: gates.map((_, g) => ({
          name: `task ${g}`,
          task: g,
          route: { kind: 'gate' as const, gate: g },
        })),
      },
    ],
    tasks: gates.map((_, g) => ({
      ...{ name: `task ${g}`, kind: 'regression' as const, outputs: 1, stream: g, lossWeight: 1 },
      tower: { layers: [2], activation: 'linear' as const },
    })),
  };
}

const draw = seededUniform(3, 'rows');
const values = (count: number) => Float32Array.from({ length: count }, () => 2 * draw() - 1);
const COUNT = 100;
const rows: EncodedRows = {
  rows: COUNT,
  numeric: values(INPUTS * COUNT),
  categorical: new Int32Array(0),
  labels: values(2 * COUNT),
  weights: null,
};
const all = Uint32Array.from({ length: COUNT }, (_, row) => row);

const settings = {
  optimizer: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
} as const;

const pass = { seed: 7, step: 0 };
/** The results that the first step must give; all targets are held to one computation. */
const expectations = new Map<
  string,
  { losses: readonly number[]; kinkDistance: number; gradients: DoubleArrays }
>();
function expected(description: NetworkDescription, weights: NamedArrays) {
  const key = JSON.stringify(description);
  const known = expectations.get(key);
  if (known !== undefined) return known;
  const { losses, kinkDistance } = reference(description, doubles(weights), rows, all, pass);
  const made = {
    losses,
    kinkDistance,
    gradients: referenceGradients(description, doubles(weights), rows, all, pass),
  };
  expectations.set(key, made);
  return made;
}

describe.each([...targets.keys()])('%s', (target) => {
  async function make(
    description: NetworkDescription,
    { threads = 2, seed = 7, weights = randomWeights(description, 5), sparseBelow = 0 } = {},
  ) {
    const engine = await openFusedEngine(
      { description, weights, optimizer: settings, threads, seed },
      targets.get(target)!,
      '',
      {
        sparseBelow,
      },
    );
    open.push(engine);
    return { engine, loaded: engine.load(rows) };
  }

  /** Compares the first step: 100 rows, more than a block, over two threads. */
  async function expectReference(
    gate: Partial<GateDescription>,
    experts = everyExpert,
    layers: LayerExtras = {},
  ): Promise<void> {
    const description = network(gate, experts, layers);
    const weights = randomWeights(description, 5);
    const {
      losses: lossesExpected,
      kinkDistance,
      gradients: gradientsExpected,
    } = expected(description, weights);
    const { engine, loaded } = await make(description, { weights });
    expect(kinkDistance).toBeGreaterThan(1e-5);
    const { gradients, losses } = engine.gradients(loaded, all);
    lossesExpected.forEach((loss, k) => expect(losses[k]).toBeCloseTo(loss, 4));
    const { name, difference } = gradientDifference(gradientsExpected, gradients);
    expect(difference, name).toBeLessThan(1e-4);
  }

  test('noise is the reference’s over more rows than a block, and so are the choices it makes', () =>
    expectReference({ choice: { kind: 'top', count: 3, noisy: true } }));
  const loaded = (count: number) => ({ choice: { kind: 'top', count, noisy: true, load: 2 } }) as const;
  test('load is summed over all blocks and threads, of experts that are chosen and of the others', () =>
    expectReference(loaded(3)));
  test('load of one chosen expert, of all but one, and beside importance and dropout', async () => {
    await expectReference(loaded(1));
    await expectReference(loaded(8));
    await expectReference({ ...loaded(4), balance: 1, dropout: 0.3, layers: [3], temperature: 0.7 });
    await expectReference(loaded(2), [1, 3, 4, 8]);
    // In stages, over whose borders each block keeps what it has.
    await expectReference({ ...loaded(3), balance: 1 }, everyExpert, { normalization: 'batch' });
  });
  test('dropout leaves out the same experts as the reference, whichever thread has the row', () =>
    expectReference({ dropout: 0.5 }));
  test('where dropout would leave out every expert, none is', () =>
    expectReference({ dropout: 0.9 }, [2, 5]));
  test('dropout of nearly every expert leaves no row without weights', () =>
    expectReference({ dropout: 0.9, choice: { kind: 'selectors', count: 2, width: 2, entropy: 0.1 } }));
  test('selectors’ codes from the number of experts on wrap around', () =>
    expectReference({
      layers: [3],
      choice: { kind: 'selectors', count: 3, width: 3, entropy: 0.3 },
      balance: 0.5,
    }));
  test('importance is summed over all blocks and threads', () => expectReference({ balance: 2 }));

  test('the top n of n experts are the softmax over all, to the bit', async () => {
    const [dense, top] = await Promise.all([
      make(network({})),
      make(network({ choice: { kind: 'top', count: EXPERTS, noisy: false } })),
    ]);
    const want = { routes: true, experts: true };
    expect(top.engine.evaluate(top.loaded, all, want)).toEqual(
      dense.engine.evaluate(dense.loaded, all, want),
    );
    for (let step = 0; step < 3; step++)
      expect(top.engine.step(top.loaded, all)).toEqual(dense.engine.step(dense.loaded, all));
    expect(top.engine.weights()).toEqual(dense.engine.weights());
  });

  test('a dropout that leaves nothing out is none, to the bit', async () => {
    const [dense, dropping] = await Promise.all([make(network({})), make(network({ dropout: 2 ** -40 }))]);
    expect(dropping.engine.step(dropping.loaded, all)).toEqual(dense.engine.step(dense.loaded, all));
    expect(dropping.engine.gradients(dropping.loaded, all)).toEqual(
      dense.engine.gradients(dense.loaded, all),
    );
  });

  test('with a high temperature all experts weigh alike, or the chosen ones do', async () => {
    for (const [count, choice] of [
      [EXPERTS, undefined],
      [2, { kind: 'top', count: 2, noisy: false }],
    ] as const) {
      const { engine, loaded } = await make(
        network({ temperature: 1e6, ...(choice === undefined ? {} : { choice }) }),
      );
      const { routes } = engine.evaluate(loaded, all, { routes: true });
      const weights = [...routes![0]!].filter((weight) => weight !== 0);
      expect(weights).toHaveLength(2 * COUNT * count);
      for (const weight of weights) expect(weight).toBeCloseTo(1 / count, 5);
    }
  });

  test('equal logits are chosen from the lowest expert on', async () => {
    const description = network({ choice: { kind: 'top', count: 2, noisy: false } });
    const weights = randomWeights(description, 5);
    for (const [name, { data }] of weights) if (name.startsWith('levels.0.gates')) data.fill(0);
    const { engine, loaded } = await make(description, { weights });
    const { routes } = engine.evaluate(loaded, all, { routes: true });
    const row = everyExpert.map((e) => (e < 2 ? 0.5 : 0));
    expect([...routes![0]!.subarray(0, 2 * EXPERTS)]).toEqual([...row, ...row]);
  });

  test('experts computed only for the rows that take them give what they give for all rows', async () => {
    const gate = { choice: { kind: 'top', count: 2, noisy: true }, balance: 0.1 } as const;
    const [dense, sparse] = await Promise.all([make(network(gate)), make(network(gate), { sparseBelow: 1 })]);
    const close = (actual: ArrayLike<number>, expected: ArrayLike<number>) =>
      expect(differenceFrom(expected, actual)).toBeLessThan(1e-5);
    for (const want of [{ routes: true }, { routes: true, experts: true }]) {
      const [expected, found] = [dense, sparse].map(({ engine, loaded }) =>
        engine.evaluate(loaded, all, want),
      );
      found!.predictions.forEach((values, k) => close(values, expected!.predictions[k]!));
      expect(found!.routes).toEqual(expected!.routes);
      found!.experts?.forEach((values, l) => close(values, expected!.experts![l]!));
    }
    const [expected, found] = [dense, sparse].map(({ engine, loaded }) => engine.gradients(loaded, all));
    close(found!.losses, expected!.losses);
    for (const [name, { data }] of expected!.gradients) close(found!.gradients.get(name)!.data, data);
  });

  test('an expert that no row takes is not computed, and learns nothing', async () => {
    const choice = { kind: 'top', count: 2, noisy: false } as const;
    const description = network({ choice });
    const weights = randomWeights(description, 5);
    for (const [name, { data }] of weights) {
      // The first two experts' logits are the largest for every row; were the others computed, their NaN
      // would show.
      if (/gates.*bias$/.test(name)) data.forEach((_, e) => (data[e] = e < 2 ? 100 : 0));
      if (/experts\.[2-8]\./.test(name)) data.fill(NaN);
    }
    const { engine, loaded } = await make(description, { weights, sparseBelow: 0.5 });
    expect(engine.evaluate(loaded, all).predictions.every((values) => values.every(Number.isFinite))).toBe(
      true,
    );
    for (const [name, { data }] of engine.gradients(loaded, all).gradients) {
      if (/experts\.[2-8]\./.test(name))
        expect(
          data.every((value) => value === 0),
          name,
        ).toBe(true);
      else expect(data.every(Number.isFinite), name).toBe(true);
    }
  });

  test('a run that is resumed draws what it would have drawn', async () => {
    const gate = {
      dropout: 0.3,
      choice: { kind: 'top', count: 4, noisy: true },
      balance: 0.1,
      layers: [4],
    } as const;
    const whole = await make(network(gate));
    const half = await make(network(gate));
    for (let step = 0; step < 3; step++)
      expect(half.engine.step(half.loaded, all)).toEqual(whole.engine.step(whole.loaded, all));
    const resumed = await make(network(gate), { weights: half.engine.weights() });
    resumed.engine.setOptimizerState(half.engine.optimizerState());
    for (let step = 0; step < 3; step++)
      expect(resumed.engine.step(resumed.loaded, all)).toEqual(whole.engine.step(whole.loaded, all));
    expect(resumed.engine.weights()).toEqual(whole.engine.weights());
    expect(resumed.engine.optimizerState()).toEqual(whole.engine.optimizerState());
  });

  test('another seed, or another step, draws other noise and dropout', async () => {
    const gate = { dropout: 0.3, choice: { kind: 'top', count: 4, noisy: true } } as const;
    const [one, other] = await Promise.all([make(network(gate)), make(network(gate), { seed: 8 })]);
    const first = one.engine.gradients(one.loaded, all);
    expect(one.engine.gradients(one.loaded, all)).toEqual(first);
    expect(other.engine.gradients(other.loaded, all)).not.toEqual(first);
    other.engine.setWeights(one.engine.weights());
    one.engine.setOptimizerState({ step: 1, moments: new Map() });
    expect(one.engine.gradients(one.loaded, all)).not.toEqual(first);
  });

  test('tasks’ own gradients are without importance, load and entropy losses', async () => {
    const selectors = { kind: 'selectors', count: 2, width: 4 } as const;
    const top = { kind: 'top', count: 2, noisy: true } as const;
    for (const [without, choice] of [
      [
        { ...selectors, entropy: 0 },
        { ...selectors, entropy: 0.5 },
      ],
      [top, { ...top, load: 1 }],
    ]) {
      const [plain, added] = await Promise.all([
        make(network({ choice: without! })),
        make(network({ choice: choice!, balance: 1 })),
      ]);
      const own = added.engine.taskGradients(added.loaded, all).gradients;
      plain.engine
        .taskGradients(plain.loaded, all)
        .gradients.forEach((gradient, k) => expect(own[k]).toEqual(gradient));
      expect(added.engine.gradients(added.loaded, all).gradients).not.toEqual(
        plain.engine.gradients(plain.loaded, all).gradients,
      );
    }
  });
});
