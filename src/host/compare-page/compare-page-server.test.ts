import { appendFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runPaths } from '../../run/files/run-paths.js';
import { RunStore } from '../../run/store/store.js';
import {
  hostToComparePageSchema,
  type ComparisonSubject,
  type HostToComparePage,
} from '../../shared/messages/compare-protocol.js';
import type { RunEvent } from '../../shared/run/run-events.js';
import type { HostRun } from '../runs/run-collection.js';
import { appendSteps, changeManifest, temporaryRun } from '../runs/temporary-run.fixture.js';
import { ComparePageServer } from './compare-page-server.js';

vi.mock('vscode', async () => (await import('../editor/fake-vscode.fixture.js')).fakeVscode());

let store: RunStore;
let known: HostRun[];
let workspace: string;
let received: HostToComparePage[];
let logged: string[];
let requests: unknown[];
let titles: string[];
let visible: boolean;
let first: string;

async function refresh(): Promise<void> {
  known = (await store.list()).map((entry) => ({ entry, store, workspace }));
}

/** Makes another run in the same folder, as a comparison does. */
async function joined(name: string): Promise<string> {
  const { folder } = await store.createQueued({
    name,
    experimentFile: 'census.mmoe.json',
    comparison: { id: 'all', name: 'census: all' },
  });
  await refresh();
  return folder;
}

function serve(subject: ComparisonSubject): ComparePageServer {
  return (server = new ComparePageServer(
    subject,
    {
      post: (message) => {
        if (!visible) return Promise.resolve(false);
        // A message is copied and parsed on its way to the page.
        received.push(v.parse(hostToComparePageSchema, JSON.parse(JSON.stringify(message))));
        return Promise.resolve(true);
      },
      isVisible: () => visible,
    },
    {
      runs: () => known,
      log: (message) => logged.push(message),
      request: (message) => requests.push(message),
      renamed: ({ title }) => titles.push(title),
    },
  ));
}
let server: ComparePageServer;

beforeEach(async () => {
  const made = await temporaryRun();
  workspace = made.workspace;
  first = made.folder;
  store = new RunStore(made.runsFolder);
  [received, logged, requests, titles, visible] = [[], [], [], [], true];
  await refresh();
});
afterEach(() => {
  server.dispose();
  store.dispose();
});

const these = (...folders: string[]): ComparisonSubject => ({
  folders,
  comparison: null,
  title: 'Compare census',
});
const all = (): ComparisonSubject => ({
  folders: [],
  comparison: { id: 'all', runsFolder: dirname(first) },
  title: 'Compare census',
});

async function ready(): Promise<void> {
  server.receive({ type: 'ready' });
  await server.idle();
}

/** Waits for a look; there are at most two a second. */
async function look(): Promise<void> {
  await refresh();
  server.nudge();
  await new Promise((done) => setTimeout(done, 550));
  await server.idle();
}

const epoch = (seq: number, number: number, auc: number): RunEvent => ({
  seq,
  type: 'epoch',
  time: number,
  step: number * 100,
  epoch: number,
  train: { income: { auc: 0.5 } },
  validation: { income: { auc } },
  rowsPerSecond: null,
  best: true,
});
const append = (folder: string, event: RunEvent): Promise<void> =>
  appendFile(runPaths(folder).events, `${JSON.stringify(event)}\n`);

describe('a compare page and its server', () => {
  it('gets the runs that were chosen, their epochs only, and only what has changed after that', async () => {
    const other = await joined('census omoe');
    await appendSteps(first, 1, 3);
    await append(first, epoch(4, 1, 0.9));
    await refresh();
    serve(these(first, other));
    await ready();
    expect(received).toMatchObject([
      {
        type: 'runs',
        runs: [
          { folder: first, split: 'validation', epochs: [{ epoch: 1, metrics: { income: { auc: 0.9 } } }] },
          { folder: other },
        ],
      },
    ]);
    await look();
    expect(received).toHaveLength(1);
    await append(first, epoch(5, 2, 0.92));
    await look();
    expect(received[1]).toMatchObject({
      type: 'update',
      removed: [],
      changed: [{ folder: first, epochs: [{ epoch: 1 }, { epoch: 2 }] }],
    });
  });

  it('shows the runs of a comparison as they come, and is called by its name', async () => {
    serve(all());
    await ready();
    expect(received).toMatchObject([{ type: 'runs', runs: [] }]);
    const one = await joined('census omoe');
    await look();
    const two = await joined('census mmoe');
    await look();
    expect(titles).toEqual(['census: all']);
    expect(received.slice(1)).toMatchObject([
      { type: 'update', subject: { title: 'census: all' }, changed: [{ folder: one }] },
      { type: 'update', changed: [{ folder: two }] },
    ]);
  });

  it('is told of a new name, and of a run that is gone', async () => {
    const other = await joined('census omoe');
    serve(these(first, other));
    await ready();
    await changeManifest(first, { name: 'renamed', status: 'stopped' });
    await rm(other, { recursive: true });
    await look();
    expect(received[1]).toMatchObject({
      changed: [{ folder: first, status: 'stopped', manifest: { name: 'renamed' } }],
      removed: [other],
    });
  });

  it('is sent nothing while it is hidden, and everything when it is back', async () => {
    serve(these(first));
    await ready();
    visible = false;
    server.hidden();
    await append(first, epoch(1, 1, 0.9));
    await look();
    expect(received).toHaveLength(1);
    visible = true;
    await ready();
    expect(received[1]).toMatchObject({ type: 'runs', runs: [{ epochs: [{ epoch: 1 }] }] });
  });

  it('forgets the epochs that a resume undoes', async () => {
    await append(first, epoch(1, 1, 0.9));
    await append(first, epoch(2, 2, 0.91));
    serve(these(first));
    await ready();
    await append(first, { seq: 3, type: 'resume', time: 1, step: 100, epoch: 1 });
    await append(first, epoch(4, 2, 0.95));
    await look();
    expect(received[1]).toMatchObject({
      changed: [{ epochs: [{ metrics: { income: { auc: 0.9 } } }, { metrics: { income: { auc: 0.95 } } }] }],
    });
  });

  it('hands requests on, and drops what is no message', () => {
    serve(these(first));
    server.receive({ type: 'stopAll' });
    server.receive({ type: 'format the disk' });
    server.receive({ type: 'error', message: 'broken chart' });
    expect(requests).toEqual([{ type: 'stopAll' }]);
    expect(logged).toHaveLength(2);
  });
});
