import { afterAll, beforeAll, expect, it } from 'vitest';
import * as v from 'valibot';
import { experimentSchema, type ExperimentInput } from '../experiment/schema.js';
import { inMemory } from './prepared.js';
import { checkData } from './check.js';
import { TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeAll(async () => (workspace = await TempWorkspace.create()));
afterAll(() => workspace.remove());

const experiment = (change: Partial<ExperimentInput> = {}): ExperimentInput => ({
  data: {
    source: { simulator: { rows: 2000, users: 50, items: 30, features: 2, perDay: 200 } },
    validation: { from: 'test', fraction: 0.5 },
    test: { where: 'day >= 8' },
  },
  tasks: [{ label: 'click' }, { label: 'like' }],
  ...change,
});

it('a simulated recommender is split by time, and what was done about an item is no feature', async () => {
  const checked = await checkData(v.parse(experimentSchema, experiment()), workspace.options);
  const kinds = Object.fromEntries(checked.columns.map(({ name, use }) => [name, use.split(':')[0]]));
  expect(kinds).toEqual({
    day: 'split',
    ...{ user_id: 'categorical', segment: 'categorical', item_id: 'categorical', topic: 'categorical' },
    ...{ x1: 'numeric', x2: 'numeric', click: 'label', dwell: 'ignored', like: 'label' },
  });
  const { train, validation, test, tasks } = inMemory(checked.data!);
  expect(tasks.map(({ kind }) => kind)).toEqual(['binary', 'binary']);
  expect([train.rows, validation!.rows, test!.rows]).toEqual([1600, 200, 200]);
  for (let row = 0; row < train.rows; row++) {
    const [click, like] = train.labels.subarray(2 * row, 2 * row + 2);
    expect(Number.isNaN(like)).toBe(click === 0);
  }
});

it('the same settings give the same rows, and another seed others', async () => {
  const of = async (seed: number): Promise<string> => {
    const source = { simulator: { rows: 500, users: 20, items: 20, seed } };
    const data = await workspace.prepare(experiment({ data: { source }, tasks: [{ label: 'click' }] }));
    return data.fingerprint;
  };
  expect(await of(1)).toBe(await of(1));
  expect(await of(2)).not.toBe(await of(1));
});
