import { expect, it } from 'vitest';
import { InputError } from '../../../shared/errors.js';
import type { Measure } from '../../../study/schema.js';
import { LineTrainer } from './train-line.js';

const simulator = { rows: 6000, users: 50, items: 30, features: 4, likes: 0.3, candidates: 4, signal: 3 };
const measure: Measure = {
  checkpoints: [0.5, 1, 3],
  gates: true,
  policy: { visits: 300, likeWeights: [0, 4] },
};

const lineOf = (change: object = {}, sets: readonly string[] = [], measured: Measure | null = measure) => {
  const experiment = {
    data: { source: { simulator } },
    columns: { day: 'ignore' },
    tasks: [{ name: 'clicked', label: 'click' }, { label: 'like' }],
    model: { experts: { count: 3, layers: [8] } },
    training: { epochs: 3, batchSize: 64, learningRate: 0.01 },
    ...change,
  };
  const run = { key: 'a', settings: {}, seed: 1, isTrial: false, sets };
  const base = { path: '/nowhere/x.mmoe.json', text: JSON.stringify(experiment) };
  return new LineTrainer().train({ base, measure: measured ?? undefined, run });
};

it('measures test rows at checkpoints, with weights of then', async () => {
  const { checkpoints, test, bestEpoch } = await lineOf({}, ['training.epochs=1']);
  expect(checkpoints!.map(({ epoch }) => epoch)).toEqual([0.5, 1]);
  const [half, whole] = checkpoints!.map((one) => one.test);
  expect(bestEpoch).toBe(1);
  for (const task of ['clicked', 'like']) {
    const { r2, ...others } = whole![task]!;
    expect(others).toEqual(test![task]);
    expect(r2).toBeLessThan(1);
  }
  // R² is of the probabilities: a model that has learned more explains more.
  expect(whole!['clicked']!['r2']).toBeGreaterThan(half!['clicked']!['r2']!);
  expect(whole!['clicked']!['loss']).toBeLessThan(half!['clicked']!['loss']!);
});

it('measures how each gate weighs the experts, where there are gates', async () => {
  const { gates } = await lineOf();
  expect(Object.keys(gates!)).toEqual(['clicked', 'like']);
  for (const { mean, largest } of Object.values(gates!)) {
    expect(mean).toHaveLength(3);
    expect(mean.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    expect(largest).toBeGreaterThanOrEqual(Math.max(...mean));
  }
  expect((await lineOf({ model: { variant: 'shared-bottom' } })).gates).toBeUndefined();
});

it('values ranking with the model by the truth', async () => {
  const { policies } = await lineOf();
  const { model, ideal, existing } = policies!;
  const [byClicks, byBoth] = model;
  expect(model.map(({ likeWeight }) => likeWeight)).toEqual([0, 4]);
  // Nobody has more clicks than who ranks by them and knows their chances.
  expect(byClicks!.clicks).toBeLessThanOrEqual(ideal[0]!.clicks);
  expect(byClicks!.clicks).toBeGreaterThan(existing.clicks);
  expect(byBoth!.likes).toBeGreaterThan(byClicks!.likes);
  expect(ideal[1]!.clicks + 4 * ideal[1]!.likes).toBeGreaterThan(ideal[0]!.clicks + 4 * ideal[0]!.likes);
  const both = ({ clicks, likes }: { clicks: number; likes: number }) => clicks + 4 * likes;
  expect(both(byBoth!)).toBeLessThanOrEqual(both(ideal[1]!));
  // Its like has no network where it is not learned, and then does not count.
  const alone = await lineOf({ tasks: [{ label: 'click' }] });
  const [zero, four] = alone.policies!.model;
  expect(four).toEqual({ ...zero, likeWeight: 4 });
});

it('trains to the same weights whether it is measured or not', async () => {
  const [measured, plain] = [await lineOf(), await lineOf({}, [], null)];
  const { checkpoints: _, gates: __, policies: ___, ...rest } = measured;
  expect({ ...rest, seconds: 0 }).toEqual({ ...plain, seconds: 0 });
});

it.each<[string, object, string]>([
  [
    'a table that is no log',
    { data: { source: { synthetic: { rows: 500 } } }, columns: {}, tasks: [{ label: 'y1' }] },
    'the source must be a simulator',
  ],
  ['no clicks', { tasks: [{ label: 'like' }] }, 'no task has the label click'],
  ['no test rows', { data: { source: { simulator }, test: 0 } }, 'there are none; set data.test'],
])('%s cannot be measured', async (_, change, says) => {
  const failed = lineOf(change);
  await expect(failed).rejects.toBeInstanceOf(InputError);
  await expect(failed).rejects.toThrow(says);
});
