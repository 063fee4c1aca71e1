import type { Activation, LayerExtras } from '../../../network/description.js';
import type { Context } from './context.js';
import type { LayerPlan, NormalizationPlan } from '../layer-plan.js';
import { normalize } from './normalization.js';
import { affine } from './ops.js';
import type { Tensor2D, Tf } from '../backend/tf.js';

/** What an MLP does after each of its products. */
export interface LayerKind extends LayerExtras {
  readonly activation: Activation;
}

/** Layers upon each other; `name`: of the first, to draw its dropout by, and how far it is counted. */
export function layersAbove(
  context: Context,
  below: Tensor2D,
  plans: readonly LayerPlan[],
  kind: LayerKind,
  name: string,
  first = 0,
): Tensor2D {
  return plans.reduce(
    (x, plan, j) =>
      finishLayer(context, linear(context, x, plan), plan.normalization, kind, `${name}.${first + j}`),
    below,
  );
}

/** W x + b. */
export function linear(context: Context, x: Tensor2D, { weight, bias }: LayerPlan): Tensor2D {
  return affine(context.tf, x, context.matrix(weight), bias === null ? null : context.vector(bias));
}

/** dropout(activation(normalization(x))) of a layer's product x [rows, units]. */
export function finishLayer(
  context: Context,
  x: Tensor2D,
  normalization: NormalizationPlan | null,
  { activation, dropout = 0 }: LayerKind,
  name: string,
): Tensor2D {
  const { tf, pass } = context;
  const units = activate(tf, normalization === null ? x : normalize(context, x, normalization), activation);
  if (pass === null || dropout === 0) return units;
  return tf.mul(units, tf.tensor2d(pass.dropout(`${name}.dropout`, dropout, ...x.shape), x.shape));
}

export function activate(tf: Tf, x: Tensor2D, activation: Activation): Tensor2D {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'silu':
      return tf.mul(x, tf.sigmoid(x));
    case 'gelu': {
      const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
      return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
    }
  }
}
