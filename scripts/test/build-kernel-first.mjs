import { buildKernel } from '../build-kernel.mjs';

/**
 * Before any unit test: the kernels that the fused engine loads from the source tree. Quick when nothing has
 * changed.
 */
export async function setup() {
  await buildKernel();
}
