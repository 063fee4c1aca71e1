import type { Rank } from '@tensorflow/tfjs-core';
import type { EncodedRows } from '../../../network/encoded-rows.js';
import { readBatch, unreadBatch } from '../input/batch.js';
import { addDistance } from './distance.js';
import { taskLoss } from './losses.js';
import type { Model } from '../model.js';
import type { TrainingPass } from '../graph/training-pass.js';
import { valuesOf, type Tensor } from '../backend/tf.js';

export interface Differentiation {
  /** Per task, NaN where no row has the label. */
  readonly losses: Float64Array;
  /** Of the minimised loss, by the layout's arrays. */
  readonly gradients: readonly Float32Array[];
  /** The batch's means and variances, by the arrays of the running ones. */
  readonly statistics: TrainingPass['statistics'];
  /**
   * The task whose loss is not finite, or whose loss is the largest where a gradient is not; null: all is
   * well.
   */
  readonly diverged: number | null;
}

/** What is differentiated: Σ_k lossWeights_k · L_k, and what the description adds. */
export interface Minimised {
  /** [tasks]. */
  readonly lossWeights: ArrayLike<number>;
  /** Balance, entropy and distance. */
  readonly additions: boolean;
}

/**
 * The losses of the rows at `indices` and the gradient of the minimised loss; forward and backward by tfjs'
 * tape.
 */
export function differentiate(
  model: Model,
  data: EncodedRows,
  indices: Uint32Array,
  pass: TrainingPass,
  { lossWeights, additions }: Minimised,
): Differentiation {
  const { tf, network, layout, graph, arrays } = model;
  const losses = new Float64Array(network.tasks.length);
  let labelled: readonly boolean[] = [];
  const gradients: Float32Array[] = layout.arrays.map(({ inGraph }, i) =>
    inGraph ? new Float32Array(0) : new Float32Array(arrays[i]!.length),
  );
  tf.tidy(() => {
    const inputs = model.inputs(readBatch(network.input, layout, data, indices, arrays), indices.length);
    const variables = model.variables();
    const sumOfLosses = () => {
      const { outputs } = graph.forward(inputs, variables, pass);
      // The losses are computed outside of tfjs, in double precision, and hand their gradients to its tape.
      const byOutputs = network.tasks.map((task, k) => {
        const found = taskLoss(
          task,
          k,
          network.tasks.length,
          lossWeights[k]!,
          valuesOf(outputs[k]!),
          data,
          indices,
        );
        losses[k] = found.loss;
        return found;
      });
      labelled = byOutputs.map((found) => found.labelled);
      const gradFunc = () => byOutputs.map(({ gradient }, k) => tf.tensor2d(gradient, outputs[k]!.shape));
      const weighted: Tensor = tf.customGrad(() => ({ value: tf.scalar(0), gradFunc }))(...outputs);
      const sum = additions
        ? pass.additions.reduce((all, addition) => tf.add(all, addition), weighted)
        : weighted;
      return tf.reshape<Rank.R0>(sum, []);
    };
    const { base, embedded } = inputs;
    const by = [base, ...(embedded === null ? [] : [embedded]), ...variables.values()];
    // Not tf.grads, which refuses an input that the loss does not depend on, such as an expert that no route
    // reads.
    const { grads } = tf.engine().gradients(sumOfLosses, by, undefined, true);
    const found = new Map(by.map((tensor, i) => [tensor, gradientOf(tensor, grads[i])]));
    for (const [array, variable] of variables) gradients[array] = found.get(variable)!;
    unreadBatch(
      layout,
      data,
      indices,
      { base: found.get(base)!, embedded: embedded === null ? null : found.get(embedded)! },
      gradients,
    );
  });
  if (additions) addDistance(network, layout, arrays, gradients);
  withoutUnlearned(model, gradients);
  return {
    losses,
    gradients,
    statistics: pass.statistics,
    diverged: divergedTask(losses, labelled, gradients),
  };
}

/** Sets gradients to 0 by what no gradient changes. */
export function withoutUnlearned({ layout, treatments }: Model, gradients: readonly Float32Array[]): void {
  treatments.forEach(({ learningRate }, array) => {
    if (learningRate === 0) gradients[array]!.fill(0);
  });
  for (const { array, column, width } of layout.unlearned) gradients[array]!.fill(0, column, column + width);
}

/** tfjs says "does not depend on it" by leaving the gradient out. */
const gradientOf = (by: Tensor, gradient: Tensor | null | undefined): Float32Array =>
  gradient ? valuesOf(gradient) : new Float32Array(by.size);

function divergedTask(
  losses: Float64Array,
  labelled: readonly boolean[],
  gradients: readonly Float32Array[],
): number | null {
  const infinite = losses.findIndex((loss, k) => labelled[k]! && !Number.isFinite(loss));
  if (infinite >= 0) return infinite;
  // x · 0 is 0 unless x is infinite or NaN.
  let check = 0;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) check += gradient[i]! * 0;
  // Without any label, what the description adds may still be too much.
  return check === 0
    ? null
    : Math.max(0, losses.indexOf(Math.max(...losses.filter((loss) => !Number.isNaN(loss)))));
}
