/**
 * One of this project's engines as a contender: answers the requests of peers/common.py.
 * `node engine.mjs ENGINE TARGET THREADS BUNDLE FOLDER`; ENGINE: fused, tensorflow.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, stepper } from './configurations.mjs';

const [engine = '', target = '', threads = '1', bundle = '', folder = ''] = process.argv.slice(2);
const { createFusedEngine, createTensorflowEngine, initialWeights } = await import(bundle);
const optimizer = {
  optimizer: 'adam',
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};

/** @typedef {import('./configurations.mjs').Configuration & { fields?: number[], folder?: string }} Sized */

/** @param {Sized} configuration */
function rowsOf({ rows, inputs, tasks, folder: encoded }) {
  if (encoded !== undefined) {
    const bytes = (/** @type {string} */ name) => new Uint8Array(readFileSync(`${encoded}/${name}`)).buffer;
    const [numeric, categorical, labels] = [
      bytes('numeric.f32'),
      bytes('categorical.i32'),
      bytes('labels.f32'),
    ];
    return {
      ...{ rows, numeric: new Float32Array(numeric), categorical: new Int32Array(categorical) },
      ...{ labels: new Float32Array(labels), weights: null },
    };
  }
  let state = 1;
  const draw = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) / 2 ** 31;
  const numeric = new Float32Array(rows * inputs).map(draw);
  const labels = new Float32Array(rows * tasks).map(() => (draw() < 0 ? 0 : 1));
  return { rows, numeric, categorical: new Int32Array(0), labels, weights: null };
}

/** @param {number} rows */
function shuffled(rows) {
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [/** @type {number} */ (order[j]), /** @type {number} */ (order[i])];
  }
  return order;
}

/** @type {{ key: string, step: (batch: number) => void, dispose: () => void } | null} */
let prepared = null;

/** @param {Sized} configuration */
async function prepare(configuration) {
  const key = JSON.stringify(configuration);
  if (prepared?.key === key) return prepared;
  prepared?.dispose();
  const description = describe(configuration, configuration.fields);
  const options = {
    description,
    weights: initialWeights(description, 1),
    optimizer,
    threads: Number(threads),
  };
  const made =
    engine === 'fused'
      ? await createFusedEngine(options, target, folder)
      : await createTensorflowEngine(options, target);
  const loaded = made.load(rowsOf(configuration));
  const order = shuffled(configuration.rows);
  const step = stepper(order, (indices) => made.step(loaded, indices));
  prepared = { key, step, dispose: () => made.dispose() };
  return prepared;
}

/** @param {{ configuration: Sized, batch: number, seconds: number }} request */
async function answer({ configuration, batch, seconds }) {
  const { step } = await prepare(configuration);
  for (let i = 0; i < 3; i++) step(batch);
  const started = performance.now();
  let steps = 0;
  while (performance.now() - started < 1000 * seconds) {
    step(batch);
    steps++;
  }
  return { rowsPerSecond: (1000 * steps * batch) / (performance.now() - started) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await answer(JSON.parse(line)).catch((error) => ({ error: String(error).slice(0, 300) }));
  console.log(JSON.stringify(result));
}
process.exit(0);
