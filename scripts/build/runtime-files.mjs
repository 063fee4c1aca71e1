import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildKernel } from '../build-kernel.mjs';
import { dist, modules, root } from '../paths.mjs';
import { duckdbNativeFiles } from './duckdb-binding.mjs';

/**
 * Copies what the bundles load at run time and cannot hold: DuckDB's library, tfjs' WebAssembly, the fused
 * engine's kernels, the `mmoe` launchers.
 */
export async function copyRuntimeFiles() {
  const duckdb = duckdbNativeFiles();
  for (const file of duckdb.files) await copy(join(duckdb.folder, file), join(dist, 'native', file));

  const wasm = join(modules, '@tensorflow/tfjs-backend-wasm/dist');
  for (const file of await readdir(wasm))
    if (file.endsWith('.wasm')) await copy(join(wasm, file), join(dist, 'tfjs', file));

  await buildKernel({ to: join(dist, 'fused') });

  const launchers = join(root, 'media/bin');
  if (existsSync(launchers)) await cp(launchers, join(dist, 'bin'), { recursive: true });
}

/**
 * @param {string} from
 * @param {string} to
 */
async function copy(from, to) {
  await mkdir(join(to, '..'), { recursive: true });
  await cp(from, to);
}
