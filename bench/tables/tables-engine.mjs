/**
 * The fused engine as a contender of bench/tables/tables.mjs: answers requests as peers/common.py does, with rows per
 * second and per second of processor time. `node tables-engine.mjs TABLES TARGET THREADS BUNDLE FOLDER`; TABLES:
 * dense, lazy, rowwise-adagrad.
 */
import { createInterface } from 'node:readline';
import { describe, stepper } from '../configurations.mjs';

const [tables = '', target = '', threads = '1', bundle = '', folder = ''] = process.argv.slice(2);
const { createFusedEngine, initialWeights } = await import(bundle);
const optimizer = {
  ...{ optimizer: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, momentum: 0 },
  ...(tables !== 'dense' && { tables }),
};

/** @typedef {import('./tables.mjs').TablesCase} TablesCase */

/** Ids as real ones are spread: a few are frequent. `spread` 1: all alike. @param {TablesCase} configuration */
function rowsOf({ rows, inputs, tasks, vocabularies, spread }) {
  let state = 1;
  const draw = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) >>> 0) / 2 ** 32;
  const numeric = new Float32Array(rows * inputs).map(() => 2 * draw() - 1);
  const categorical = new Int32Array(rows * vocabularies.length);
  for (let i = 0; i < categorical.length; i++)
    categorical[i] = Math.floor(draw() ** spread * (vocabularies[i % vocabularies.length] ?? 0));
  const labels = new Float32Array(rows * tasks).map(() => (draw() < 0.5 ? 0 : 1));
  return { rows, numeric, categorical, labels, weights: null };
}

/** @type {{ key: string, step: (batch: number) => void, dispose: () => void } | null} */
let prepared = null;

/** @param {TablesCase} configuration */
async function prepare(configuration) {
  const key = JSON.stringify(configuration);
  if (prepared?.key === key) return prepared;
  prepared?.dispose();
  prepared = null;
  const network = describe(configuration);
  const { vocabularies, embedding } = configuration;
  const fields = vocabularies.map((size, f) => ({ name: `f${f}`, size, encode: { embedding } }));
  const description = { ...network, input: { ...network.input, fields } };
  const options = {
    description,
    weights: initialWeights(description, 1),
    optimizer,
    threads: Number(threads),
  };
  const made = await createFusedEngine(options, target, folder);
  const loaded = made.load(rowsOf(configuration));
  // The rows were drawn in any order.
  const order = Uint32Array.from({ length: configuration.rows }, (_, i) => (i * 7919) % configuration.rows);
  const step = stepper(order, (indices) => made.step(loaded, indices));
  prepared = { key, step, dispose: () => made.dispose() };
  return prepared;
}

/** @param {{ configuration: TablesCase, batch: number, seconds: number }} request */
async function answer({ configuration, batch, seconds }) {
  const { step } = await prepare(configuration);
  for (let i = 0; i < 3; i++) step(batch);
  const started = performance.now();
  const used = process.cpuUsage();
  let rows = 0;
  while (performance.now() - started < 1000 * seconds) {
    step(batch);
    rows += batch;
  }
  const { user, system } = process.cpuUsage(used);
  return {
    rowsPerSecond: (1000 * rows) / (performance.now() - started),
    rowsPerProcessorSecond: (1e6 * rows) / (user + system),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = await answer(JSON.parse(line)).catch((error) => ({ error: String(error).slice(0, 300) }));
  console.log(JSON.stringify(result));
}
process.exit(0);
