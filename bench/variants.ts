import { modelOf } from '../src/experiment/defaults.js';
import type { ModelInput } from '../src/experiment/schema/model.js';
import { createFusedEngine } from '../src/engine/fused/engine.js';
import type { NetworkDescription } from '../src/network/description.js';
import { initialWeights } from '../src/network/parameters.js';
import { seededUniform } from '../src/network/draws/random.js';
import { buildNetwork } from '../src/network/variants.js';
import { levelWidth, sourceWidth, topWidth } from '../src/network/widths.js';

const rows = 16_384;
const inputs = 100;
const tasks = ['one', 'two'].map((name) => ({ name, kind: 'binary' as const, outputs: 1, lossWeight: 1 }));
const plain = {
  experts: { count: 8, layers: [32] },
  towers: { layers: [16] },
  gates: { bias: false, temperature: 1 },
};

/** With about as much arithmetic a row as MMoE of eight experts × 32; the figures allow for what is left. */
const models: Record<string, ModelInput> = {
  mmoe: { variant: 'mmoe', ...plain },
  omoe: { variant: 'omoe', ...plain },
  'single-task': { variant: 'single-task', ...plain, experts: { count: 1, layers: [128] } },
  'shared-bottom': { variant: 'shared-bottom', ...plain, experts: { count: 1, layers: [256] } },
  'l2-constrained': { variant: 'l2-constrained', ...plain, experts: { count: 1, layers: [128] } },
  'cross-stitch': { variant: 'cross-stitch', ...plain, experts: { count: 1, layers: [96, 48] } },
  'tensor-factorization': {
    variant: 'tensor-factorization',
    ...plain,
    experts: { count: 1, layers: [128] },
    factorization: { ranks: [128, 64, 2] },
  },
  cgc: { variant: 'cgc', ...plain, experts: { ...plain.experts, perTask: 2, shared: 4 } },
  ple: { variant: 'ple', levels: 2, ...plain, experts: { ...plain.experts, perTask: 2, shared: 3 } },
  pathnet: {
    variant: 'pathnet',
    levels: 2,
    paths: { active: 3 },
    ...plain,
    experts: { count: 6, layers: [32] },
  },
  'mmoe, top 2 of 8': {
    variant: 'mmoe',
    ...plain,
    gates: { ...plain.gates, choose: { top: 2, noisy: false } },
  },
  'mmoe, noisy top 2 of 8': {
    variant: 'mmoe',
    ...plain,
    gates: { ...plain.gates, choose: { top: 2, noisy: true } },
  },
  'mmoe, DSelect-2': {
    variant: 'mmoe',
    ...plain,
    gates: { ...plain.gates, choose: { selectors: 2, width: 1, entropy: 0 } },
  },
  'mmoe, gate dropout': { variant: 'mmoe', ...plain, gates: { ...plain.gates, dropout: 0.1 } },
  'mmoe, balance': { variant: 'mmoe', ...plain, gates: { ...plain.gates, balance: 0.01 } },
  'mmoe, dropout': { variant: 'mmoe', ...plain, experts: { ...plain.experts, dropout: 0.1 } },
  'mmoe, layer normalization': {
    variant: 'mmoe',
    ...plain,
    experts: { ...plain.experts, normalization: 'layer' },
  },
  'mmoe, batch normalization': {
    variant: 'mmoe',
    ...plain,
    experts: { ...plain.experts, normalization: 'batch' },
  },
  'mmoe, GELU': { variant: 'mmoe', ...plain, experts: { ...plain.experts, activation: 'gelu' } },
};

/** Multiplications of the products a row takes forward, all experts computed. */
function productsPerRow(network: NetworkDescription): number {
  const chain = (from: number, layers: readonly number[]) =>
    layers.reduce((sum, width, j) => sum + width * (layers[j - 1] ?? from), 0);
  let total = 0;
  network.levels.forEach((level, l) => {
    const width = sourceWidth(network, l);
    for (const { layers } of level.experts) total += chain(width, layers);
    for (const { experts, layers = [] } of level.gates) total += chain(width, [...layers, experts.length]);
    total += level.streams.length * level.experts.length * levelWidth(level);
  });
  for (const { tower, outputs } of network.tasks)
    total += chain(topWidth(network), [...tower.layers, outputs]);
  return total;
}

interface Measured {
  readonly name: string;
  readonly products: number;
  /** Rows per second, round by round. */
  readonly rates: number[];
}

/**
 * Rows per second of training steps by variant, in turns; `kernels`: the folder with the engine's kernels.
 */
export async function measureVariants(
  kernels: string,
  { batch, threads, rounds, seconds }: Record<'batch' | 'threads' | 'rounds' | 'seconds', number>,
): Promise<Measured[]> {
  const draw = seededUniform(1, 'rows');
  const data = {
    rows,
    numeric: Float32Array.from({ length: rows * inputs }, () => 2 * draw() - 1),
    categorical: new Int32Array(0),
    labels: Float32Array.from({ length: rows * tasks.length }, () => (draw() < 0.5 ? 0 : 1)),
    weights: null,
  };
  const order = Uint32Array.from({ length: rows }, (_, row) => (row * 7919) % rows);
  const optimizer = {
    optimizer: 'adam' as const,
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    momentum: 0,
  };
  const entries = [];
  for (const [name, model] of Object.entries(models)) {
    const description = buildNetwork(modelOf(model), { numeric: inputs, fields: [] }, tasks);
    const engine = await createFusedEngine(
      { description, weights: initialWeights(description, 1), optimizer, threads },
      undefined,
      kernels,
    );
    entries.push({
      engine,
      loaded: engine.load(data),
      measured: { name, products: productsPerRow(description), rates: [] as number[] },
    });
  }
  for (let round = -1; round < rounds; round++) {
    for (const { engine, loaded, measured } of entries) {
      const began = performance.now();
      let done = 0;
      for (let at = 0; performance.now() - began < 1000 * seconds; at = (at + batch) % (rows - batch + 1)) {
        engine.step(loaded, order.subarray(at, at + batch));
        done += batch;
      }
      if (round >= 0) measured.rates.push((1000 * done) / (performance.now() - began));
    }
  }
  for (const { engine } of entries) engine.dispose();
  return entries.map(({ measured }) => measured);
}
