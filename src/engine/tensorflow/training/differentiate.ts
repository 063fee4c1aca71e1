import type { Rank, Scalar } from '@tensorflow/tfjs-core';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import type { NamedArrays } from '../../../network/parameters.js';
import { valuesOf, type Tensor } from '../backend/tf.js';
import type { FirstTerms } from '../graph/first-product.js';
import type { TrainingPass } from '../graph/training-pass.js';
import { unreadBatch } from '../input/batch.js';
import { partRows } from '../input/first-weights.js';
import type { TensorflowModel } from '../model.js';
import { zeroArrays } from '../named-arrays.js';
import { addDistance } from './distance.js';
import { taskLoss } from './losses.js';

export interface Differentiation {
  /** Per task, NaN where no row has the label. */
  readonly losses: Float64Array;
  /** The minimised loss's gradient, by parameter name. */
  readonly gradients: NamedArrays;
  /** The batch's means and variances, by the names of the running ones. */
  readonly statistics: TrainingPass['statistics'];
  /**
   * The task whose loss is not finite, or whose loss is the largest where a gradient is not; null: all is
   * well.
   */
  readonly diverged: number | null;
}

/** The loss that is differentiated: Σ_k lossWeights_k · L_k, and the losses that the description adds. */
export interface Minimised {
  /** [tasks]. */
  readonly lossWeights: ArrayLike<number>;
  /** Whether balance, load, entropy and distance losses are added. */
  readonly additions: boolean;
}

/**
 * Computes the losses of the rows at `indices` and the gradient of the minimised loss; forward and backward
 * by tfjs' tape.
 */
export function differentiate(
  model: TensorflowModel,
  data: EncodedRows,
  indices: Uint32Array,
  pass: TrainingPass,
  { lossWeights, additions }: Minimised,
): Differentiation {
  const { tf, network, graph } = model;
  const { tasks } = network;
  const losses = new Float64Array(tasks.length);
  let labelled: readonly boolean[] = [];
  const gradients = zeroArrays(model.specs);
  tf.tidy(() => {
    const terms = model.terms(data, indices);
    const parameters = model.parameters();
    const sumOfLosses = () => {
      const { outputs } = graph.forward(terms, parameters, pass);
      // The losses are computed outside of tfjs, in double precision, and hand their gradients to its tape.
      const byOutputs = tasks.map((task, k) =>
        taskLoss(task, k, tasks.length, lossWeights[k]!, valuesOf(outputs[k]!), data, indices),
      );
      byOutputs.forEach(({ loss }, k) => (losses[k] = loss));
      labelled = byOutputs.map((found) => found.labelled);
      const gradFunc = () => byOutputs.map(({ gradient }, k) => tf.tensor2d(gradient, outputs[k]!.shape));
      const weighted: Tensor = tf.customGrad(() => ({ value: tf.scalar(0), gradFunc }))(...outputs);
      const sum = additions
        ? pass.additions.reduce((all, addition) => tf.add(all, addition), weighted)
        : weighted;
      return tf.reshape<Rank.R0>(sum, []);
    };
    const learned = model.specs.flatMap(({ name, learningRate }) =>
      learningRate !== 0 && parameters.has(name) ? [name] : [],
    );
    const found = gradientsBy(model, sumOfLosses, [
      ...differentiated(terms),
      ...learned.map((name) => parameters.get(name)!),
    ]);
    for (const name of learned) gradients.get(name)!.data.set(found(parameters.get(name)!));
    takeFirst(model, data, indices, terms, found, gradients);
  });
  if (additions) addDistance(network, model.weights, gradients);
  return {
    losses,
    gradients,
    statistics: pass.statistics,
    diverged: divergedTask(losses, labelled, gradients),
  };
}

/** Sets the gradient by what no gradient changes to 0. */
export function clearUnlearned({ specs }: TensorflowModel, gradients: NamedArrays): void {
  for (const { name, learningRate } of specs) if (learningRate === 0) gradients.get(name)!.data.fill(0);
}

type Found = (by: Tensor) => Float32Array;

function gradientsBy({ tf }: TensorflowModel, loss: () => Scalar, by: readonly Tensor[]): Found {
  // Not tf.grads, which refuses an input that the loss does not depend on, such as an expert that no route
  // reads.
  const { grads } = tf.engine().gradients(loss, [...by], undefined, true);
  const found = new Map(by.map((tensor, i) => [tensor, grads[i]]));
  return (tensor) => {
    const gradient = found.get(tensor);
    // tfjs says "does not depend on it" by leaving the gradient out.
    return gradient ? valuesOf(gradient) : new Float32Array(tensor.size);
  };
}

/** Lists what is differentiated by of the first product's terms. */
const differentiated = ({ base, dense, embedded, pooledWeight, periodicWeight }: FirstTerms): Tensor[] =>
  [base, dense?.weight, embedded?.values, embedded?.weight, pooledWeight, periodicWeight].filter(
    (tensor) => tensor !== undefined && tensor !== null,
  );

/** Takes the gradients by the first product's terms to the parameters that these were made of. */
function takeFirst(
  { first }: TensorflowModel,
  data: EncodedRows,
  indices: Uint32Array,
  { base, dense, embedded, pooledWeight, periodicWeight }: FirstTerms,
  found: Found,
  gradients: NamedArrays,
): void {
  const { layers, parts } = first;
  if (dense !== null) partRows(gradients, layers, parts.dense, found(dense.weight));
  if (embedded !== null) partRows(gradients, layers, parts.embedded, found(embedded.weight));
  if (pooledWeight !== null) partRows(gradients, layers, parts.pooled, found(pooledWeight));
  if (periodicWeight !== null) partRows(gradients, layers, parts.periodic, found(periodicWeight));
  const byEmbedded = embedded === null ? new Float32Array(0) : found(embedded.values);
  unreadBatch(first, data, indices, { base: found(base), embedded: byEmbedded }, gradients);
}

function divergedTask(
  losses: Float64Array,
  labelled: readonly boolean[],
  gradients: NamedArrays,
): number | null {
  const infinite = losses.findIndex((loss, k) => labelled[k]! && !Number.isFinite(loss));
  if (infinite >= 0) return infinite;
  // x · 0 is 0 unless x is infinite or NaN.
  let check = 0;
  for (const { data } of gradients.values()) for (let i = 0; i < data.length; i++) check += data[i]! * 0;
  // Without any label, what the description adds may still be too much.
  return check === 0
    ? null
    : Math.max(0, losses.indexOf(Math.max(...losses.filter((loss) => !Number.isNaN(loss)))));
}
