import { rm } from 'node:fs/promises';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunStore } from '../../run/store/store.js';
import { hostToRunsTableSchema, type HostToRunsTable } from '../../shared/messages/runs-table-protocol.js';
import { runsOfColumns } from '../../shared/messages/runs-in-columns.js';
import type { TableRun } from '../../shared/messages/table-run-schema.js';
import { SettingCounts } from '../../shared/settings/run-names.js';
import type { HostRun } from '../runs/run-collection.js';
import { changeManifest, temporaryRun } from '../runs/temporary-run.fixture.js';
import { RunsTableServer } from './runs-table-server.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

let store: RunStore;
let known: HostRun[];
let workspace: string;
let first: string;
/** With the runs as the page takes them out of their columns. */
let received: (Exclude<HostToRunsTable, { type: 'runs' }> | { type: 'runs'; runs: TableRun[] })[];
let requests: unknown[];
let server: RunsTableServer;

const refresh = async (): Promise<void> => {
  known = (await store.list()).map((entry) => ({ entry, store, workspace }));
};

beforeEach(async () => {
  const made = await temporaryRun();
  workspace = made.workspace;
  first = made.folder;
  store = new RunStore(made.runsFolder);
  [received, requests] = [[], []];
  await refresh();
  server = new RunsTableServer(
    {
      post: (message) => {
        // A message is copied and parsed on its way to the page.
        const parsed = v.parse(hostToRunsTableSchema, JSON.parse(JSON.stringify(message)));
        received.push(parsed.type === 'runs' ? { ...parsed, runs: runsOfColumns(parsed.runs) } : parsed);
        return Promise.resolve(true);
      },
      isVisible: () => true,
    },
    {
      runs: () => known,
      paths: () =>
        new SettingCounts(known.flatMap(({ entry }) => (entry.state === 'ok' ? [entry.manifest] : [])))
          .telling,
      nameOf: ({ entry }) => (entry.state === 'ok' ? entry.manifest.name : entry.id),
      kept: () => ({ group: 'comparison' }),
      log: () => undefined,
      request: (message) => requests.push(message),
    },
  );
});
afterEach(() => {
  server.dispose();
  store.dispose();
});

/** Makes another run in the same folder. */
async function another(name: string): Promise<string> {
  const { folder } = await store.createQueued({ name, experimentFile: 'census.mmoe.json' });
  await refresh();
  return folder;
}

async function ready(query = ''): Promise<void> {
  server.receive({ type: 'ready', query });
  await server.idle();
}

/** Waits for a look; there are at most two a second. */
async function look(): Promise<void> {
  await refresh();
  server.nudge();
  await vi.waitFor(() => expect(received.length).toBeGreaterThan(0), { timeout: 60_000, interval: 50 });
  await server.idle();
}

const find = async (query: string) => {
  received = [];
  server.receive({ type: 'find', query });
  await server.idle();
  return received.find((message) => message.type === 'found');
};

describe('the table of runs and its server', () => {
  it('gets all runs with their scores, what was kept, and what its query finds', async () => {
    const other = await another('census ple');
    await ready();
    const [runs, found] = received;
    expect(runs).toMatchObject({
      type: 'runs',
      kept: { group: 'comparison' },
      runs: [{ folder: other, status: 'queued', scores: {} }, { folder: first }],
    });
    expect(found).toMatchObject({ type: 'found', query: '', folders: [other, first], problem: null });
  });

  it('gets the newest of very many runs first, without archived ones, and then all of them', async () => {
    const [run] = known;
    const entry = run!.entry;
    if (entry.state !== 'ok') throw new Error('the run cannot be read');
    known = Array.from({ length: 1200 }, (_, index) => ({
      ...run!,
      entry: {
        ...entry,
        ...{ folder: `${first}-${index}`, id: `${entry.id}-${index}` },
        manifest: { ...entry.manifest, archived: index === 1 },
      },
    }));
    await ready();
    const [newest, all, found] = received;
    expect(newest).toMatchObject({ type: 'runs', newestOf: { found: 1199, all: 1200 } });
    const foldersOf = (message: typeof newest) =>
      message?.type === 'runs' ? message.runs.map(({ folder }) => folder) : [];
    expect(foldersOf(newest).slice(0, 3)).toEqual([0, 2, 3].map((index) => `${first}-${index}`));
    expect(foldersOf(all)).toEqual(known.map((one) => one.entry.folder));
    expect(all).not.toHaveProperty('newestOf');
    expect(found).toMatchObject({ type: 'found' });
    received = [];
    await ready('status = finished');
    expect(received.map(({ type }) => type)).toEqual(['runs', 'found']);
  });

  it('gets only what has changed after that', async () => {
    const other = await another('census ple');
    await ready();
    received = [];
    await changeManifest(first, { tags: ['keep'], starred: true });
    await rm(other, { recursive: true });
    await look();
    expect(received).toMatchObject([
      { type: 'update', changed: [{ folder: first, tags: ['keep'], starred: true }], removed: [other] },
      { type: 'found', folders: [first] },
    ]);
  });

  it('finds runs as the tree does: by settings, tags and words, without archived ones', async () => {
    const other = await another('census ple');
    await changeManifest(first, { tags: ['keep'] });
    await changeManifest(other, { archived: true });
    await refresh();
    await ready();
    expect(await find('tag = keep')).toMatchObject({ folders: [first] });
    expect(await find('')).toMatchObject({ folders: [first] });
    expect(await find('archived = true')).toMatchObject({ folders: [other] });
    expect(await find('tag =')).toMatchObject({ problem: { at: 5 } });
    expect((await find('sta'))?.completions.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['status', 'starred']),
    );
  });

  it('hands on what is asked for', () => {
    server.receive({ type: 'act', action: 'delete', folders: [first] });
    server.receive({ type: 'act', action: 'format the disk', folders: [first] });
    expect(requests).toEqual([{ type: 'act', action: 'delete', folders: [first] }]);
  });
});
