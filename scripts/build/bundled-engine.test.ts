import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { modelOf } from '../../src/experiment/defaults.js';
import type * as Tensorflow from '../../src/engine/tensorflow/tensorflow.js';
import { differenceFrom, doubles, referenceGradients } from '../../src/engine/reference/reference.js';
import { initialWeights } from '../../src/network/parameters.js';
import { buildNetwork } from '../../src/network/variants.js';
import { out, root } from '../paths.mjs';
import { bundleOptions } from './bundles.mjs';

const optimizer = {
  optimizer: 'adam' as const,
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};

test('the engine, bundled as the program is, has tfjs with its gradients, and they are right', async () => {
  const folder = join(out, 'test', 'bundled-engine');
  await mkdir(folder, { recursive: true });
  const { options } = bundleOptions.find(({ name }) => name === 'cli')!;
  const engine = join(root, 'src/engine/tensorflow/tensorflow.ts');
  const { metafile } = await build({ ...options, entryPoints: { engine }, outdir: folder, metafile: true });

  // Two copies of core would each have gradients of their own.
  const cores = Object.keys(metafile.inputs).filter((input) =>
    /tfjs-core\/dist\/(engine|tf-core\.node)\.js$/.test(input),
  );
  expect(cores).toEqual(['node_modules/@tensorflow/tfjs-core/dist/engine.js']);

  const { createTensorflowEngine } = (await import(
    pathToFileURL(join(folder, 'engine.js')).href
  )) as typeof Tensorflow;
  const network = buildNetwork(
    modelOf({
      variant: 'mmoe',
      experts: { count: 3, layers: [5] },
      towers: { layers: [4] },
      gates: { bias: true, temperature: 1 },
    }),
    { numeric: 3, fields: [] },
    [{ name: 'y', kind: 'regression', outputs: 1, lossWeight: 1 }],
  );
  const rows = {
    rows: 4,
    numeric: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i + 1)),
    categorical: new Int32Array(0),
    labels: Float32Array.of(1, -1, 2, 0),
    weights: null,
  };
  const weights = initialWeights(network, 1);
  const bundled = await createTensorflowEngine(
    { description: network, weights, optimizer, threads: 1 },
    'cpu',
  );
  const { gradients } = bundled.gradients(bundled.load(rows), Uint32Array.of(0, 1, 2, 3));
  for (const [name, expected] of referenceGradients(network, doubles(weights), rows, [0, 1, 2, 3])) {
    expect(differenceFrom(expected, gradients.get(name)!.data), name).toBeLessThan(1e-4);
  }
});
