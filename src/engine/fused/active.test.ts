import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { modelOf } from '../../experiment/defaults.js';
import { randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../network/description.js';
import type { NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import { buildNetwork } from '../../network/variants.js';
import type { Engine, OptimizerSettings } from '../engine.js';
import { disorderPlace } from './format/plan-header.js';
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

interface Case {
  readonly inputs: number;
  readonly layers: readonly number[];
  readonly tower: number;
  /** How many of a unit's inputs, over all rows, push it above its floor: from −1, none, to 1, all. */
  readonly push: number;
  /** From this share of the rows on, the push is the other way round. */
  readonly turnsAt: number;
  readonly count: number;
  readonly threads: number;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  inputs: fc.integer({ min: 60, max: 150 }),
  layers: fc.constantFrom([20], [33], [70, 20], [17, 65, 30]),
  tower: fc.constantFrom(5, 40),
  push: fc.constantFrom(-1, -0.3, 0, 0.3, 1),
  turnsAt: fc.constantFrom(0.1, 0.5, 1),
  count: fc.integer({ min: 49, max: 420 }),
  threads: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 1, max: 1000 }),
});

function networkOf({ inputs, layers, tower }: Case): NetworkDescription {
  return buildNetwork(
    modelOf({
      variant: 'mmoe',
      experts: { count: 3, layers: [...layers] },
      towers: { layers: [tower] },
      gates: { bias: false, temperature: 1 },
    }),
    { numeric: inputs, fields: [{ name: 'place', size: 5, encode: 'onehot' }] },
    [
      { name: 'bought', kind: 'binary', outputs: 1, lossWeight: 1 },
      { name: 'minutes', kind: 'regression', outputs: 1, lossWeight: 0.5 },
    ],
  );
}

/** The last input is the push, which the first layer's weights read with a sign of plus. */
function rowsOf({ inputs, push, turnsAt, count, seed }: Case): EncodedRows {
  const value = (r: number, c: number) => Math.sin(seed + r * 12.9898 + c * 78.233) * 0.5;
  const numeric = new Float32Array(count * inputs);
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < inputs; c++) numeric[r * inputs + c] = value(r, c);
    numeric[r * inputs + inputs - 1] = r < turnsAt * count ? push : -push;
  }
  return {
    rows: count,
    numeric,
    categorical: Int32Array.from({ length: count }, (_, r) => r % 5),
    labels: Float32Array.from({ length: 2 * count }, (_, i) =>
      i % 2 === 0 ? Number(Math.sin(i) > 0) : Math.cos(i),
    ),
    weights: null,
  };
}

function weightsOf(network: NetworkDescription, { inputs, seed }: Case): NamedArrays {
  const weights = randomWeights(network, seed);
  for (const [name, { shape, data }] of weights) {
    if (!/experts\.\d+\.layers\.0\.weight$/.test(name)) continue;
    const units = shape.at(-1)!;
    for (let unit = 0; unit < units; unit++) data[(inputs - 1) * units + unit] = 40;
  }
  return weights;
}

async function make(target: string, of: Case, disorder = 0): Promise<Engine> {
  const network = networkOf(of);
  const chosen = targets.get(target)!;
  const engine = await openFusedEngine(
    { description: network, weights: weightsOf(network, of), optimizer: adam, threads: of.threads },
    {
      ...chosen,
      open: (plan, description) => {
        plan.integers[disorderPlace] = disorder;
        return chosen.open(plan, description);
      },
    },
    '',
  );
  open.push(engine);
  return engine;
}

/** So few rows that units at rest are not looked for. */
const FEW = 16;
/**
 * Single precision's 6e-8 over a few hundred terms that may all but cancel out; a row that is missing is
 * 2e-3.
 */
const LIMIT = 1e-4;

describe.each([...targets.keys()])('%s', (target) => {
  test('the gradient of many rows, few or most units active, is that of a few rows at a time', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (of) => {
        const engine = await make(target, of);
        const loaded = engine.load(rowsOf(of));
        const all = Uint32Array.from({ length: of.count }, (_, r) => r);
        const { gradients } = engine.gradients(loaded, all);
        const sums = new Map([...gradients].map(([name, { data }]) => [name, new Float64Array(data.length)]));
        for (let first = 0; first < of.count; first += FEW) {
          const part = all.subarray(first, first + FEW);
          for (const [name, { data }] of engine.gradients(loaded, part).gradients) {
            const sum = sums.get(name)!;
            for (let i = 0; i < data.length; i++) sum[i]! += (data[i]! * part.length) / of.count;
          }
        }
        for (const [name, { data }] of gradients) {
          const sum = sums.get(name)!;
          const largest = sum.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
          const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - sum[i]!)), 0);
          expect(worst / largest, name).toBeLessThan(LIMIT);
        }
        for (const each of open.splice(0)) each.dispose();
      }),
      { numRuns: 40 },
    );
  });

  test('nothing of an earlier step is left in it, whichever thread does what', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (of, disorder) => {
        const results = await Promise.all(
          [0, disorder].map(async (each) => {
            const engine = await make(target, of, each);
            const loaded = engine.load(rowsOf(of));
            const all = Uint32Array.from({ length: of.count }, (_, r) => r);
            // The second half may be of the other kind: then the gradient is made in the other way.
            const batches = [all, all.subarray(of.count / 2), all.subarray(0, FEW), all];
            for (const batch of batches) engine.step(loaded, batch);
            return {
              weights: engine.weights(),
              gradients: engine.gradients(loaded, all.subarray(of.count / 3)).gradients,
            };
          }),
        );
        expect(results[1]).toEqual(results[0]);
        const again = await make(target, of);
        again.setWeights(results[0]!.weights);
        const rows = again.load(rowsOf(of));
        const fresh = again.gradients(
          rows,
          Uint32Array.from(
            { length: of.count - Math.floor(of.count / 3) },
            (_, r) => r + Math.floor(of.count / 3),
          ),
        );
        expect(fresh.gradients).toEqual(results[0]!.gradients);
        for (const each of open.splice(0)) each.dispose();
      }),
      { numRuns: 15 },
    );
  });
});
