import type * as tfjsCore from '@tensorflow/tfjs-core';

/**
 * tfjs' core, whichever copy computes: the bundled one, or the one inside tfjs-node. Never a value of one
 * handed to the other.
 */
export type Tf = typeof tfjsCore;
export type Tensor = tfjsCore.Tensor;
export type Tensor1D = tfjsCore.Tensor1D;
export type Tensor2D = tfjsCore.Tensor2D;
export type Tensor3D = tfjsCore.Tensor3D;

/** The looked-up values; a float tensor's, so that they are floats. */
export function valuesOf(tensor: Tensor): Float32Array {
  const values = tensor.dataSync();
  if (!(values instanceof Float32Array))
    throw new Error(`a tensor of floats was expected, not of ${tensor.dtype}`);
  return values;
}
