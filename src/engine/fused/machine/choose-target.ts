import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Target } from './machine.js';
import { giveBackThrough, loadNative } from './native.js';
import { loadWasm } from './wasm.js';

/**
 * The names that a caller may ask for kernels by, the faster ones first. `native avx2` is that build of the
 * native one.
 */
const kernelNames = ['native', 'wasm relaxed', 'wasm simd'] as const;

/** None of the kernels loads here. */
export class NoKernelError extends Error {
  constructor(reasons: readonly string[]) {
    super(`no kernel of the fused engine could be loaded: ${reasons.join('; ')}`);
    this.name = 'NoKernelError';
  }
}

const report = v.object({ native: v.boolean(), why: v.string() });

/** Returns the folder beside the bundled program, or else the one where the build keeps kernels. */
function kernelFolder(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const bundled = join(here, 'fused');
  return existsSync(join(bundled, 'simd.wasm')) ? bundled : join(here, '../../../../.cache/fused');
}

/**
 * Loads the fastest kernel that this machine can, or the one asked for. `why` says what kept faster ones from
 * loading. Throws NoKernelError when none loads.
 */
export async function chooseTarget(
  wanted?: string,
  folder = kernelFolder(),
): Promise<{ target: Target; why: string }> {
  const reasons: string[] = [];
  for (const name of wanted === undefined ? kernelNames : [wanted]) {
    try {
      return { target: await load(name, folder), why: reasons.join('; ') };
    } catch (error) {
      reasons.push(await reasonOf(name, folder, error));
    }
  }
  throw new NoKernelError(reasons);
}

function load(name: string, folder: string): Target | Promise<Target> {
  const [kind, build = ''] = name.split(' ');
  if (kind === 'native') return loadNative(join(folder, 'native.node'), build);
  return build === 'relaxed'
    ? loadWasm(join(folder, 'relaxed.wasm'), 'relaxed')
    : loadWasm(join(folder, 'simd.wasm'), 'simd');
}

/**
 * Gives freed memory back to the system, where the native kernel loads and the C library can do so; elsewhere
 * the memory stays for later use.
 */
export function giveBackFreed(): void {
  try {
    giveBackThrough(join(kernelFolder(), 'native.node'));
  } catch {
    // Nothing is wrong: the process only keeps more memory.
  }
}

async function reasonOf(name: string, folder: string, error: unknown): Promise<string> {
  const said = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  if (name.startsWith('native') && !existsSync(join(folder, 'native.node'))) {
    const { why } = v.parse(
      report,
      JSON.parse(
        await readFile(join(folder, 'report.json'), 'utf8').catch(() => '{"native":false,"why":""}'),
      ),
    );
    return why === '' ? 'this build has no native kernel' : why;
  }
  return `${name} did not load: ${said}`;
}
