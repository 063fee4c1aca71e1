import type { ArrayIndex } from '../arrays.js';
import type { TrainingPass } from './training-pass.js';
import type { Tensor, Tensor1D, Tensor2D, Tf } from '../backend/tf.js';

/** What a forward pass computes with. */
export interface Context {
  readonly tf: Tf;
  /** Null: the network is evaluated, without dropout and noise, by running statistics. */
  readonly pass: TrainingPass | null;
  readonly matrix: (array: ArrayIndex) => Tensor2D;
  readonly vector: (array: ArrayIndex) => Tensor1D;
  /** A tensor that is made once and kept. */
  readonly constant: <T extends Tensor>(name: string, make: () => T) => T;
}
