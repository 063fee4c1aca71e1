import { expect, it, vi } from 'vitest';
import { exampleRun } from '../../runs/example-run.fixture.js';
import { predictArguments, predictionsFile } from './predict.js';

vi.mock('vscode', async () => (await import('../../editor/fake-vscode.fixture.js')).fakeVscode());

const run = (id: string) => ({ workspace: '/films', store: null as never, entry: exampleRun({ id }) });

it('the program is asked by the folders of runs, with every further run and each column that is kept', () => {
  const asked = { keep: ['user id', 'item'], out: '/new/p.csv' };
  const table = { fsPath: '/new/rows.csv' } as never;
  expect(predictArguments({ runs: [run('a'), run('b')], table, ...asked })).toEqual(
    [
      ['predict', '/films/.mmoe/runs/a', '/new/rows.csv', '--out', '/new/p.csv'],
      ['--and', '/films/.mmoe/runs/b', '--keep', 'user id', '--keep', 'item'],
    ].flat(),
  );
  expect(predictArguments({ runs: [run('a')], table: 'own', keep: [], out: 'p.csv' })).toEqual([
    'predict',
    '/films/.mmoe/runs/a',
    '--out',
    'p.csv',
  ]);
});

it('predictions go beside their table', () => {
  expect(['/a/films.csv', '/a/films.csv.gz', '/a/part', '/a/.csv'].map(predictionsFile)).toEqual([
    '/a/films.predictions.csv',
    '/a/films.predictions.csv',
    '/a/part.predictions.csv',
    '/a/.csv.predictions.csv',
  ]);
});
