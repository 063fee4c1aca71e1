import { expect, test } from 'vitest';
import * as v from 'valibot';
import { RunColumns, runsInColumnsSchema, runsOfColumns } from './runs-in-columns.js';
import type { TableRun } from './table-run-schema.js';

const run: TableRun = {
  ...{ folder: '/films/.mmoe/runs/a', id: 'a', name: 'mmoe · seed 1', status: 'finished' },
  ...{ epoch: null, epochs: 20, starred: true, archived: false, tags: ['keep', 'wide'] },
  ...{ experiment: 'films', comparison: { id: 'c', name: 'films: all' }, created: '2026-11-29T14:00:00Z' },
  ...{ seconds: 1.5, parameters: 100, rows: { choice: 'a', encoding: 'e', fingerprint: 'f' } },
  settings: ['mmoe', 0.01, true],
  scores: {
    click: { kind: 'binary', validation: 0.9, test: null },
    minutes: { kind: 'regression', validation: 0.5, test: -2 },
  },
};
const runs: readonly TableRun[] = [
  run,
  { ...run, folder: '/films/.mmoe/runs/b', id: 'b', settings: ['1', 1, null], tags: ['keep,wide'] },
  {
    ...{ ...run, folder: '/other/.mmoe/runs/c', id: 'c', status: 'running', epoch: 3, epochs: null },
    ...{ experiment: null, comparison: null, rows: null, parameters: null, tags: [], archived: true },
    settings: [null, '1', false],
    // The order of tasks is that of the run.
    scores: {
      minutes: { kind: 'regression', validation: null, test: null },
      click: { kind: 'multiclass', validation: 0.25, test: 0.125 },
    },
  },
  { ...run, comparison: { id: 'undefined', name: 'undefined' }, experiment: '', scores: {} },
];

function columnsOf(all: readonly TableRun[]) {
  const rows = new RunColumns(run.settings.length);
  for (const one of all) rows.add(one);
  return v.parse(runsInColumnsSchema, JSON.parse(JSON.stringify(rows.columns)));
}

test('runs come out of their columns as they were', () => {
  const found = runsOfColumns(columnsOf(runs));
  expect(found).toEqual(runs);
  expect(found.map(({ scores }) => Object.keys(scores))).toEqual(
    runs.map(({ scores }) => Object.keys(scores)),
  );
  expect(runsOfColumns(columnsOf([]))).toEqual([]);
});

test('columns that do not fit together are refused', () => {
  const columns = columnsOf(runs);
  expect(() => runsOfColumns({ ...columns, id: columns.id.slice(1) })).toThrow('equally long');
  expect(() => runsOfColumns({ ...columns, scores: columns.scores.slice(1) })).toThrow('equally long');
  expect(() => runsOfColumns({ ...columns, scores: [...columns.scores, 1] })).toThrow('more scores');
  expect(() => runsOfColumns({ ...columns, rows: { ...columns.rows, of: [9, 9, 9, 9] } })).toThrow(
    'equally long',
  );
});
