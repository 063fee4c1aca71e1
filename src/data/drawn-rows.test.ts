import { afterAll, beforeAll, expect, it } from 'vitest';
import * as v from 'valibot';
import { experimentSchema, type ExperimentInput } from '../experiment/schema.js';
import { checkData } from './check.js';
import { TempWorkspace } from './temp-workspace.fixture.js';
import { drawnRows } from './drawn-rows.js';

let workspace: TempWorkspace;
beforeAll(async () => (workspace = await TempWorkspace.create()));
afterAll(() => workspace.remove());

type Synthetic = Partial<Extract<ExperimentInput['data']['source'], { synthetic?: unknown }>['synthetic']>;
const experiment = (
  synthetic: Synthetic,
  data: object = {},
  tasks: ExperimentInput['tasks'] = [{ label: 'y1' }, { label: 'y2' }],
): ExperimentInput => ({
  data: { source: { synthetic: { rows: 1500, dimensions: 7, ...synthetic } }, ...data },
  tasks,
});

it.each<[string, ExperimentInput]>([
  ['two tasks', experiment({})],
  [
    'another seed and split',
    experiment({ seed: 9, correlation: 0.9 }, { seed: 4, validation: 0.2, test: 0 }),
  ],
  ['a part of the other', experiment({}, { test: 0.4, validation: { from: 'test', fraction: 0.5 } })],
  ['one label of three, unscaled', experiment({ tasks: 3 }, {}, [{ name: 'a', label: 'y3', scale: 'none' }])],
  ['the newer defaults', { ...experiment({ rows: 5000 }), defaults: 2 }],
])('rows without a database are those with one, to the bit: %s', async (_, input) => {
  const withDatabase = { ...input, data: { ...input.data, where: 'true' } };
  expect(drawnRows(v.parse(experimentSchema, input))).not.toBeNull();
  expect(drawnRows(v.parse(experimentSchema, withDatabase))).toBeNull();
  const direct = await workspace.prepare(input);
  expect(direct).toEqual(await workspace.prepare(withDatabase));
  const check = (one: ExperimentInput) => checkData(v.parse(experimentSchema, one), workspace.options);
  const [{ columns }, other] = [await check(input), await check(withDatabase)];
  expect(columns).toEqual(other.columns);
});

it.each<[string, ExperimentInput]>([
  ['a label in SQL', experiment({}, {}, [{ label: 'y1 > 0' }])],
  ['a condition', experiment({}, { test: { where: 'x1 > 0' } })],
  ['a weight', experiment({}, { weight: 'x1 * x1' })],
  ['columns', { ...experiment({}), columns: { x1: 'ignore' } }],
  ['numbers that mean missing', experiment({}, { read: { null: ['0'] } })],
  ['few rows', experiment({ rows: 50 })],
])('%s needs a database', (_, input) => {
  expect(drawnRows(v.parse(experimentSchema, input))).toBeNull();
});
