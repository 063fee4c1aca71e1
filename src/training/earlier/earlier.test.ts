import { expect, it } from 'vitest';
import * as v from 'valibot';
import { inputOf, type Encoder } from '../../data/encode/encoder.js';
import { Texts } from '../../data/texts/texts.js';
import { createEngine } from '../../engine/create-engine.js';
import { Members } from '../../engine/members.js';
import { modelSchema } from '../../experiment/schema/model.js';
import { trainingSchema } from '../../experiment/schema/training.js';
import { initialWeights, type NamedArrays } from '../../network/parameters.js';
import { buildNetwork } from '../../network/variants.js';
import { requireWhole } from '../checkpoint/checksum.js';
import { optimizerSettings } from '../optimizer-settings.js';
import { decodeEarlier, encodeEarlier, networkOf, type Earlier } from './earlier.js';
import { startFrom, startOf } from './start-from.js';

const number = (name: string, indicator = false): Encoder['numeric'][number] => ({
  ...{ kind: 'numeric', name, type: 'DOUBLE', scale: { kind: 'none' }, fill: 0, indicator },
});
const category = (name: string, values: string[], embedding?: number): Encoder['categorical'][number] => ({
  ...{ kind: 'categorical', name, type: 'VARCHAR', values: Texts.from(values) },
  encode: embedding === undefined ? 'onehot' : { embedding },
});
const task = (name: string): Encoder['tasks'][number] => ({
  ...{ name, kind: 'binary', outputs: 1, lossWeight: 1, classes: ['0', '1'], positive: 0.5 },
  ...{ mean: null, sd: null, offset: 0, factor: 1 },
});
const before: Encoder = {
  format: 1,
  numeric: [number('age', true), number('gone'), number('price')],
  categorical: [category('city', ['a', 'b']), category('user', ['u', 'v', 'w'], 2)],
  tasks: [task('click'), task('like')],
};
/** A new number in front, another order, one gone; new values; a new task between. */
const now: Encoder = {
  format: 1,
  numeric: [number('fresh'), number('price'), number('age', true)],
  categorical: [category('user', ['u', 'v', 'w', 'x'], 2), category('city', ['a', 'b', 'c'])],
  tasks: [task('click'), task('buy'), task('like')],
};

async function membersFor(encoder: Encoder, model: object, training: object, seed: number) {
  const parsed = v.parse(modelSchema, {
    experts: { count: 2, layers: [3] },
    towers: { layers: [2] },
    ...model,
  });
  const description = buildNetwork(parsed, inputOf(encoder), encoder.tasks);
  const settings = v.parse(trainingSchema, training);
  const engine = await createEngine('fused', {
    description,
    weights: initialWeights(description, seed),
    optimizer: optimizerSettings(settings),
    threads: 1,
  });
  return { members: new Members([engine]), description, model: parsed };
}

/** A run that has been trained for some steps. */
async function earlierRun(model: object, training: object): Promise<Earlier> {
  const { members, model: parsed } = await membersFor(before, model, training, 1);
  const rows = 40;
  const loaded = members.load({
    rows,
    numeric: Float32Array.from({ length: rows * 4 }, (_, i) => Math.sin(i * 7.1)),
    categorical: Int32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? i % 3 : (i * 5) % 4)),
    labels: Float32Array.from({ length: rows * 2 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
    weights: null,
  });
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  for (let step = 0; step < 7; step++) members.first.step(loaded.of[0]!, all);
  loaded.release();
  const [weights, optimizer] = [members.weights(), members.optimizerState()];
  members.dispose();
  return { id: 'r', name: 'run', epoch: 3, model: parsed, members: 1, encoder: before, weights, optimizer };
}

const rowOf = (arrays: NamedArrays, name: string, row: number): number[] => {
  const { shape, data } = arrays.get(name)!;
  const width = shape.length === 1 ? shape[0]! : shape.at(-1)!;
  return [...data.subarray(row * width, (row + 1) * width)];
};

it.each<[string, object]>([
  ['mmoe', {}],
  ['cgc', { variant: 'cgc', experts: { perTask: 1, shared: 1, layers: [3] } }],
  ['single-task', { variant: 'single-task' }],
  ['shared-bottom', { variant: 'shared-bottom' }],
])('a run of %s keeps what it has by name, with its moments, and the rest is new', async (variant, model) => {
  const earlier = await earlierRun(model, {});
  const { members, description } = await membersFor(now, model, {}, 2);
  const fresh = members.weights();
  const start = startOf(earlier, { description, encoder: now, members: 1 });
  const told = startFrom(members, start, now);
  expect(told).toMatchObject({
    ...{ id: 'r', epoch: 3, moments: true },
    kept: { columns: ['price', 'age', 'user', 'city'], tasks: ['click', 'like'] },
    added: { columns: ['fresh'], tasks: ['buy'] },
    dropped: { columns: ['gone'], tasks: [] },
    values: { user: 1, city: 1 },
  });
  const [weights, state] = [members.weights(), members.optimizerState()];
  expect(state.step).toBe(7);
  for (let row = 0; row < 4; row++)
    for (const [arrays, old, suffix] of [
      [weights, earlier.weights, ''],
      [state.moments, earlier.optimizer.moments, '.m'],
      [state.moments, earlier.optimizer.moments, '.v'],
    ] as const)
      expect(rowOf(arrays, `embeddings.user.weight${suffix}`, row)).toEqual(
        rowOf(old, `embeddings.user.weight${suffix}`, row),
      );
  expect(rowOf(weights, 'embeddings.user.weight', 4)).toEqual(rowOf(fresh, 'embeddings.user.weight', 4));
  // New rows begin with the mean of the second moments that are kept, and no first ones.
  expect(rowOf(state.moments, 'embeddings.user.weight.m', 4)).toEqual([0, 0]);
  expect(Math.min(...rowOf(state.moments, 'embeddings.user.weight.v', 4))).toBeGreaterThan(0);
  // Before: age, age is missing, gone, price, city 0 … 2, user. Now: fresh, price, age, missing, user, city.
  const first = 'levels.0.experts.0.layers.0.weight';
  const places = [-1, 3, 0, 1, 7, 8, 4, 5, 6, -1];
  places.forEach((was, row) =>
    expect(rowOf(weights, first, row)).toEqual(
      was < 0 ? rowOf(fresh, first, row) : rowOf(earlier.weights, first, was),
    ),
  );
  for (const name of ['click', 'like'])
    expect(weights.get(`towers.${name}.output.weight`)).toEqual(
      earlier.weights.get(`towers.${name}.output.weight`),
    );
  expect(weights.get('towers.buy.output.weight')).toEqual(fresh.get('towers.buy.output.weight'));
  if (variant === 'mmoe') {
    // The gate of like was the second one, and is the third.
    expect(rowOf(weights, 'levels.0.gates.2.weight', 1)).toEqual(
      rowOf(earlier.weights, 'levels.0.gates.1.weight', 3),
    );
    expect(weights.get('levels.0.gates.1.weight')).toEqual(fresh.get('levels.0.gates.1.weight'));
  }
  members.dispose();
});

it('the same network with the same columns is the same to the bit, from its copy, too', async () => {
  for (const training of [{}, { optimizer: 'sgd', momentum: 0.9 }, { tables: 'rowwise-adagrad' }]) {
    const found = await earlierRun({}, training);
    const bytes = encodeEarlier(found);
    expect(() => requireWhole(bytes)).not.toThrow();
    const earlier = decodeEarlier(bytes, before);
    expect(networkOf(earlier)).toEqual(networkOf(found));
    const { members, description } = await membersFor(before, {}, training, 2);
    startFrom(members, startOf(earlier, { description, encoder: before, members: 1 }), before);
    expect(members.weights()).toEqual(found.weights);
    expect(members.optimizerState()).toEqual(found.optimizer);
    members.dispose();
  }
});

it('with another optimizer the weights are kept, and steps count anew', async () => {
  const earlier = await earlierRun({}, {});
  const { members, description } = await membersFor(before, {}, { optimizer: 'sgd', momentum: 0.9 }, 2);
  const start = startOf(earlier, { description, encoder: before, members: 1 });
  expect(startFrom(members, start, before).moments).toBe(false);
  expect(members.weights()).toEqual(earlier.weights);
  expect(members.optimizerState().step).toBe(0);
  members.dispose();
});

it.each<[object, number, RegExp]>([
  [{ variant: 'omoe' }, 1, /run r cannot be gone on with: it is of the variant mmoe, and this is omoe/],
  [{ experts: { count: 3, layers: [3] } }, 1, /it has 2 experts, and this 3/],
  [{ experts: { count: 2, layers: [4] } }, 1, /its levels\.0\.experts\.0\.layers\.0\.weight is of the size/],
  [
    { towers: { layers: [5] } },
    1,
    /its towers\.click\.layers\.0\.weight is of the size 3 × 2, and here it is 3 × 5/,
  ],
  [{}, 2, /it has 1 members, and this 2/],
])('another network is refused: %j', async (model, count, message) => {
  const earlier = await earlierRun({}, {});
  const { members, description } = await membersFor(now, model, {}, 2);
  members.dispose();
  expect(() => startOf(earlier, { description, encoder: now, members: count })).toThrow(message);
});
