import type { ArrayIndex } from '../arrays.js';
import type { Context } from './context.js';
import type { NormalizationPlan } from '../layer-plan.js';
import { differentiable } from './ops.js';
import { valuesOf, type Tensor2D } from '../backend/tf.js';

const EPSILON = 1e-5;
const BATCH_SHARE = 0.1;

/**
 * (x − mean) / √(variance + ε) · scale + shift of x [rows, units]: over each row's units, or over the batch's
 * rows where `running` is there.
 */
export function normalize(
  context: Context,
  x: Tensor2D,
  { scale, shift, running }: NormalizationPlan,
): Tensor2D {
  const { tf, pass } = context;
  const standard =
    running !== null && pass === null
      ? tf.mul(
          tf.sub(x, context.vector(running.mean)),
          tf.rsqrt(tf.add(context.vector(running.variance), EPSILON)),
        )
      : standardize(context, x, running);
  return tf.add(tf.mul(standard, context.vector(scale)), context.vector(shift));
}

/**
 * x̂ = (x − mean) / √(variance + ε) by the values' own moments. With s = 1 / √(variance + ε) and means over
 * the same axis, ∂/∂x = s (∂ − mean(∂) − x̂ mean(∂ x̂)) of ∂ by x̂, in closed form because the terms of tfjs'
 * own derivation cancel less exactly.
 */
function standardize({ tf, pass }: Context, x: Tensor2D, running: NormalizationPlan['running']): Tensor2D {
  const axis = running === null ? 1 : 0;
  const mean = (values: Tensor2D) => tf.mean<Tensor2D>(values, axis, true);
  const center = mean(x);
  const variance = mean(tf.square(tf.sub<Tensor2D>(x, center)));
  if (running !== null && pass !== null) {
    pass.statistics.set(running.mean, valuesOf(center));
    pass.statistics.set(running.variance, valuesOf(variance));
  }
  const inverse = tf.rsqrt(tf.add<Tensor2D>(variance, EPSILON));
  const standard = tf.mul<Tensor2D>(tf.sub(x, center), inverse);
  return differentiable(tf, [x], [standard, inverse], {
    value: () => tf.clone(standard),
    gradients: (dy, [normal, scale]) => {
      const along = tf.mul<Tensor2D>(normal!, mean(tf.mul(dy, normal!)));
      return [tf.mul(scale!, tf.sub(tf.sub(dy, mean(dy)), along))];
    },
  });
}

/** running ← 0.9 running + 0.1 batch, by array. */
export function moveStatistics(
  arrays: readonly Float32Array[],
  statistics: ReadonlyMap<ArrayIndex, Float32Array>,
): void {
  for (const [array, batch] of statistics) {
    const running = arrays[array]!;
    for (let i = 0; i < running.length; i++)
      running[i] = (1 - BATCH_SHARE) * running[i]! + BATCH_SHARE * batch[i]!;
  }
}
