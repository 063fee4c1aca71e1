import { expect, test } from 'vitest';
import { modelOf } from '../../../experiment/defaults.js';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { initialWeights } from '../../../network/parameters.js';
import { buildNetwork } from '../../../network/variants.js';
import type { Engine, OptimizerSettings } from '../../engine.js';
import { openFusedEngine } from '../engine.js';
import { makeStepPlan } from '../plan/step-plan.js';
import { loadableTargets } from './loadable-targets.fixture.js';

const targets = await loadableTargets();
const network = buildNetwork(modelOf({ experts: { count: 3, layers: [5] } }), { numeric: 8, fields: [] }, [
  { name: 'bought', kind: 'binary', outputs: 1, lossWeight: 1 },
]);
const rowsOf = (rows: number): EncodedRows => ({
  rows,
  numeric: Float32Array.from({ length: 8 * rows }, (_, i) => Math.sin(i)),
  categorical: new Int32Array(0),
  labels: Float32Array.from({ length: rows }, (_, row) => row % 2),
  weights: null,
});
const adam: OptimizerSettings = {
  optimizer: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};

test.each([...targets.keys()])('on %s, an engine beside another learns as if it were alone', async (name) => {
  const options = { description: network, optimizer: adam, threads: 2 };
  const rows = rowsOf(40);
  const batch = Uint32Array.from({ length: 40 }, (_, row) => row);
  const learned = async (seeds: readonly number[]) => {
    const engines: Engine[] = [];
    for (const seed of seeds) {
      const weights = initialWeights(network, seed);
      const beside = engines[0];
      const own = { ...options, weights, ...(beside !== undefined && { beside }) };
      engines.push(await openFusedEngine(own, targets.get(name)!, ''));
    }
    const loaded = engines.map((engine) => engine.load(rows));
    for (let step = 0; step < 3; step++)
      engines.forEach((engine, i) => {
        // The first one's rows are released: they must stay for the others.
        if (step === 2 && i === 0) loaded[0]!.release();
        else engine.step(loaded[i]!, batch);
      });
    const weights = engines.map((engine) => [...engine.weights().values()].map(({ data }) => [...data]));
    for (const engine of engines) engine.dispose();
    return weights;
  };
  const [, second, third] = await learned([1, 2, 3]);
  expect([second]).toEqual((await learned([9, 2])).slice(1));
  expect([third]).toEqual((await learned([9, 3])).slice(1));
});

test.each([...targets.keys()].filter((name) => name.startsWith('wasm')))(
  'on %s, machines beside each other hold the same rows once',
  async (name) => {
    const target = targets.get(name)!;
    const plan = makeStepPlan(network, {
      width: target.width,
      threads: 1,
      blockRows: 64,
      evaluationRows: 64,
      sparseBelow: 0,
    });
    const first = await target.open(plan, network);
    const second = await target.open(plan, network, first);
    // A view that is made now sees how large the memory has become.
    const size = async () => (await target.open(plan, network, first)).floats.buffer.byteLength;
    const rows = rowsOf(200_000);
    const before = await size();
    const loaded = [first.load(rows), second.load(rows)];
    const after = await size();
    expect(after - before).toBeGreaterThan(rows.numeric.byteLength);
    expect(after - before).toBeLessThan(2 * rows.numeric.byteLength);
    for (const each of loaded) each.release();
    first.load(rowsOf(200_000));
    expect((await size()) - after).toBeLessThan(rows.numeric.byteLength / 2);
  },
);
