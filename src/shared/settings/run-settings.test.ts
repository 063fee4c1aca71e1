import { expect, test } from 'vitest';
import { settingsAt, settingsOf } from './run-settings.js';

const run = {
  experimentFile: 'films.mmoe.json',
  experiment: {
    name: 'films',
    data: { source: 'films.csv', where: null },
    columns: { age: { scale: 'bins' }, 'user.id': 'ignore', user: { encode: { embedding: 8 } } },
    tasks: [
      { name: 'click', label: 'click', kind: 'binary' },
      { name: 'minutes.watched', label: 'minutes' },
    ],
    model: { variant: 'mmoe', experts: { count: 8, layers: [16, 8] } },
    training: { learningRate: 0.01, seed: 3, stopEarly: {} },
  },
};

test('settings at some paths are those that all settings have there', () => {
  const all = settingsOf(run)!;
  expect([...all.keys()]).toEqual(
    expect.arrayContaining([
      'columns.user.id',
      'columns.user.encode.embedding',
      'tasks.minutes.watched.label',
    ]),
  );
  expect(settingsAt(run, [...all.keys()])).toEqual(all);
  for (const [path, value] of all) expect([...settingsAt(run, [path])!]).toEqual([[path, value]]);
  for (const path of [
    'model.levels',
    'training',
    'tasks',
    'columns.item.id',
    'model.variant.more',
    'name',
    'nothing',
  ])
    expect(settingsAt(run, [path])!.get(path), path).toEqual(all.get(path));
  expect(settingsAt({ ...run, experiment: null }, ['model.variant'])).toBeNull();
});
