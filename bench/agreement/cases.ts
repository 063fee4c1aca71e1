import { modelOf } from '../../src/experiment/defaults.js';
import type { ModelInput } from '../../src/experiment/schema/model.js';
import type { Engine, EngineOptions } from '../../src/engine/engine.js';
import { createFusedEngine } from '../../src/engine/fused/engine.js';
import { createTensorflowEngine } from '../../src/engine/tensorflow/tensorflow.js';
import type { InputDescription, NetworkDescription } from '../../src/network/description.js';
import { initialWeights, parameterSpecs, type NamedArrays } from '../../src/network/parameters.js';
import { seededUniform } from '../../src/network/draws/random.js';
import type { EncodedRows } from '../../src/network/encoded-rows.js';
import { buildNetwork } from '../../src/network/variants.js';
import { DynamicAverage } from '../../src/training/weighting/dynamic-average.js';
import { project } from '../../src/training/weighting/projected.js';

/**
 * Networks, their weights and a batch, with what an engine makes of them: written for
 * bench/agreement/check.py to compare.
 */

const rowsCount = 64;
const inputs = 12;
const input: InputDescription = { numeric: inputs, fields: [] };
const tasks = ['one', 'two'].map((name) => ({
  name,
  kind: 'regression' as const,
  outputs: 1,
  lossWeight: 1,
}));
const plain = {
  experts: { count: 4, layers: [9, 6] },
  towers: { layers: [5] },
  gates: { bias: true, temperature: 1 },
};

const models: Record<string, ModelInput> = {
  mmoe: { variant: 'mmoe', ...plain },
  'mmoe with batch normalization': {
    ...{ variant: 'mmoe', gates: plain.gates },
    ...{
      experts: { ...plain.experts, normalization: 'batch' },
      towers: { layers: [5], normalization: 'batch' },
    },
  },
  cgc: { variant: 'cgc', ...plain, experts: { ...plain.experts, perTask: 2, shared: 3 } },
  'ple with batch normalization': {
    ...{ variant: 'ple', levels: 3, gates: plain.gates },
    ...{
      experts: { count: 1, layers: [8, 6], perTask: 2, shared: 1, normalization: 'batch' },
      towers: { layers: [5], normalization: 'batch' },
    },
  },
  // Five layers, as the public one's ResNet has stages.
  'cross-stitch': { variant: 'cross-stitch', ...plain, experts: { count: 1, layers: [8, 7, 6, 5, 4] } },
};

function randomised(network: NetworkDescription): NamedArrays {
  const weights = initialWeights(network, 1);
  for (const [name, { data }] of weights) {
    const draw = seededUniform(2, name);
    const positive = name.endsWith('variance');
    // No zeros for biases, running statistics of their own.
    if (/bias|shift|mean|variance|scale|constants/.test(name))
      data.forEach((_, i) => (data[i] = positive ? 0.5 + draw() : draw() - 0.3));
  }
  return weights;
}

/**
 * The public cross-stitch network mixes every task's layer by the same row, and does not stitch the first
 * layer or the last.
 */
function publicStitches(network: NetworkDescription, weights: NamedArrays): void {
  network.levels.forEach((_, level) => {
    const row = Float32Array.from(weights.get(`levels.${level}.routes.0.constants`)!.data);
    tasks.forEach((__, task) => {
      const plainRow = tasks.map((___, other) => (other === task ? 1 : 0));
      const stitched = level > 0 && level < network.levels.length - 1;
      weights.get(`levels.${level}.routes.${task}.constants`)!.data.set(stitched ? row : plainRow);
    });
  });
}

function batch(): EncodedRows {
  const draw = seededUniform(3, 'rows');
  return {
    rows: rowsCount,
    numeric: Float32Array.from({ length: rowsCount * inputs }, () => 2 * draw() - 1),
    categorical: new Int32Array(0),
    labels: Float32Array.from({ length: rowsCount * tasks.length }, () => 2 * draw() - 1),
    weights: null,
  };
}

const optimizer = {
  optimizer: 'sgd' as const,
  learningRate: 0.1,
  beta1: 0,
  beta2: 0,
  epsilon: 1,
  momentum: 0,
};
const plainArrays = (arrays: NamedArrays) =>
  Object.fromEntries([...arrays].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));

/** `kernels`: the folder with the fused engine's kernels. */
export async function cases(use: 'fused' | 'tensorflow', kernels: string): Promise<object> {
  const open = (options: EngineOptions): Promise<Engine> =>
    use === 'fused' ? createFusedEngine(options, undefined, kernels) : createTensorflowEngine(options);
  const rows = batch();
  const indices = Uint32Array.from({ length: rowsCount }, (_, row) => row);
  const networks = [];
  for (const [name, model] of Object.entries(models)) {
    const network = buildNetwork(modelOf(model), input, tasks);
    const weights = randomised(network);
    if (model.variant === 'cross-stitch') publicStitches(network, weights);
    const logVariances = [0.3, -0.7];
    // Half, as Kendall et al. have it for squared errors.
    const weighed = {
      ...network,
      tasks: network.tasks.map((task, k) => ({ ...task, lossWeight: 0.5 * Math.exp(-logVariances[k]!) })),
    };
    const engine = await open({ description: weighed, weights, optimizer, threads: 1 });
    const loaded = engine.load(rows);
    const { predictions, routes } = engine.evaluate(loaded, indices, { routes: true });
    const { losses, gradients } = engine.gradients(loaded, indices);
    const shared = new Set(
      parameterSpecs(network)
        .map((spec) => spec.name)
        .filter((each) => each.includes('experts')),
    );
    const own = engine.taskGradients(loaded, indices).gradients;
    // Two tasks: the order in which conflicts are taken away makes no difference.
    const conflicts = project(own, engine.mask(shared), () => 0);
    const total = conflicts[0]!.map((value, i) => value + conflicts[1]![i]!);
    engine.applyGradient(total);
    const after = engine.weights();
    const projected: NamedArrays = new Map(
      [...weights].map(([each, { shape, data }]) => [
        each,
        { shape, data: data.map((value, i) => (value - after.get(each)!.data[i]!) / optimizer.learningRate) },
      ]),
    );
    networks.push({
      ...{ name, engine: engine.info.target, logVariances, losses: [...losses] },
      ...{
        weights: plainArrays(weights),
        gradients: plainArrays(gradients),
        projected: plainArrays(projected),
      },
      ...{
        predictions: predictions.map((values) => [...values]),
        routes: (routes ?? []).map((values) => [...values]),
      },
    });
    engine.dispose();
  }
  return {
    inputs,
    rows: rowsCount,
    x: [...rows.numeric],
    labels: [...rows.labels],
    networks,
    average: averages(),
  };
}

/** Dynamic weight average over four epochs of two tasks. */
function averages(): object {
  const epochs = [
    [1, 2],
    [0.6, 1.9],
    [0.5, 1.2],
    [0.45, 1.15],
  ];
  const average = new DynamicAverage(tasks, 2);
  const weights = epochs.map((losses) => {
    const used = average.weights();
    average.add(Float64Array.from(losses));
    average.endEpoch();
    return used;
  });
  return { epochs, weights };
}
