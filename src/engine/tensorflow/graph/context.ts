import type { Tensor, Tensor1D, Tensor2D, Tf } from '../backend/tf.js';
import type { TrainingPass } from './training-pass.js';

/** The tensors and functions that a forward pass computes with. */
export interface Context {
  readonly tf: Tf;
  /** Null: the network is evaluated, without dropout and noise, by running statistics. */
  readonly pass: TrainingPass | null;
  /** Returns the parameter of this name, which has the shape [in, out]. */
  readonly matrix: (name: string) => Tensor2D;
  /** Returns the parameter of this name, which has the shape [units]. */
  readonly vector: (name: string) => Tensor1D;
  /** Returns the tensor of this name; the first call makes it, and it is kept. */
  readonly constant: <T extends Tensor>(name: string, make: () => T) => T;
}
