import * as fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { arbitraryCase, randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { GateDescription, NetworkDescription } from '../../network/description.js';
import { parameterSpecs, size, type NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { DivergedError, type OptimizerSettings, type StepOptions } from '../engine.js';
import { differenceFrom, doubles, reference } from '../reference/reference.js';
import { TensorflowEngine } from './engine.js';
import { openTarget, type OpenTarget } from './backend/target.js';

/** These tests say what steps do to the weights of any network, and that tasks' own gradients can do them. */

let target: OpenTarget;
beforeAll(async () => {
  target = await openTarget({ threads: 1, only: 'wasm' });
});
const open: TensorflowEngine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

interface Case {
  readonly network: NetworkDescription;
  readonly rows: EncodedRows;
  readonly seed: number;
  readonly optimizer: OptimizerSettings;
  readonly steps: readonly Required<StepOptions>[];
}

const optimizers: fc.Arbitrary<OptimizerSettings> = fc.record({
  optimizer: fc.constantFrom('adam' as const, 'sgd' as const),
  learningRate: fc.constantFrom(0.01, 0.1),
  beta1: fc.constant(0.9),
  beta2: fc.constant(0.99),
  // Large enough that a gradient of rounding errors alone moves nothing.
  epsilon: fc.constant(1e-2),
  momentum: fc.constantFrom(0, 0.9),
  weightDecay: fc.constantFrom(0, 0.3),
  clipNorm: fc.constantFrom(0.05, 1e6),
});
const cases: fc.Arbitrary<Case> = fc
  .tuple(arbitraryCase(), optimizers)
  .chain(([{ network, rows, seed }, optimizer]) => {
    const options = fc.record({
      rate: fc.constantFrom(1, 0.25),
      lossWeights: fc.tuple(...network.tasks.map(() => fc.constantFrom(0, 0.5, 3))),
    });
    return fc.record({
      network: fc.constant(withFastConstants(network)),
      rows: fc.constant(rows),
      seed: fc.constant(seed),
      optimizer: fc.constant(optimizer),
      steps: fc.array(options, { minLength: 1, maxLength: 3 }),
    });
  });

function make(
  { network, rows, seed, optimizer }: Omit<Case, 'steps'>,
  weights = randomWeights(network, seed),
) {
  const engine = new TensorflowEngine({ description: network, weights, optimizer, seed, threads: 1 }, target);
  open.push(engine);
  return {
    engine,
    loaded: engine.load(rows),
    indices: Uint32Array.from({ length: rows.rows }, (_, row) => row),
  };
}

/** Learned constants get a learning rate of their own. */
const withFastConstants = (network: NetworkDescription): NetworkDescription => ({
  ...network,
  levels: network.levels.map((level) => ({
    ...level,
    streams: level.streams.map((stream) => ({
      ...stream,
      route: stream.route.kind === 'constants' ? { ...stream.route, learningRate: 20 } : stream.route,
    })),
  })),
});

const withGates = (
  network: NetworkDescription,
  change: (gate: GateDescription) => GateDescription,
): NetworkDescription => ({
  ...network,
  levels: network.levels.map((level) => ({ ...level, gates: level.gates.map(change) })),
});
/** Without what `applyGradient` leaves out. */
const withoutGateLosses = (network: NetworkDescription) =>
  withGates(network, ({ choice, ...gate }) => ({
    ...gate,
    balance: 0,
    ...(choice === undefined
      ? {}
      : { choice: choice.kind === 'selectors' ? { ...choice, entropy: 0 } : { ...choice, load: 0 } }),
  }));

/** The optimiser's formulas (src/engine/engine.ts names the papers) in double precision. */
class Formula {
  private readonly moments = new Map<string, { m: Float64Array; v: Float64Array }>();
  private steps = 0;
  constructor(
    private readonly network: NetworkDescription,
    private readonly settings: OptimizerSettings,
  ) {}

  next(weights: NamedArrays, gradients: NamedArrays, rate: number): Map<string, Float64Array> {
    const { optimizer, learningRate, beta1, beta2, epsilon, momentum, weightDecay, clipNorm } = this.settings;
    const t = ++this.steps;
    const norm = Math.sqrt(
      [...gradients.values()].reduce((sum, { data }) => data.reduce((all, g) => all + g * g, sum), 0),
    );
    const scale = Math.min(1, clipNorm! / norm);
    const specs = parameterSpecs(this.network);
    return new Map(
      specs.map(({ name, shape, learningRate: factor = 1, decays = false }) => {
        const zeros = () => new Float64Array(size(shape));
        const { m, v } = this.moments.get(name) ?? { m: zeros(), v: zeros() };
        this.moments.set(name, { m, v });
        const moved = Float64Array.from(weights.get(name)!.data, (before, i) => {
          const g = scale * gradients.get(name)!.data[i]!;
          const theta =
            factor !== 0 && decays ? before - rate * learningRate * weightDecay! * before : before;
          m[i] = optimizer === 'adam' ? beta1 * m[i]! + (1 - beta1) * g : momentum * m[i]! + g;
          v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
          const direction =
            optimizer === 'adam'
              ? m[i] / (1 - beta1 ** t) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + epsilon)
              : m[i];
          return theta - rate * factor * learningRate * direction;
        });
        return [name, moved];
      }),
    );
  }
}

describe('a step', () => {
  test('moves the weights by the formula, from the gradients that are given for it', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { engine, loaded, indices } = make(each);
        const formula = new Formula(each.network, each.optimizer);
        for (const { rate, lossWeights } of each.steps) {
          const weights = engine.weights();
          const tasks = each.network.tasks.map((task, k) => ({ ...task, lossWeight: lossWeights[k]! }));
          const other = make({ ...each, network: { ...each.network, tasks } }, weights);
          other.engine.setOptimizerState(engine.optimizerState());
          const { losses, gradients } = other.engine.gradients(other.loaded, indices);
          expect(engine.step(loaded, indices, { rate, lossWeights })).toEqual(losses);
          const after = engine.weights();
          for (const [name, expected] of formula.next(weights, gradients, rate)) {
            if (isStatistic(name)) continue;
            // Single precision: the weights near 1 and the steps are each rounded to 6e-8 of themselves,
            // moments over three steps.
            expect(differenceFrom(expected, after.get(name)!.data, 1), name).toBeLessThan(1e-6);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('moves running statistics as the reference does, and no gradient moves them or paths', () => {
    fc.assert(
      fc.property(cases, (each) => {
        const { engine, loaded, indices } = make(each);
        const before = engine.weights();
        const { running, stretch } = reference(each.network, doubles(before), each.rows, indices, {
          seed: each.seed,
          step: 0,
        });
        engine.gradients(loaded, indices);
        engine.evaluate(loaded, indices);
        expect(engine.weights()).toEqual(before);
        engine.step(loaded, indices);
        const after = engine.weights();
        for (const [name, expected] of running)
          expect(differenceFrom(expected, after.get(name)!.data), name).toBeLessThan(1e-5 * stretch);
        for (const [name, { data }] of after)
          if (name.endsWith('.path')) expect(data).toEqual(before.get(name)!.data);
      }),
      { numRuns: 50 },
    );
  });

  /** Passes over a drawn case in which a high rate makes the weights grow beyond all bounds. */
  const untilItDiverges = <T>(steps: () => T): T => {
    try {
      return steps();
    } catch (error) {
      fc.pre(!(error instanceof DivergedError));
      throw error;
    }
  };

  test('after a resume from weights and state is the same to the bit', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), (each, byTask) => {
        const { engine: whole, loaded, indices } = make(each);
        const train = (engine: TensorflowEngine, rows = loaded) => {
          for (const { rate, lossWeights } of each.steps) {
            if (byTask)
              engine.applyGradient(weighted(engine.taskGradients(rows, indices).gradients, lossWeights), {
                rate,
              });
            else engine.step(rows, indices, { rate, lossWeights });
          }
        };
        const saved = untilItDiverges(() => {
          train(whole);
          const state = { weights: whole.weights(), state: whole.optimizerState() };
          train(whole);
          return state;
        });
        const resumed = make(each, saved.weights);
        resumed.engine.setOptimizerState(saved.state);
        train(resumed.engine, resumed.loaded);
        expect(resumed.engine.weights()).toEqual(whole.weights());
        expect(resumed.engine.optimizerState()).toEqual(whole.optimizerState());
      }),
      { numRuns: 30 },
    );
  });

  test('of another seed or number draws otherwise', () => {
    const network: NetworkDescription = {
      variant: 'test',
      input: { numeric: 2, fields: [] },
      levels: [
        {
          experts: [{ source: 0, layers: [16], activation: 'silu', dropout: 0.5 }],
          gates: [],
          streams: [{ name: 'one', task: 0, route: { kind: 'fixed', weights: [1] } }],
        },
      ],
      tasks: [
        {
          name: 'one',
          kind: 'regression',
          outputs: 1,
          stream: 0,
          tower: { layers: [], activation: 'relu' },
          lossWeight: 1,
        },
      ],
    };
    const rows = {
      rows: 2,
      numeric: Float32Array.of(1, 2, 3, 4),
      categorical: new Int32Array(0),
      labels: Float32Array.of(1, 0),
      weights: null,
    };
    const optimizer: OptimizerSettings = {
      optimizer: 'sgd',
      learningRate: 0,
      beta1: 0,
      beta2: 0,
      epsilon: 1,
      momentum: 0,
    };
    const weights = randomWeights(network, 1);
    const lossesOf = (seed: number) => {
      const { engine, loaded, indices } = make({ network, rows, seed, optimizer }, weights);
      return [engine.step(loaded, indices)[0], engine.step(loaded, indices)[0]];
    };
    expect(new Set([...lossesOf(1), ...lossesOf(2)]).size).toBe(4);
    expect(lossesOf(1)).toEqual(lossesOf(1));
  });
});

describe('the gradients of tasks', () => {
  test('weighed and applied are a step without gates’ own losses', () => {
    fc.assert(
      fc.property(cases, (made) => {
        const each = { ...made, network: withoutGateLosses(made.network) };
        const [byStep, byTask] = [make(each), make(each)];
        const { indices } = byStep;
        const { rate, lossWeights } = each.steps[0]!;
        const { stretch } = reference(each.network, doubles(byStep.engine.weights()), each.rows, indices, {
          seed: each.seed,
          step: 0,
        });
        const { losses, gradients } = byTask.engine.taskGradients(byTask.loaded, indices);
        byTask.engine.applyGradient(weighted(gradients, lossWeights), { rate });
        expect(losses).toEqual(byStep.engine.step(byStep.loaded, indices, { rate, lossWeights }));
        expect(byTask.engine.optimizerState().step).toBe(1);
        const expected = byStep.engine.weights();
        const after = byTask.engine.weights();
        for (const { name, learningRate = 1 } of parameterSpecs(each.network)) {
          // Not to the bit: a step adds up the tasks' gradients by the outputs, before they go back through
          // the experts. What learns twenty times as fast moves by twenty times the difference.
          const limit = 1e-5 * stretch * Math.max(1, learningRate);
          const difference = differenceFrom(expected.get(name)!.data, after.get(name)!.data, 1);
          expect(difference, name).toBeLessThan(limit);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('of one task alone, applied, are the step on its loss to the bit', () => {
    fc.assert(
      fc.property(cases, (made) => {
        const each = { ...made, network: withoutGateLosses(made.network) };
        const [byStep, byTask] = [make(each), make(each)];
        const { indices } = byStep;
        each.network.tasks.forEach((_, chosen, tasks) => {
          byStep.engine.step(byStep.loaded, indices, {
            lossWeights: tasks.map((__, k) => (k === chosen ? 1 : 0)),
          });
          byTask.engine.applyGradient(byTask.engine.taskGradients(byTask.loaded, indices).gradients[chosen]!);
        });
        expect(byTask.engine.weights()).toEqual(byStep.engine.weights());
        expect(byTask.engine.optimizerState()).toEqual(byStep.engine.optimizerState());
      }),
      { numRuns: 30 },
    );
  });

  test('are masked by the names of parameters: only those move', () => {
    fc.assert(
      fc.property(cases, fc.func(fc.boolean()), (made, isChosen) => {
        const network = { ...made.network, distance: { strength: 0, groups: [] } };
        const { engine, loaded, indices } = make({
          ...made,
          network,
          optimizer: { ...made.optimizer, weightDecay: 0 },
        });
        const before = engine.weights();
        const names = [...before.keys()];
        const chosen = new Set(names.filter((name) => isChosen(name)));
        const { gradients } = engine.taskGradients(loaded, indices);
        const mask = engine.mask(chosen);
        const ones = (values: Float32Array) => values.reduce((sum, one) => sum + one, 0);
        expect(ones(mask)).toBe(
          names.reduce((sum, name) => sum + (chosen.has(name) ? before.get(name)!.data.length : 0), 0),
        );
        expect(gradients.every(({ length }) => length === mask.length)).toBe(true);
        engine.applyGradient(gradients[0]!.map((value, i) => value * mask[i]!));
        const after = engine.weights();
        for (const name of names)
          if (!chosen.has(name) && !isStatistic(name))
            expect(after.get(name), name).toEqual(before.get(name));
      }),
      { numRuns: 30 },
    );
  });

  test('are 0 where no row has the task’s label', () => {
    fc.assert(
      fc.property(cases, (made) => {
        const rows = {
          ...made.rows,
          labels: made.rows.labels.map((label, i) => (i % made.network.tasks.length === 0 ? NaN : label)),
        };
        const { engine, loaded, indices } = make({ ...made, rows });
        const { losses, gradients } = engine.taskGradients(loaded, indices);
        expect(losses[0]).toBeNaN();
        expect(gradients[0]!.every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});

test('no tensor of any network is left behind', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const { tf } = target;
      const before = tf.memory().numTensors;
      const { engine, loaded, indices } = make(each);
      const use = () => {
        engine.step(loaded, indices);
        engine.gradients(loaded, indices);
        engine.applyGradient(engine.taskGradients(loaded, indices).gradients[0]!);
        engine.evaluate(loaded, indices, { routes: true, experts: true });
      };
      // Some random network's steps are too large for it; what it holds is given back all the same.
      const diverges = () => {
        try {
          use();
          return false;
        } catch (error) {
          if (error instanceof DivergedError) return true;
          throw error;
        }
      };
      if (!diverges()) {
        const held = tf.memory().numTensors;
        if (!diverges()) expect(tf.memory().numTensors).toBe(held);
      }
      engine.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }),
    { numRuns: 20 },
  );
});

const isStatistic = (name: string) => name.endsWith('.mean') || name.endsWith('.variance');

/** Σ_k weights_k · gradients_k. */
function weighted(gradients: readonly Float32Array[], weights: ArrayLike<number>): Float32Array {
  return gradients[0]!.map((_, i) =>
    gradients.reduce((sum, gradient, k) => sum + weights[k]! * gradient[i]!, 0),
  );
}
