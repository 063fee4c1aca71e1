import { buildKernel } from '../../../scripts/build-kernel.mjs';
import { chooseTarget } from './choose-target.js';
import type { Target } from './machine.js';

/**
 * Every kernel that this machine can load, by the name it is asked for; builds them first. For tests.
 * `MMOE_SANITIZED`: the native ones, built with sanitizers (scripts/sanitize-kernel.mjs preloads what they need).
 */
export async function loadableTargets(): Promise<Map<string, Target>> {
  const sanitize = process.env['MMOE_SANITIZED'] === '1';
  const { folder } = await buildKernel({ sanitize });
  const targets = new Map<string, Target>();
  for (const name of ['native avx512', 'native avx2', 'native baseline', 'native neon', 'wasm relaxed', 'wasm simd']) {
    const chosen = await chooseTarget(name, folder).catch(() => null);
    if (chosen !== null) targets.set(name, chosen.target);
  }
  return targets;
}
