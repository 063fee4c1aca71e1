import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../build/bundles.mjs';
import { out, root } from '../paths.mjs';

/**
 * Unit tests run on tfjs as the program ships it: the one file that imports it is bundled with the real
 * build's options. Left to Node, tfjs' packages resolve to a core without gradients.
 * @returns {import('vite').Plugin}
 */
export function bundledTfjs() {
  const entry = join(root, 'src/engine/tensorflow/backend/bundled.ts');
  const outfile = join(out, 'test', 'tfjs.mjs');
  /** @type {Promise<unknown> | undefined} */
  let built;
  return {
    name: 'bundled-tfjs',
    enforce: 'pre',
    async load(id) {
      if (id.split('?')[0] !== entry) return null;
      built ??= build({ ...tfjsBundleOptions(), entryPoints: [entry], outfile });
      await built;
      return `export * from ${JSON.stringify(pathToFileURL(outfile).href)};`;
    },
  };
}

/** The real build's, but for what concerns its entries and chunks. */
function tfjsBundleOptions() {
  const program = bundleOptions.find(({ name }) => name === 'cli');
  if (program === undefined) throw new Error('the build has no bundle named cli');
  return { ...program.options, outdir: undefined, chunkNames: undefined, splitting: false, plugins: [] };
}
