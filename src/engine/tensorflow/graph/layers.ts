import type { Activation, LayerExtras } from '../../../network/description.js';
import type { Tensor1D, Tensor2D, Tf } from '../backend/tf.js';
import type { Context } from './context.js';
import { normalize } from './normalization.js';
import { affine, columns } from './ops.js';
import type { LayerColumns } from './side-by-side.js';

/** The layers of an MLP, as experts, gates and towers describe them. */
export interface MlpLayers extends LayerExtras {
  readonly layers: readonly number[];
  readonly activation: Activation;
  /** Default: true. */
  readonly bias?: boolean;
}

/** Layer j is named `<name>.<j>`. */
export interface MlpNames {
  /** The name of its parameters. */
  readonly parameters: string;
  /** The name by which its dropout is drawn. */
  readonly draws: string;
}

/** Computes layers `first` … of an MLP, from what the layer below them has made. */
export function upperLayers(
  context: Context,
  below: Tensor2D,
  mlp: MlpLayers,
  names: MlpNames,
  first: number,
): Tensor2D {
  return mlp.layers
    .slice(first)
    .reduce(
      (x, _, j) =>
        finishLayer(
          context,
          linear(context, x, `${names.parameters}.${first + j}`, mlp.bias ?? true),
          mlp,
          names,
          first + j,
        ),
      below,
    );
}

/**
 * Computes dropout(activation(normalization(x))) of layer j, from its product x = W below + b [rows, units].
 */
export function finishLayer(
  context: Context,
  x: Tensor2D,
  { activation, normalization, dropout = 0 }: MlpLayers,
  { parameters, draws }: MlpNames,
  j: number,
): Tensor2D {
  const { tf, pass } = context;
  const normal = normalization === undefined ? x : normalize(context, x, normalization, `${parameters}.${j}`);
  const units = activateUnits(tf, normal, activation);
  if (pass === null || dropout === 0) return units;
  return tf.mul(units, tf.tensor2d(pass.dropout(`${draws}.${j}.dropout`, dropout, ...x.shape), x.shape));
}

/** Computes W x + b of the layer of this name. */
export function linear(context: Context, x: Tensor2D, name: string, hasBias: boolean): Tensor2D {
  const bias = hasBias ? context.vector(`${name}.bias`) : null;
  return affine(context.tf, x, context.matrix(`${name}.weight`), bias);
}

/** Computes W x + b of all these layers as one product. */
export function linearSideBySide(
  context: Context,
  x: Tensor2D,
  layers: readonly LayerColumns[],
): LinearOutputs {
  const { tf } = context;
  const weights = layers.map(({ name }) => context.matrix(`${name}.weight`));
  const biases = layers.map(({ name, units, hasBias }): Tensor1D =>
    hasBias ? context.vector(`${name}.bias`) : tf.zeros([units]),
  );
  const bias = layers.some(({ hasBias }) => hasBias) ? tf.concat(biases) : null;
  return new LinearOutputs(tf, layers, affine(tf, x, tf.concat(weights, 1), bias));
}

/** W x + b of layers that read the same x, side by side: [rows, columns of all]. */
export class LinearOutputs {
  constructor(
    private readonly tf: Tf,
    private readonly layers: readonly LayerColumns[],
    private readonly values: Tensor2D,
  ) {}

  /** Returns what the layer of this name makes: [rows, units]. */
  of(name: string): Tensor2D {
    const { column, units } = this.layers.find((layer) => layer.name === name)!;
    return columns(this.tf, this.values, column, units);
  }

  /** Returns what the first layers make that have so many columns in all. */
  first(count: number): Tensor2D {
    return columns(this.tf, this.values, 0, count);
  }
}

export function activateUnits(tf: Tf, x: Tensor2D, activation: Activation): Tensor2D {
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
