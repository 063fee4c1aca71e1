import type { GradSaveFunc, Rank } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor3D, Tf } from '../backend/tf.js';

/**
 * Products with gradients of their own: tfjs' multiply with a transposed operand, which the WebAssembly
 * backend computes without SIMD (16 ms for 500×256·256×144, against 1.6 ms for a transposition and a plain
 * product).
 */

/** a · w of shapes [rows, in] and [in, out]. */
export function product(tf: Tf, a: Tensor2D, w: Tensor2D): Tensor2D {
  return differentiable(tf, [a, w], [a, w], {
    value: () => tf.matMul(a, w),
    gradients: (dy, saved) => [
      tf.matMul(dy, tf.transpose(saved[1]!)),
      tf.matMul(tf.transpose(saved[0]!), dy),
    ],
  });
}

/** x · w where no gradient by x is wanted; x outlives the tape. */
export function productOfData(tf: Tf, x: Tensor2D, w: Tensor2D): Tensor2D {
  return differentiable(tf, [w], [], {
    value: () => tf.matMul(x, w),
    gradients: (dy) => [tf.matMul(tf.transpose(x), dy)],
  });
}

/** a · w + b, b of shape [out] or null. */
export function affine(tf: Tf, a: Tensor2D, w: Tensor2D, b: Tensor | null): Tensor2D {
  return b === null ? product(tf, a, w) : addBias(tf, product(tf, a, w), b);
}

/** x + b; the gradient by b is a product with ones, for tfjs' sum over rows transposes first. */
function addBias(tf: Tf, x: Tensor2D, b: Tensor): Tensor2D {
  return differentiable(tf, [x, b], [], {
    value: () => tf.add(x, b),
    gradients: (dy) => [dy, tf.reshape(tf.matMul(tf.ones<Rank.R2>([1, dy.shape[0]]), dy), [dy.shape[1]])],
  });
}

/** Returns `count` columns of x from `begin` on. */
export const columns = (tf: Tf, x: Tensor2D, begin: number, count: number): Tensor2D =>
  begin === 0 && count === x.shape[1] ? x : tf.slice(x, [0, begin], [x.shape[0], count]);

/** CV²: the biased variance of a vector's values by the square of their mean. */
export function squaredVariation(tf: Tf, values: Tensor): Tensor {
  const mean = tf.mean(values);
  return tf.div(tf.mean(tf.square(tf.sub(values, mean))), tf.square(mean));
}

/** Returns x[:, index, :] of x [rows, n, width]. */
export function row(tf: Tf, x: Tensor3D, index: number): Tensor2D {
  const [rows, count, width] = x.shape;
  return tf.reshape(count === 1 ? x : tf.slice(x, [0, index, 0], [rows, 1, width]), [rows, width]);
}

interface Differentiable {
  value(): Tensor2D;
  /**
   * Returns the gradient of the minimised value by each input. `saved` are the tensors named to be saved;
   * they are alive until then.
   */
  gradients(dy: Tensor2D, saved: readonly Tensor2D[]): Tensor[];
}

/** Computes an operation with a gradient of its own. */
export function differentiable(
  tf: Tf,
  inputs: readonly Tensor[],
  saved: readonly Tensor2D[],
  op: Differentiable,
): Tensor2D {
  const run = tf.customGrad(
    (...args): { value: Tensor2D; gradFunc: (dy: Tensor2D, saved: Tensor[]) => Tensor[] } => {
      (args.at(-1) as GradSaveFunc)([...saved]);
      return { value: op.value(), gradFunc: (dy, kept) => op.gradients(dy, kept as Tensor2D[]) };
    },
  );
  return run(...inputs);
}
