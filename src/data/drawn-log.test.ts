import { afterAll, beforeAll, expect, it } from 'vitest';
import * as v from 'valibot';
import { experimentSchema, type ExperimentInput } from '../experiment/schema.js';
import { checkData } from './check.js';
import { drawnLog } from './drawn-log.js';
import { encodedVisits } from './simulated-visits.js';
import { TempWorkspace } from './temp-workspace.fixture.js';
import { simulatorDefaults } from '../experiment/defaults.js';

let workspace: TempWorkspace;
beforeAll(async () => (workspace = await TempWorkspace.create()));
afterAll(() => workspace.remove());

const parsed = (input: ExperimentInput) => v.parse(experimentSchema, input);
const experiment = (
  simulator: object = {},
  more: object = {},
  tasks: ExperimentInput['tasks'] = [{ label: 'click' }, { label: 'like' }],
): ExperimentInput => ({
  data: {
    source: { simulator: { rows: 1500, users: 60, items: 40, features: 3, likes: 0.3, ...simulator } },
    ...more,
  },
  tasks,
});

it.each<[string, ExperimentInput]>([
  ['two tasks', experiment()],
  [
    'three tasks, kinds given',
    experiment({ seed: 3 }, { test: 0.2 }, [
      { label: 'dwell', kind: 'regression' },
      { name: 'liked', label: 'like', kind: 'binary' },
      { label: 'click' },
    ]),
  ],
  ['no label of a click', experiment({}, { scale: 'minmax' }, [{ label: 'dwell' }])],
  [
    'columns',
    {
      ...experiment({ features: 1 }),
      columns: {
        day: 'ignore',
        user_id: { kind: 'categorical', encode: { embedding: 4 }, minCount: 30 },
        x1: { kind: 'numeric', scale: 'bins' },
      },
    },
  ],
  ['one segment, a topic for each item', experiment({ segments: 1, topics: 1000, features: 0 })],
  ['a user in nearly every row', experiment({ rows: 150, users: 100_000 }, { validation: 0, test: 0 })],
  ['the newer defaults', { ...experiment({ rows: 4000 }), defaults: 2 }],
])('a log that is drawn without a database is the one with it, to the bit: %s', async (_, input) => {
  const withDatabase = { ...input, data: { ...input.data, where: 'true' } };
  expect(drawnLog(parsed(input))).not.toBeNull();
  expect(drawnLog(parsed(withDatabase))).toBeNull();
  expect(await workspace.prepare(input)).toEqual(await workspace.prepare(withDatabase));
  const check = (one: ExperimentInput) => checkData(parsed(one), workspace.options);
  const [{ columns, problems }, other] = [await check(input), await check(withDatabase)];
  expect(columns).toEqual(other.columns);
  expect(problems).toEqual(other.problems);
});

it.each<[string, ExperimentInput]>([
  ['a label in SQL', experiment({}, {}, [{ label: 'dwell > 30' }])],
  ['a split by time', experiment({}, { test: { where: 'day > 0.1' } })],
  ['a label that is a feature', experiment({}, {}, [{ label: 'x1' }])],
  ['classes', experiment({}, {}, [{ label: 'click', kind: 'multiclass' }])],
  ['an outcome as a feature', { ...experiment(), columns: { dwell: { kind: 'numeric' } } }],
  ['numbers of texts', { ...experiment(), columns: { topic: { kind: 'numeric' } } }],
  ['a column that is not there', { ...experiment(), columns: { x9: 'ignore' } }],
  ['few rows', experiment({ rows: 90 })],
  ['a label of one value', experiment({ rows: 120, likes: 0.0001 })],
])('%s needs a database', (_, input) => {
  expect(drawnLog(parsed(input))).toBeNull();
});

it('visits are encoded as the log is, and not with what is known only afterwards', async () => {
  const settings = { ...simulatorDefaults, rows: 1500, users: 60, items: 40, features: 2, candidates: 4 };
  const input = experiment(settings, { scale: 'none' });
  const { encoder } = await workspace.prepare(input);
  const { visits, rows } = encodedVisits(encoder, settings, 25);
  expect(rows.rows).toBe(100);
  expect([...rows.numeric]).toEqual(
    Array.from({ length: 100 }, (_, at) =>
      [visits.items.day, ...visits.items.features].map((values) => Math.fround(values[at]!)),
    ).flat(),
  );
  const users = encoder.categorical[0]!.values;
  expect(Array.from({ length: 100 }, (_, at) => users.at(rows.categorical[4 * at]! - 1))).toEqual(
    Array.from(visits.items.user, (user) => `u${user + 1}`),
  );
  const leaking = { ...experiment(settings), columns: { dwell: { kind: 'numeric' as const } } };
  const { encoder: knowing } = await workspace.prepare(leaking);
  expect(() => encodedVisits(knowing, settings, 1)).toThrow('known only when an item has been shown');
});
