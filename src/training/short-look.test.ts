import * as v from 'valibot';
import { expect, it } from 'vitest';
import { createEngine } from '../engine/create-engine.js';
import { Members } from '../engine/members.js';
import { experimentSchema } from '../experiment/schema.js';
import { initialWeights } from '../network/parameters.js';
import { buildNetwork } from '../network/variants.js';
import { optimizerSettings } from './optimizer-settings.js';
import { measureSpeed, secondsOfTraining } from './short-look.js';
import { smallData } from './small-run.fixture.js';

const { model, training: settings } = v.parse(experimentSchema, {
  data: { source: 'x' },
  tasks: [{ label: 'y' }],
  model: { experts: { count: 3, layers: [5] }, towers: { layers: [4] } },
  training: { batchSize: 16, epochs: 4 },
});
const description = buildNetwork(model, smallData.input, smallData.tasks);

async function look(tick: number, seconds: number, stopsAt = Infinity) {
  const weights = initialWeights(description, 1);
  const optimizer = optimizerSettings(settings);
  const engine = await createEngine('fused', { description, weights, optimizer, seed: 1, threads: 1 });
  const members = new Members([engine]);
  let now = 0;
  let asked = 0;
  const job = { data: smallData, description, members, settings, paths: model.paths };
  try {
    return await measureSpeed(
      { ...job, clock: () => (now += tick), stopRequested: () => ++asked >= stopsAt },
      seconds,
    );
  } finally {
    members.dispose();
  }
}

it('a look takes the time of steps and of rows, until it has had its time or is asked to end', async () => {
  // Each look at the clock takes a tick, and a step lies between two of them.
  expect((await look(0.01, 0.15)).step).toBeCloseTo(0.01);
  expect((await look(0.01, 1000, 3)).step).toBeCloseTo(0.01);
  // One step is more than there is time for.
  const slow = await look(5, 0.15);
  expect(slow.step).toBe(5);
  expect(slow.row).toBeGreaterThan(0);
});

it('a whole training has all steps, and the rows that are looked at after each epoch and at its end', () => {
  const job = { data: smallData, description, settings };
  // 130 rows in batches of 16: 9 steps an epoch; 50 rows of each part are looked at, and 50 for the experts.
  const expected = 4 * 9 * 2 + (5 * 150 + 40) * 0.5;
  expect(secondsOfTraining({ step: 2, row: 0.5 }, job)).toBeCloseTo(expected);
  const three = { ...job, settings: { ...settings, members: 3 } };
  expect(secondsOfTraining({ step: 2, row: 0.5 }, three)).toBeCloseTo(3 * expected);
});
