import * as v from 'valibot';
import { buildKernel } from '../../../../scripts/build-kernel.mjs';
import { chooseTarget } from './choose-target.js';
import type { Target } from './machine.js';

/**
 * Every kernel that this machine can load, by the name it is asked for; builds them first. For tests.
 * `MMOE_KERNEL_CHECK`: the native ones of a build for a check (scripts/sanitize-kernel.mjs,
 * scripts/emulate-kernel.mjs).
 */
export async function loadableTargets(): Promise<Map<string, Target>> {
  const check = v.parse(
    v.optional(v.picklist(['address', 'thread', 'arm64'])),
    process.env['MMOE_KERNEL_CHECK'],
  );
  const { folder } = await buildKernel({ check });
  const targets = new Map<string, Target>();
  for (const name of [
    'native avx512',
    'native avx2',
    'native baseline',
    'native neon',
    'wasm relaxed',
    'wasm simd',
  ]) {
    const chosen = await chooseTarget(name, folder).catch(() => null);
    if (chosen !== null) targets.set(name, chosen.target);
  }
  return targets;
}
