import { buildKernel } from '../build-kernel.mjs';

/**
 * Builds the kernels that the fused engine loads from the source tree, before any unit test. It is quick when
 * nothing has changed.
 */
export async function setup() {
  await buildKernel();
}
