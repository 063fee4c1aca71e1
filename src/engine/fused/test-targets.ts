import { buildKernel } from '../../../scripts/build-kernel.mjs';
import { chooseTarget } from './choose-target.js';
import type { Target } from './machine.js';

/** Every kernel that this machine can load, by the name it is asked for; builds them first. For tests. */
export async function loadableTargets(): Promise<Map<string, Target>> {
  await buildKernel();
  const targets = new Map<string, Target>();
  for (const name of ['native avx512', 'native avx2', 'native baseline', 'native neon', 'wasm relaxed', 'wasm simd']) {
    const chosen = await chooseTarget(name).catch(() => null);
    if (chosen !== null) targets.set(name, chosen.target);
  }
  return targets;
}
