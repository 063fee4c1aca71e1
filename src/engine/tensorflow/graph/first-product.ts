import type { Tensor2D, Tensor3D, Tf } from '../backend/tf.js';
import { product, productOfData } from './ops.js';

/**
 * The terms of the sum W x + b of everything that reads the input: [rows, columns]. The encoded row x is
 * never there as a whole, for a one-hot field of many values would make it large.
 */
export interface FirstTerms {
  /** [rows, columns]: biases, and the rows of W that belong to the values of wide one-hot fields. */
  readonly base: Tensor2D;
  /** Numeric columns and narrow one-hot fields; null: there are none. */
  readonly dense: FirstTerm | null;
  /** Embeddings side by side; null: there are none. */
  readonly embedded: FirstTerm | null;
  /**
   * The rows of W [width of an embedding, columns] for the embeddings' pooled products; null: there are none.
   */
  readonly pooledWeight: Tensor2D | null;
  /** The rows of W [width of all periodic embeddings, columns]; null: there are none. */
  readonly periodicWeight: Tensor2D | null;
}

export interface FirstTerm {
  /** Part of x: [rows, width]. */
  readonly values: Tensor2D;
  /** The rows of W for it: [width, columns]. */
  readonly weight: Tensor2D;
}

/** `periodic`: the periodic embeddings side by side; null: there are none. */
export function firstProduct(
  tf: Tf,
  { base, dense, embedded, pooledWeight, periodicWeight }: FirstTerms,
  periodic: Tensor2D | null,
): Tensor2D {
  let sum = base;
  if (dense !== null) sum = tf.add(sum, productOfData(tf, dense.values, dense.weight));
  if (embedded !== null) sum = tf.add(sum, product(tf, embedded.values, embedded.weight));
  if (embedded !== null && pooledWeight !== null) {
    const pooled = pooledProducts(tf, embedded.values, pooledWeight.shape[0]);
    sum = tf.add(sum, product(tf, pooled, pooledWeight));
  }
  if (periodic !== null && periodicWeight !== null) sum = tf.add(sum, product(tf, periodic, periodicWeight));
  return sum;
}

/**
 * Computes ½((Σ_f e_f)² − Σ_f e_f²) of embeddings side by side, each `width` wide (Rendle 2010, lemma 3.1):
 * [rows, width].
 */
function pooledProducts(tf: Tf, embedded: Tensor2D, width: number): Tensor2D {
  const [rows, columns] = embedded.shape;
  const fields: Tensor3D = tf.reshape(embedded, [rows, columns / width, width]);
  const ofSum = tf.square(tf.sum<Tensor2D>(fields, 1));
  return tf.mul(tf.sub(ofSum, tf.sum<Tensor2D>(tf.square(fields), 1)), 0.5);
}
