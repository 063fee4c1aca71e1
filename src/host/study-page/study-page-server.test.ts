import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hostToStudyPageSchema, type HostToStudyPage } from '../../shared/messages/study-protocol.js';
import type { StudyRecord } from '../../shared/study/record.js';
import { studyPaths } from '../../study/store.js';
import type { HostStudy } from '../studies/study-collection.js';
import { StudyPageServer } from './study-page-server.js';

let workspace: string;
let study: HostStudy | undefined;
let received: HostToStudyPage[];
let requests: unknown[];
let server: StudyPageServer;

const record: StudyRecord = {
  ...{ format: 1, name: 'x', description: '', origin: { is: 'file', path: 'x.study.json' } },
  ...{
    base: { path: 'x.mmoe.json', text: '{}' },
    vary: {},
    compare: null,
    pick: null,
    tune: null,
    drawn: [],
  },
  seeds: { count: 3, first: 1, data: false },
  ...{ planned: ['a', 'b', 'c'], total: 3, version: '0' },
  times: { begun: '2026-01-01T00:00:00.000Z', before: 0, ended: null },
};

beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'mmoe-study-page-'));
  const paths = studyPaths(workspace, 'x');
  await mkdir(paths.folder, { recursive: true });
  await writeFile(paths.runs, '{"key":"a"}\n{"key":');
  study = { paths, workspace, record, name: 'x', notes: '', status: 'running', done: 1 };
  received = [];
  requests = [];
  server = new StudyPageServer(
    paths.folder,
    {
      post: (message) => {
        received.push(v.parse(hostToStudyPageSchema, JSON.parse(JSON.stringify(message))));
        return Promise.resolve(true);
      },
      isVisible: () => true,
    },
    {
      study: () => study,
      canTrain: () => true,
      goneText: () => 'gone',
      log: () => undefined,
      request: (message) => requests.push(message),
    },
  );
});
afterEach(async () => {
  server.dispose();
  await rm(workspace, { recursive: true, force: true });
});

const news = async (): Promise<HostToStudyPage[]> => {
  received = [];
  server.nudge();
  await server.idle();
  return received;
};

it('sends the lines that are whole, and then only what is new', async () => {
  server.receive({ type: 'ready' });
  await server.idle();
  expect(received).toMatchObject([{ type: 'study', status: 'running', lines: ['{"key":"a"}'] }]);
  expect(await news()).toEqual([]);
  await appendFile(study!.paths.runs, '"b"}\n');
  expect(await news()).toMatchObject([{ type: 'update', lines: ['{"key":"b"}'] }]);
  study = { ...study!, name: 'mine', notes: 'why' };
  expect(await news()).toMatchObject([{ type: 'update', record: { name: 'mine' }, notes: 'why', lines: [] }]);
  study = { ...study, status: 'stopped' };
  expect(await news()).toMatchObject([{ type: 'update', status: 'stopped', lines: [] }]);
});

it('gives all of a long study in pieces, and begins afresh when another one is in its place', async () => {
  await writeFile(study!.paths.runs, Array.from({ length: 1000 }, (_, i) => `{"key":"${i}"}\n`).join(''));
  server.receive({ type: 'ready' });
  await server.idle();
  expect(received.map(({ type }) => type)).toEqual(['study', 'update', 'update']);
  await writeFile(study!.paths.runs, '{"key":"new"}\n');
  expect(await news()).toMatchObject([{ type: 'study', lines: ['{"key":"new"}'] }]);
});

it('says that a study is gone, once, and shows it when it is there again', async () => {
  server.receive({ type: 'ready' });
  await server.idle();
  const before = study;
  study = undefined;
  expect(await news()).toEqual([{ type: 'gone', reason: 'gone' }]);
  study = before;
  expect(await news()).toMatchObject([{ type: 'study', lines: ['{"key":"a"}'] }]);
});

it('hands on what a page asks for, and nothing that is malformed', () => {
  server.receive({ type: 'openAsRun', key: 'a', run: null });
  server.receive({ type: 'action', action: 'format-disk' });
  expect(requests).toEqual([{ type: 'openAsRun', key: 'a', run: null }]);
});
