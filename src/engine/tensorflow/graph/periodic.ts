import type { Rank } from '@tensorflow/tfjs-core';
import type { InputDescription, PeriodicDescription } from '../../../network/description.js';
import type { Tensor2D } from '../backend/tf.js';
import type { Context } from './context.js';
import { affine, columns, product } from './ops.js';

/**
 * Computes the periodic embeddings side by side, relu(A sin(2π c x) + B cos(2π c x) + b); null: there are none.
 * `numbers`: the numeric columns, first of all [rows, …].
 */
export function periodicEmbeddings(
  context: Context,
  { periodic = [] }: InputDescription,
  numbers: Tensor2D | null,
): Tensor2D | null {
  if (numbers === null || periodic.length === 0) return null;
  const all = periodic.map((each) => embedding(context, each, numbers));
  return all.length === 1 ? all[0]! : context.tf.concat(all, 1);
}

function embedding(
  { tf, matrix, vector }: Context,
  { name, column, frequencies }: PeriodicDescription,
  numbers: Tensor2D,
): Tensor2D {
  const x = columns(tf, numbers, column, 1);
  const c = tf.reshape<Rank.R2>(vector(`periodic.${name}.frequencies`), [1, frequencies]);
  const angles = tf.mul<Tensor2D>(product(tf, x, c), 2 * Math.PI);
  const bySines = affine(tf, tf.sin(angles), transposed(`periodic.${name}.sines`), null);
  const byCosines = affine(
    tf,
    tf.cos(angles),
    transposed(`periodic.${name}.cosines`),
    vector(`periodic.${name}.bias`),
  );
  return tf.relu(tf.add<Tensor2D>(bySines, byCosines));

  function transposed(parameter: string): Tensor2D {
    return tf.transpose(matrix(parameter));
  }
}
