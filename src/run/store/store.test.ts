import { appendFile, chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { minutes, patience } from '../../../test/patience.mjs';
import { newRunId, isRunId } from '../id.js';
import type { ProcessProbe } from '../liveness.js';
import { runPaths } from '../files/run-paths.js';
import { temporaryFolder } from '../run-folder.fixture.js';
import { RunStore, type RunStoreChange } from './store.js';
import { RunWriter } from '../writer.js';

async function newStore(options?: ConstructorParameters<typeof RunStore>[1]): Promise<RunStore> {
  const store = new RunStore(join(await temporaryFolder(), '.mmoe', 'runs'), options);
  onTestFinished(() => store.dispose());
  return store;
}

function changesOf(store: RunStore): { ids: () => string[]; removed: () => string[] } {
  const changes: RunStoreChange[] = [];
  store.onDidChange((change) => changes.push(change));
  return {
    ids: () => changes.flatMap(({ changed }) => changed),
    removed: () => changes.flatMap(({ removed }) => removed),
  };
}

const soon = { timeout: minutes(patience.wait), interval: 20 };
const step = { type: 'step', time: 1, step: 3, epoch: 1, losses: {} } as const;

test('a folder that is not there yet has no runs, and its first run is noticed', async () => {
  const store = await newStore();
  expect(await store.list()).toEqual([]);
  const changes = changesOf(store);
  const other = new RunStore(store.runsFolder);
  const { id } = await other.createQueued({ name: 'a', experimentFile: 'a.mmoe.json' });
  await vi.waitFor(() => expect(changes.ids()).toContain(id), soon);
  expect(await store.list()).toMatchObject([
    { state: 'ok', id, status: 'queued', manifest: { name: 'a', experimentFile: 'a.mmoe.json' } },
  ]);
  other.dispose();
});

test('runs are listed newest first; folders without run.json are none, unreadable ones say why', async () => {
  const store = await newStore();
  const old = await store.createQueued({
    name: 'old',
    experimentFile: null,
    created: new Date('2026-01-01'),
  });
  const young = await store.createQueued({
    name: 'young',
    experimentFile: null,
    created: new Date('2026-02-01'),
  });
  await mkdir(join(store.runsFolder, 'empty'));
  await mkdir(join(store.runsFolder, '0-broken'));
  await writeFile(join(store.runsFolder, '0-broken', 'run.json'), '{');
  await writeFile(join(store.runsFolder, 'a file'), '');
  const list = await store.list();
  expect(list.map(({ id }) => id)).toEqual([young.id, old.id, '0-broken']);
  expect(list[2]).toMatchObject({
    state: 'unreadable',
    reason: 'run.json is not whole: it is not valid JSON',
  });
});

test('a folder that cannot be read is told, and its runs stay as they were until it can be', async () => {
  const store = await newStore();
  const { id } = await store.createQueued({ name: 'a', experimentFile: null });
  expect(store.trouble).toBeNull();

  // Nobody listens yet, so that no look falls between the two.
  const elsewhere = `${store.runsFolder}-elsewhere`;
  await rename(store.runsFolder, elsewhere);
  await symlink(elsewhere, store.runsFolder);
  expect((await store.list()).map((entry) => entry.id)).toEqual([id]);
  expect(store.trouble).toEqual({ is: 'unreadable', reason: expect.stringContaining('link') as string });
  const changes: RunStoreChange[] = [];
  store.onDidChange((change) => changes.push(change));
  await rm(store.runsFolder);
  await rename(elsewhere, store.runsFolder);
  await vi.waitFor(() => expect(store.trouble).toBeNull(), soon);
  await vi.waitFor(() => expect(changes.length).toBeGreaterThan(0), soon);
  expect((await store.list()).map((entry) => entry.id)).toEqual([id]);
  expect(store.trouble).toBeNull();

  const workspace = join(store.runsFolder, '../..');
  await rename(workspace, `${workspace}-elsewhere`);
  onTestFinished(() => rm(`${workspace}-elsewhere`, { recursive: true }));
  expect(await store.list()).toEqual([]);
  expect(store.trouble).toEqual({ is: 'gone' });
});

test('without permission, runs are not gone', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root may read everything');
  const store = await newStore();
  const { folder, id } = await store.createQueued({ name: 'a', experimentFile: null });
  for (const place of [folder, store.runsFolder, join(store.runsFolder, '..')]) {
    await chmod(place, 0);
    const [entry] = await store.list();
    expect(entry).toMatchObject({ id });
    if (place === folder)
      expect(entry).toMatchObject({ reason: expect.stringContaining('permission') as string });
    else expect(store.trouble).toMatchObject({ is: 'unreadable' });
    await chmod(place, 0o755);
  }
});

test('growing events, edits, the end and the deletion of a run are all told', async () => {
  const store = await newStore();
  const { id, folder } = await store.createQueued({ name: 'a', experimentFile: null });
  const writer = await RunWriter.open(folder, 60);
  writer.update({ status: 'running', epochs: 2, stepsPerEpoch: 5 });
  await store.list();
  const changes = changesOf(store);
  const told = async (): Promise<void> => {
    const before = changes.ids().length;
    await vi.waitFor(() => expect(changes.ids().length).toBeGreaterThan(before), soon);
  };
  const growth = told();
  writer.event(step);
  await growth;
  expect(await store.list()).toMatchObject([
    { status: 'running', progress: { step: 3, steps: 10, seconds: 1 } },
  ]);
  await store.rename(id, 'b');
  await store.star(id, true);
  await store.setTags(id, ['x']);
  await store.setNotes(id, 'n');
  await store.requestStop(id);
  expect(writer.stopRequested()).toBe(true);
  const end = told();
  writer.update({ status: 'stopped' });
  writer.close();
  await end;
  expect(await store.list()).toMatchObject([
    { status: 'stopped', manifest: { name: 'b', starred: true, tags: ['x'], notes: 'n' } },
  ]);
  await rm(folder, { recursive: true });
  await vi.waitFor(() => expect(changes.removed()).toEqual([id]), soon);
  expect(await store.list()).toEqual([]);
});

test('a trainer that dies without a word is noticed', async () => {
  let alive = true;
  const machine: ProcessProbe = {
    host: 'here',
    bootId: null,
    find: async () => (alive ? { startedAt: null } : null),
  };
  const store = await newStore({ probe: machine });
  const { id, folder } = await store.createQueued({ name: 'a', experimentFile: null });
  const heartbeat = { pid: process.pid, startedAt: null, bootId: null, host: 'here', deadlineSeconds: 600 };
  await writeFile(runPaths(folder).heartbeat, JSON.stringify(heartbeat));
  expect(await store.list()).toMatchObject([{ status: 'queued' }]);
  const changes = changesOf(store);
  alive = false;
  await vi.waitFor(() => expect(changes.ids()).toContain(id), soon);
  expect(await store.list()).toMatchObject([{ status: 'interrupted' }]);
});

test('a run.json is read again only when it has changed', async () => {
  const store = await newStore();
  const { folder, id } = await store.createQueued({ name: 'a', experimentFile: null });
  const writer = await RunWriter.open(folder, 60);
  writer.update({ status: 'finished' });
  writer.close();
  const [first] = await store.list();
  const [second] = await store.list();
  expect(second).toBe(first);
  await appendFile(runPaths(folder).events, `${JSON.stringify({ seq: 1, ...step })}\n`);
  await store.star(id, true);
  expect((await store.list())[0]).not.toBe(first);
});

test('after disposal nothing is told', async () => {
  const store = await newStore();
  const changes = changesOf(store);
  store.dispose();
  await new RunStore(store.runsFolder).createQueued({ name: 'a', experimentFile: null });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(changes.ids()).toEqual([]);
});

test('ids say when, in UTC, and are fit to be a folder’s name', () => {
  let next = 0;
  const id = newRunId(new Date('2026-11-24T08:30:12.999Z'), () => next++);
  expect(id).toBe('20261124-083012-0123');
  expect(isRunId(id)).toBe(true);
  for (const bad of ['', '..', '../x', 'a/b', 'a\\b', '.hidden']) expect(isRunId(bad)).toBe(false);
});
