import type { LayerExtras } from '../../../network/description.js';
import type { NamedArrays } from '../../../network/parameters.js';
import { valuesOf, type Tensor2D, type Tf } from '../backend/tf.js';
import type { Context } from './context.js';
import { differentiable } from './ops.js';

const EPSILON = 1e-5;
const BATCH_SHARE = 0.1;

/** Computes (x − mean) / √(variance + ε) · scale + shift of x [rows, units]; `name`: of the layer. */
export function normalize(
  context: Context,
  x: Tensor2D,
  kind: NonNullable<LayerExtras['normalization']>,
  name: string,
): Tensor2D {
  const { tf } = context;
  const standard = standardized(context, x, kind, name);
  return tf.add(tf.mul(standard, context.vector(`${name}.scale`)), context.vector(`${name}.shift`));
}

function standardized(
  context: Context,
  x: Tensor2D,
  kind: NonNullable<LayerExtras['normalization']>,
  name: string,
): Tensor2D {
  const { tf, pass, vector } = context;
  switch (kind) {
    case 'layer':
      return standardize(tf, x, 1).standard;
    case 'batch': {
      if (pass === null) {
        const deviation = tf.rsqrt(tf.add(vector(`${name}.variance`), EPSILON));
        return tf.mul(tf.sub(x, vector(`${name}.mean`)), deviation);
      }
      const { standard, mean, variance } = standardize(tf, x, 0);
      pass.statistics.set(`${name}.mean`, valuesOf(mean));
      pass.statistics.set(`${name}.variance`, valuesOf(variance));
      return standard;
    }
  }
}

/**
 * Computes x̂ = (x − mean) / √(variance + ε) by the values' own moments along an axis. With s = 1 /
 * √(variance + ε) and means along the same axis, ∂/∂x = s (∂ − mean(∂) − x̂ mean(∂ x̂)) of ∂ by x̂, in closed
 * form because the terms of tfjs' own derivation cancel less exactly.
 */
function standardize(tf: Tf, x: Tensor2D, axis: 0 | 1) {
  const meanOf = (values: Tensor2D) => tf.mean<Tensor2D>(values, axis, true);
  const mean = meanOf(x);
  const variance = meanOf(tf.square(tf.sub<Tensor2D>(x, mean)));
  const inverse = tf.rsqrt(tf.add<Tensor2D>(variance, EPSILON));
  const value = tf.mul<Tensor2D>(tf.sub(x, mean), inverse);
  const standard = differentiable(tf, [x], [value, inverse], {
    value: () => tf.clone(value),
    gradients: (dy, [normal, scale]) => {
      const along = tf.mul<Tensor2D>(normal!, meanOf(tf.mul(dy, normal!)));
      return [tf.mul(scale!, tf.sub(tf.sub(dy, meanOf(dy)), along))];
    },
  });
  return { standard, mean, variance };
}

/** Moves running statistics: running ← 0.9 running + 0.1 batch, by parameter name. */
export function moveStatistics(weights: NamedArrays, statistics: ReadonlyMap<string, Float32Array>): void {
  for (const [name, batch] of statistics) {
    const running = weights.get(name)!.data;
    for (let i = 0; i < running.length; i++)
      running[i] = (1 - BATCH_SHARE) * running[i]! + BATCH_SHARE * batch[i]!;
  }
}
