import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../scripts/paths.mjs';

const targets = { 'wasm simd': [], 'wasm relaxed': ['-mrelaxed-simd'] };

/**
 * Compiles the matrix product that WebAssembly's peak is measured with. Returns the files by target.
 * @returns {Promise<Record<string, string>>}
 */
export async function buildWasmPeak() {
  const { commands } = await import('@yowasp/clang');
  const source = await readFile(new URL('product.c', import.meta.url), 'utf8');
  const folder = join(root, '.cache/bench');
  await mkdir(folder, { recursive: true });
  /** @type {Record<string, string>} */
  const built = {};
  for (const [target, extra] of Object.entries(targets)) {
    const flags = ['-O3', '--target=wasm32-unknown-unknown', '-msimd128', '-ffreestanding', ...extra];
    const compiled = await commands['clang'](
      [...flags, '-c', 'product.c', '-o', 'product.o'],
      { 'product.c': source },
      {},
    );
    const linked = await commands['wasm-ld'](
      ['--no-entry', '--export=prepare', '--export=multiply', '-O2', 'product.o', '-o', 'product.wasm'],
      compiled ?? {},
      {},
    );
    const bytes = linked?.['product.wasm'];
    if (!(bytes instanceof Uint8Array)) throw new Error('the product for the peak did not compile');
    await writeFile((built[target] = join(folder, `${target.replace(' ', '-')}-peak.wasm`)), bytes);
  }
  return built;
}
