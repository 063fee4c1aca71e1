import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { createEngine } from '../../engine/create-engine.js';
import { Members } from '../../engine/members.js';
import { initialWeights } from '../../network/parameters.js';
import { streamedFrom } from '../../network/streamed-rows.fixture.js';
import { buildNetwork } from '../../network/variants.js';
import { takeRows } from '../../network/encoded-rows.js';
import { modelSchema } from '../../experiment/schema/model.js';
import * as v from 'valibot';
import { optimizerSettings } from '../optimizer-settings.js';
import { Pace } from '../pace.js';
import { smallData } from '../small-run.fixture.js';
import { trainingSchema } from '../../experiment/schema/training.js';
import { AucCalculator } from './auc.js';
import { BinnedAuc } from './binned-auc.js';
import { ScoredRows } from './evaluate.js';
import { HeldPart, StreamedPart } from './scored-part.js';

const pace = new Pace(
  () => 0,
  () => undefined,
);

it('rows of a file score as in memory, but for AUC, which is as near as its bins are fine', async () => {
  const { input, tasks } = smallData;
  const description = buildNetwork(v.parse(modelSchema, {}), input, tasks);
  const settings = v.parse(trainingSchema, {});
  const engines = [1, 2].map((seed) =>
    createEngine('fused', {
      description,
      weights: initialWeights(description, seed),
      optimizer: optimizerSettings(settings),
      threads: 1,
    }),
  );
  const members = new Members(await Promise.all(engines));
  onTestFinished(() => members.dispose());
  // More than are read at a time.
  const rows = takeRows(
    smallData.train,
    Uint32Array.from({ length: 70_000 }, (_, i) => (i * 37) % 130),
  );
  const loaded = members.load(rows);
  onTestFinished(() => loaded.release());
  const all = Uint32Array.from({ length: rows.rows }, (_, row) => row);
  const held = await new HeldPart(new ScoredRows(loaded, rows, all, tasks), tasks).score(members, pace, 0);
  const read = await new StreamedPart(streamedFrom(rows, 999), tasks).score(members, pace, 0);
  expect(read.alone).toHaveLength(2);
  for (const [found, wanted] of [
    [read.together, held.together],
    ...read.alone.map((one, i) => [one, held.alone[i]!] as const),
  ] as const)
    for (const [task, metrics] of Object.entries(wanted))
      for (const [name, value] of Object.entries(metrics)) {
        if (name === 'auc') expect(Math.abs(found[task]![name]! - value!)).toBeLessThan(1e-3);
        else expect(found[task]![name]).toBe(value);
      }
});

it('AUC by bins is off by no more than it says, and exact where scores lie apart', () => {
  const exact = new AucCalculator();
  const score = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, 1, 0.5, 2 ** -31, 1 - 2 ** -24, 0.499999),
    fc.double({ min: 0.4999, max: 0.5001, noNaN: true }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(score, fc.constantFrom(0, 1, NaN), fc.integer({ min: 0, max: 3 })), {
        maxLength: 200,
      }),
      fc.integer({ min: 0, max: 6 }),
      (rows, digits) => {
        const scores = Float32Array.from(rows, ([value]) => value);
        const labels = Float32Array.from(rows, ([, label]) => label);
        const weights = Float32Array.from(rows, ([, , weight]) => weight);
        const binned = new BinnedAuc(digits);
        const half = scores.length >> 1;
        for (const [from, to] of [
          [0, half],
          [half, scores.length],
        ] as const)
          binned.add(
            scores.subarray(from, to),
            1,
            0,
            labels.subarray(from, to),
            1,
            weights.subarray(from, to),
          );
        const wanted = exact.auc(scores, 1, 0, labels, 1, weights);
        const found = binned.value();
        if (Number.isNaN(wanted)) expect(found).toBeNaN();
        else expect(Math.abs(found - wanted)).toBeLessThanOrEqual(binned.bound + 1e-12);
      },
    ),
  );
  const scores = Float32Array.from({ length: 1000 }, (_, i) => ((i * 389) % 1000) / 1000);
  const labels = Float32Array.from(scores, (value, i) => (value > ((i * 7) % 10) / 10 ? 1 : 0));
  const fine = new BinnedAuc(12);
  fine.add(scores, 1, 0, labels, 1, null);
  expect(fine.bound).toBe(0);
  expect(fine.value()).toBeCloseTo(exact.auc(scores, 1, 0, labels, 1, null), 14);
});
