import { expect, test } from 'vitest';
import type { RunWithSettings } from './run-settings.js';
import { groupsByRows } from './same-rows.js';

const run = (
  folder: string,
  { data = {}, more = {}, fingerprint = 'a', rows = 400, file = 'x.mmoe.json', known = true } = {},
): RunWithSettings => ({
  folder,
  manifest: {
    name: folder,
    experiment: {
      data: { source: 'films.csv', test: 0.1, ...data },
      tasks: [{ name: 'click', label: 'click', lossWeight: 1 }],
      ...more,
    },
    experimentFile: file,
    parameters: null,
    data: known
      ? { source: 'films.csv', rows: { train: 1, validation: 9, test: rows }, inputs: 1, fingerprint }
      : null,
    tasks: [],
    seed: 1,
  },
});
const groups = (...runs: RunWithSettings[]) =>
  groupsByRows(runs).map(({ label, folders }) => [label, ...folders]);

test('runs of the same rows are one group, however these are encoded or learned', () => {
  expect(
    groups(
      run('a'),
      run('b', { more: { columns: { age: { scale: 'bins' } } }, fingerprint: 'b' }),
      run('c', { more: { model: { variant: 'omoe' } } }),
      run('d', { data: { scale: 'robust' }, fingerprint: 'd' }),
      run('e', { known: false }),
    ),
  ).toEqual([['', 'a', 'b', 'c', 'd', 'e']]);
});

test('what chooses rows or labels makes groups, which say how they differ', () => {
  const synthetic = (correlation: number) => ({ source: { synthetic: { rows: 10, correlation } } });
  expect(groups(run('a', { data: synthetic(0.5) }), run('b', { data: synthetic(1) }))).toEqual([
    ['correlation .5', 'a'],
    ['correlation 1', 'b'],
  ]);
  expect(groups(run('a'), run('b', { data: { where: 'age > 3' } }), run('c'))).toEqual([
    ['', 'a', 'c'],
    ['where age > 3', 'b'],
  ]);
  const tasks = [{ name: 'click', label: 'click > 1', lossWeight: 1 }];
  expect(groups(run('a'), run('b', { more: { tasks } }))).toHaveLength(2);
  expect(groups(run('a'), run('b', { file: 'other/x.mmoe.json' }))).toHaveLength(2);
});

test('a table that has changed meanwhile makes groups by its rows, or by what they hold', () => {
  expect(groups(run('a'), run('b', { rows: 20_000, fingerprint: 'b' }), run('c', { known: false }))).toEqual([
    ['400 test rows · data a', 'a'],
    ['20,000 test rows · data b', 'b', 'c'],
  ]);
  expect(groups(run('a'), run('b', { fingerprint: 'b' }))).toEqual([
    ['data a', 'a'],
    ['data b', 'b'],
  ]);
});
