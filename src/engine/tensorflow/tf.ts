import type * as tfjsCore from '@tensorflow/tfjs-core';

/** tfjs' core, whichever copy computes: the bundled one, or the one inside tfjs-node. Never a value of one handed to the other. */
export type Tf = typeof tfjsCore;
export type Tensor = tfjsCore.Tensor;
export type Tensor2D = tfjsCore.Tensor2D;
export type Tensor3D = tfjsCore.Tensor3D;
