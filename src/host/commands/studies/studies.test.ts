import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { StudyRecord } from '../../../shared/study/record.js';
import { studyPaths } from '../../../study/store.js';
import { callOf } from './studies.js';

vi.mock('vscode', async () => (await import('../../editor/fake-vscode.fixture.js')).fakeVscode());

let workspace: string;
beforeEach(async () => {
  workspace = join(await mkdtemp(join(tmpdir(), 'mmoe-studies-')), 'work');
  await mkdir(workspace);
  await writeFile(join(workspace, '..', 'a.study.json'), '{}');
  await writeFile(join(workspace, 'a.study.json'), '{}');
  await writeFile(join(workspace, 'a.json'), '{}');
});
afterEach(() => rm(join(workspace, '..'), { recursive: true, force: true }));

const call = (origin: StudyRecord['origin']) =>
  callOf({
    paths: studyPaths(workspace, 'x'),
    workspace,
    ...{ name: 'x', notes: '', status: 'stopped', done: 0 },
    record: {
      ...{ format: 1, name: 'x', description: '', origin, base: { path: '', text: '' }, vary: {} },
      ...{ compare: null, pick: null, tune: null, drawn: [], planned: null, total: null, version: '' },
      seeds: { count: 1, first: 1, data: false },
      times: { begun: '', before: 0, ended: null },
    },
  });

it('goes on with a study file of the workspace, and with a figure as it was called', () => {
  expect(call({ is: 'file', path: 'a.study.json' })).toEqual(['study', join(workspace, 'a.study.json')]);
  expect(call({ is: 'paper', figure: 'fig5', options: ['--seeds', '20', '--protocol', 'large'] })).toEqual([
    ...['paper', 'fig5', '--seeds', '20', '--protocol', 'large'],
  ]);
});

it.each<StudyRecord['origin']>([
  { is: 'file', path: '../a.study.json' },
  { is: 'file', path: 'a.json' },
  { is: 'file', path: 'gone.study.json' },
  { is: 'paper', figure: '--help', options: [] },
  { is: 'paper', figure: 'fig5', options: ['--set', 'data.source="/etc/hosts"'] },
])('says why it cannot go on with %j', (origin) => {
  expect(call(origin)).toBeTypeOf('string');
});
