import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '../scripts/build/bundles.mjs';
import { buildKernel } from '../scripts/build-kernel.mjs';
import { modules, root } from '../scripts/paths.mjs';

const folder = join(root, '.cache/bench');

/**
 * Both engines as one module, made as the program is made, with the files that they load beside it; and what
 * reads tables.
 * @returns {Promise<{ engines: string, data: string, kernels: string }>}
 */
export async function bundleSources() {
  const engines = await bundle('engines', {
    './src/engine/fused/engine.ts': 'createFusedEngine',
    './src/engine/tensorflow/tensorflow.ts': 'createTensorflowEngine',
    './src/network/parameters.ts': 'initialWeights',
  });
  const data = await bundleData();
  const tfjs = join(modules, '@tensorflow/tfjs-backend-wasm/dist');
  await mkdir(join(folder, 'tfjs'), { recursive: true });
  for (const file of await readdir(tfjs))
    if (file.endsWith('.wasm')) await cp(join(tfjs, file), join(folder, 'tfjs', file));
  return { engines, data, kernels: (await buildKernel()).folder };
}

/** Bundles what trains variants of like arithmetic as one module. */
export async function bundleVariants() {
  const { kernels } = await bundleSources();
  return { module: await bundle('variants', { './bench/variants.ts': 'measureVariants' }), kernels };
}

/** Bundles the cases that bench/agreement compares as one module. */
export async function bundleAgreement() {
  const { kernels } = await bundleSources();
  return { module: await bundle('agreement', { './bench/agreement/cases.ts': 'cases' }), kernels };
}

/** Bundles what reads experiments and tables as one module. */
export const bundleData = () =>
  bundle('data', {
    './src/data/prepare.ts': 'prepareData',
    './src/experiment/load.ts': 'loadExperiment, workspaceOf',
    './src/network/memory-estimate.ts': 'estimateMemory',
    './src/network/parameters.ts': 'countParameters',
    './src/network/variants.ts': 'buildNetwork',
  });

/** Bundles the tuner, what compares it, and the study of the table that it looks things up in, as one module. */
export const bundleTuner = () =>
  bundle('tuner', {
    './src/tuner/tuner.ts': 'nextPoint',
    './src/tuner/space.ts': 'drawPoints',
    './src/shared/comparison.ts': 'gainOver',
    './src/cli/terminal/table.ts': 'formatTable',
    './src/study/paper/census-study.ts': 'censusStudy',
  });

/** @param {string} name @param {Record<string, string>} exported names by file */
async function bundle(name, exported) {
  const program = bundleOptions.find((each) => each.name === 'cli');
  if (program === undefined) throw new Error('the build has no bundle named cli');
  const { external = [], mainFields = [], banner = {}, format } = program.options;
  const outfile = join(folder, `${name}.mjs`);
  const contents = Object.entries(exported)
    .map(([file, names]) => `export { ${names} } from '${file}';`)
    .join('\n');
  await build({
    ...{
      bundle: true,
      platform: 'node',
      mainFields,
      banner,
      outfile,
      logLevel: 'warning',
      ...(format && { format }),
    },
    external: [...external, '@duckdb/node-api'],
    stdin: { contents, resolveDir: root, loader: 'ts' },
  });
  return pathToFileURL(outfile).href;
}
