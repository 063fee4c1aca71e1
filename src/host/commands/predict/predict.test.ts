import { describe, expect, it, vi } from 'vitest';
import type { PredictionReport } from '../../../shared/prediction/report.js';
import { exampleRun } from '../../runs/example-run.fixture.js';
import { predictArguments, ToldProgress } from './ask-prediction.js';
import { confirmItems } from './confirm.js';
import { predictionsFile } from './predict.js';

vi.mock('vscode', async () => (await import('../../editor/fake-vscode.fixture.js')).fakeVscode());

const run = (id: string) => ({ workspace: '/films', store: null as never, entry: exampleRun({ id }) });

it('the program is asked by the folders of runs, with every further run and each column that is kept', () => {
  const runs = [run('a'), run('b')];
  const table = { kind: 'file', path: '/new/rows.csv' } as const;
  expect(
    predictArguments({ runs, table, keep: ['user id', 'item'], by: ['hour'], out: '/new/p.csv' }),
  ).toEqual(
    [
      ['predict', '/films/.mmoe/runs/a', '/new/rows.csv', '--out', '/new/p.csv'],
      ['--and', '/films/.mmoe/runs/b', '--keep', 'user id', '--keep', 'item', '--by', 'hour'],
      ['--json', '--progress'],
    ].flat(),
  );
  const query = { kind: 'query', sql: 'from x' } as const;
  expect(predictArguments({ runs: [run('a')], table: query, keep: [], by: [], out: null })).toEqual([
    'predict',
    '/films/.mmoe/runs/a',
    '--sql',
    'from x',
    '--check',
    '--json',
    '--progress',
  ]);
  const own = predictArguments({ runs: [run('a')], table: { kind: 'own' }, keep: [], by: [], out: 'p.csv' });
  expect(own.slice(1, 4)).toEqual(['/films/.mmoe/runs/a', '--out', 'p.csv']);
});

it('predictions go beside their table', () => {
  const fileFor = (path: string): string => predictionsFile('/w', { kind: 'file', path });
  expect(['/a/films.csv', '/a/films.csv.gz', '/a/part', '/a/.csv'].map(fileFor)).toEqual([
    '/a/films.predictions.csv',
    '/a/films.predictions.csv',
    '/a/part.predictions.csv',
    '/a/.csv.predictions.csv',
  ]);
  expect(predictionsFile('/w', { kind: 'query', sql: '' })).toBe('/w/query.predictions.csv');
});

it('progress is read in whatever pieces it comes, and adds up to all of it', () => {
  const told: [string, number][] = [];
  const progress = new ToldProgress((message, increment) => told.push([message, increment]));
  for (const piece of [
    'progress 8192 ',
    '20000\nprog',
    'ress 16384 20000\nwarning: x\n',
    'progress 20000 20000\n',
  ])
    progress.take(piece);
  expect(told.map(([message]) => message)).toEqual([
    '8,192 of 20,000 rows',
    '16,384 of 20,000 rows',
    '20,000 of 20,000 rows',
  ]);
  expect(told.reduce((sum, [, increment]) => sum + increment, 0)).toBeCloseTo(100, 9);
});

describe('before rows are predicted', () => {
  const report: PredictionReport = {
    ...{ source: 'new.csv', rows: 200, runs: [], columns: [], labelled: ['click'], out: null, scores: [] },
    ...{ unweighted: null, trainedOn: false, test: null, preview: null },
    found: [{ name: 'city', missing: 2, unseen: 50, examples: ['Ys'] }],
  };

  it('it is said what the model knows nothing of, by column, and only the first item goes on', () => {
    const items = confirmItems(report);
    expect(items.map(({ label }) => label)).toEqual([
      '$(play) Predict 200 rows…',
      'What the model has not learned from',
      '$(warning) city',
    ]);
    expect(items[0]!.description).toMatch(/labels of click/);
    expect(items[2]!.detail).toBe(
      '50 (25.0 %) of "city" are values that training has not seen, or too rarely to learn: "Ys"; ' +
        '2 (1.0 %) of "city" are missing',
    );
    expect(items.map(({ goOn }) => goOn)).toEqual([true, undefined, undefined]);
  });

  it('it is said that there is nothing new in them', () => {
    expect(confirmItems({ ...report, found: [], labelled: [] }).map(({ label }) => label)).toEqual([
      '$(play) Predict 200 rows…',
      'Nothing in them is new to the model',
    ]);
  });
});
