import { expect, it } from 'vitest';
import { experimentText, settingRows } from './run-settings-table.js';

const experiment = (more: object = {}, training: object = {}) => ({
  name: 'gamma',
  defaults: 1,
  data: { source: 'films.csv', validation: 0.1, test: 0.2, seed: 1 },
  columns: {},
  tasks: [
    { name: 'click', label: 'click', lossWeight: 1 },
    { name: 'like', label: 'like', lossWeight: 2 },
  ],
  model: { variant: 'mmoe' },
  training: { learningRate: 0.001, seed: 1, ...training },
  engine: { use: 'auto' },
  ...more,
});
const run = (of: Record<string, unknown> | null) => ({ experiment: of, experimentFile: null });

it('the settings of a run are those that differ from the defaults, and what has none', () => {
  expect(settingRows(run(experiment({}, { learningRate: 0.25 })), null)).toEqual([
    { path: 'data.source', value: 'films.csv', against: null },
    { path: 'data.test', value: 0.2, against: 0.1 },
    { path: 'tasks.click.label', value: 'click', against: null },
    { path: 'tasks.like.label', value: 'like', against: null },
    { path: 'tasks.like.lossWeight', value: 2, against: 1 },
    { path: 'training.learningRate', value: 0.25, against: 0.001 },
  ]);
});

it('beside another run they are those that differ, also what only one has', () => {
  const other = run(experiment({ columns: { age: 'ignore' } }, { seed: 2 }));
  expect(settingRows(run(experiment()), other)).toEqual([
    { path: 'training.seed', value: 1, against: 2 },
    { path: 'columns.age', value: null, against: 'ignore' },
  ]);
  expect(settingRows(run(experiment()), run(experiment()))).toEqual([]);
});

it('are not known before the experiment has been read, and are copied as it was run', () => {
  expect(settingRows(run(null), null)).toBeNull();
  expect(settingRows(run(experiment()), run(null))).toBeNull();
  expect(JSON.parse(experimentText(run(experiment())))).toEqual(experiment());
});
