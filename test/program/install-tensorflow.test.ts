import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dist } from '../../scripts/paths.mjs';
import {
  doubles,
  gradientDifference,
  reference,
  referenceGradients,
} from '../../src/engine/reference/reference.js';
import { TensorflowEngine } from '../../src/engine/tensorflow/engine.js';
import { findCompiler } from '../../src/engine/tensorflow/install/compile.js';
import { openTarget } from '../../src/engine/tensorflow/backend/target.js';
import { arbitraryCase, randomWeights } from '../../src/network/arbitrary-network.fixture.js';
import { parameterSpecs } from '../../src/network/parameters.js';
import { minutes, patience } from '../patience.mjs';
import { synthetic, Workspace } from './program.js';

const run = promisify(execFile);
const program = join(process.env['MMOE_DIST'] ?? dist, 'cli.js');
const optimizer = {
  optimizer: 'adam' as const,
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};

let folder = '';
let missing: string | null = null;
let printed = '';

/** Installs TensorFlow for real, where this machine can: about 45 s and 0.9 GB for a while. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mmoe-tensorflow-'));
  // Read by the program and, below, by the engine in this process.
  process.env['MMOE_CACHE'] = folder;
  missing = await whatIsMissing(folder);
  if (missing !== null) return;
  // Ended before the hook's own limit, which would leave it running.
  const timeout = minutes(patience.test * 0.95);
  printed = (await run(process.execPath, [program, 'install-tensorflow'], { timeout })).stdout;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function whatIsMissing(downloads: string): Promise<string | null> {
  if (process.platform !== 'linux') return 'TensorFlow is installed on Linux only';
  if ((await findCompiler().catch(() => null)) === null) return 'there is no C++ compiler';
  const small = ['download', '--quiet', '--no-deps', '--dest', downloads, 'six'];
  return run('pip', small).then(
    () => null,
    () => 'pip does not reach a package index',
  );
}

describe('TensorFlow, installed by the program', () => {
  test('says what it does, and the second time that it is there', async ({ skip }) => {
    if (missing !== null) skip(missing);
    expect(printed).toContain('downloading TensorFlow 2.18.1 with pip');
    expect(printed).toMatch(/\ncompiling the binding\ntrying it\nTensorFlow 2\.18\.1 is installed in /);
    expect((await run(process.execPath, [program, 'install-tensorflow'])).stdout).toMatch(
      /^TensorFlow 2\.18\.1 is installed already, in /,
    );
  });

  test('trains a run, which records it', async ({ skip }) => {
    if (missing !== null) skip(missing);
    const experiment = {
      ...synthetic,
      training: { ...synthetic.training, epochs: 2 },
      engine: { use: 'tensorflow', threads: 1 },
    };
    const workspace = await Workspace.create({ 'x.mmoe.json': experiment });
    expect(await workspace.mmoe('train', 'x.mmoe.json')).toMatchObject({ code: 0, stderr: '' });
    const [id] = await workspace.runs();
    const { manifest } = await workspace.read(id!);
    expect(manifest.engine).toEqual({
      name: 'tensorflow',
      target: 'tfjs-node, TensorFlow 2.18.1',
      threads: 1,
      why: '',
    });
  });

  test('computes the losses and gradients of the double-precision reference', async ({ skip }) => {
    if (missing !== null) skip(missing);
    const target = await openTarget({ threads: 1, only: 'tfjs-node' });
    const before = target.tf.memory().numTensors;
    fc.assert(
      fc.property(arbitraryCase(), fc.constantFrom(1, 26), ({ network, rows, seed }, expandedValues) => {
        const weights = randomWeights(network, seed);
        const all = Uint32Array.from({ length: rows.rows }, (_, index) => index);
        const pass = { seed, step: 0 };
        const expected = reference(network, doubles(weights), rows, all, pass);
        fc.pre(expected.kinkDistance > 1e-4);
        // The limit and its reason: src/engine/tensorflow/engine.test.ts.
        const limit = 1e-4 * expected.stretch;
        const engine = new TensorflowEngine(
          { description: network, weights, optimizer, seed, threads: 1 },
          target,
          expandedValues,
        );
        const { losses, gradients } = engine.gradients(engine.load(rows), all);
        engine.dispose();
        expected.losses.forEach((loss, k) => {
          if (Number.isNaN(loss)) expect(losses[k]).toBeNaN();
          else expect(Math.abs(losses[k]! - loss)).toBeLessThanOrEqual(limit * Math.max(1, loss));
        });
        const differences = referenceGradients(network, doubles(weights), rows, all, pass);
        for (const { name, learningRate } of parameterSpecs(network))
          if (learningRate === 0) differences.get(name)!.fill(0);
        // A batch's own deviation stretches a gradient once more, as is said there.
        expect(gradientDifference(differences, gradients).difference).toBeLessThanOrEqual(2 * limit);
      }),
      { numRuns: 40 },
    );
    expect(target.tf.memory().numTensors).toBe(before);
  });
});
