import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { arbitraryCase, randomWeights } from '../../network/arbitrary-network.fixture.js';
import type { NetworkDescription } from '../../network/description.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import type { Engine, OptimizerSettings } from '../engine.js';
import { disorderPlace } from './format/plan-header.js';
import { openFusedEngine } from './engine.js';
import { loadableTargets } from './machine/loadable-targets.fixture.js';

const adam: OptimizerSettings = {
  optimizer: 'adam',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  momentum: 0,
};
const targets = await loadableTargets();

const open: Engine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
});

/**
 * `disorder` not 0: its threads come late or stay away, phase by phase, and take any piece first
 * (kernel/threads/claims.h).
 */
async function make(
  name: string,
  description: NetworkDescription,
  seed: number,
  threads: number,
  disorder: number,
): Promise<Engine> {
  const target = targets.get(name)!;
  const options = { description, weights: randomWeights(description, seed), optimizer: adam, threads };
  const engine = await openFusedEngine(
    options,
    {
      ...target,
      open: (plan, network) => {
        plan.integers[disorderPlace] = disorder;
        return target.open(plan, network);
      },
    },
    '',
  );
  open.push(engine);
  return engine;
}

/** The rows over and over, so that each of several threads has a share. */
const repeated = (rows: EncodedRows) => Uint32Array.from({ length: 50 }, (_, index) => index % rows.rows);

function everything(engine: Engine, rows: EncodedRows) {
  const loaded = engine.load(rows);
  const indices = repeated(rows);
  const losses = [];
  // Evaluations between the steps, because a late thread must not take a call of one kind for one of the
  // other.
  for (let step = 0; step < 8; step++) {
    losses.push(engine.step(loaded, indices.subarray(step)));
    losses.push(engine.evaluate(loaded, indices.subarray(step), { routes: true, experts: true }));
  }
  return {
    losses,
    weights: engine.weights(),
    state: engine.optimizerState(),
    gradients: engine.gradients(loaded, indices),
  };
}

describe.each([...targets.keys()])('%s', (target) => {
  test('whichever thread does which piece, and however late, results are the same to the bit', async () => {
    const nonzero = fc.integer({ min: 1, max: 2 ** 31 - 1 });
    await fc.assert(
      fc.asyncProperty(
        arbitraryCase(),
        fc.integer({ min: 2, max: 4 }),
        nonzero,
        async ({ network, rows, seed }, threads, disorder) => {
          const expected = everything(await make(target, network, seed, threads, 0), rows);
          expect(everything(await make(target, network, seed, threads, disorder), rows)).toEqual(expected);
          for (const engine of open.splice(0)) engine.dispose();
        },
      ),
      { numRuns: target === [...targets.keys()][0] ? 60 : 15 },
    );
  });
});
