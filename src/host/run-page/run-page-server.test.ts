import { appendFile, rename } from 'node:fs/promises';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runPaths } from '../../run/files/run-paths.js';
import type { RunError } from '../../shared/run/run-manifest.js';
import { unpackedEvents } from '../../shared/run/packed-events.js';
import { RunHistory } from '../../shared/run/run-history.js';
import {
  hostToRunPageSchema,
  type HostToRunPage,
  type RunContext,
} from '../../shared/messages/run-protocol.js';
import { RunPageServer, type RunPageOptions } from './run-page-server.js';
import { appendSteps, changeManifest, temporaryRun } from '../runs/temporary-run.fixture.js';

/**
 * Acts as the webview does: messages that arrive while it is hidden are lost, and it starts empty each time
 * it is shown.
 */
class FakePage {
  visible = true;
  received: HostToRunPage[] = [];
  history = new RunHistory();

  post(message: HostToRunPage): Promise<boolean> {
    if (!this.visible) return Promise.resolve(false);
    // A message is copied and parsed on its way to the page.
    const parsed = v.parse(hostToRunPageSchema, structuredClone(message));
    this.received.push(parsed);
    if (parsed.type !== 'gone' && parsed.type !== 'context') {
      if (parsed.type === 'run' && parsed.from === 0) this.history = new RunHistory();
      if (parsed.type === 'run' && parsed.packed !== undefined)
        this.history.add(unpackedEvents(parsed.packed));
      this.history.add(parsed.events);
    }
    return Promise.resolve(true);
  }

  get steps(): number[] {
    return this.history.steps.map(({ seq }) => seq);
  }
}

let folder: string;
let page: FakePage;
let server: RunPageServer;
let logged: string[];
let requests: unknown[];
let trusted: boolean;
let watched: boolean;
let told: RunError | null;
let context: RunContext | null;

beforeEach(async () => {
  ({ folder } = await temporaryRun());
  page = new FakePage();
  logged = [];
  requests = [];
  [trusted, watched, told, context] = [true, true, null, null];
  const options: RunPageOptions = {
    canTrain: () => trusted,
    told: () => told,
    isWatched: () => watched,
    log: (message) => logged.push(message),
    request: (message) => requests.push(message),
    state: () => undefined,
    context: () => context,
  };
  server = new RunPageServer(
    folder,
    { post: (message) => page.post(message), isVisible: () => page.visible },
    options,
  );
});
afterEach(() => server.dispose());

async function ready(seq = 0): Promise<void> {
  server.receive({ type: 'ready', seq });
  await server.idle();
}

async function look(): Promise<void> {
  server.nudge();
  await server.idle();
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a run page and its server', () => {
  it('gets a long run packed, all of its steps, and then what is new', async () => {
    await appendSteps(folder, 1, 700);
    await ready();
    const [first] = page.received;
    expect(first).toMatchObject({ type: 'run', events: [] });
    expect(page.steps).toEqual(range(1, 700));
    await appendSteps(folder, 701, 702);
    await look();
    expect(page.steps).toEqual(range(1, 702));
    page.history = new RunHistory();
    await ready(690);
    expect(page.steps).toEqual(range(691, 702));
  });

  it('gets the whole run when it says ready, and only what is new after that', async () => {
    await appendSteps(folder, 1, 3);
    await ready();
    expect(page.received).toMatchObject([
      { type: 'run', from: 0, canTrain: true, events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
    ]);
    await appendSteps(folder, 4, 5);
    await look();
    expect(page.received[1]).toMatchObject({ type: 'update', events: [{ seq: 4 }, { seq: 5 }] });
    expect(page.steps).toEqual(range(1, 5));
  });

  it('gets nothing before it has said ready, and nothing when nothing is new', async () => {
    await look();
    expect(page.received).toEqual([]);
    await ready();
    await look();
    expect(page.received).toHaveLength(1);
  });

  it('gets what it lacks when it still holds some', async () => {
    await appendSteps(folder, 1, 6);
    await ready(4);
    expect(page.received).toMatchObject([{ type: 'run', from: 4, events: [{ seq: 5 }, { seq: 6 }] }]);
  });

  it('starts afresh when it holds more than there is', async () => {
    await appendSteps(folder, 1, 2);
    await ready(90);
    expect(page.received).toMatchObject([{ type: 'run', from: 0, events: [{ seq: 1 }, { seq: 2 }] }]);
  });

  it('misses no event and gets none twice, however it is hidden and shown while the run grows', async () => {
    await ready();
    let last = 0;
    for (let round = 0; round < 20; round++) {
      await appendSteps(folder, last + 1, last + 1 + (round % 3));
      last += 1 + (round % 3);
      if (round % 4 === 1) {
        page.visible = false;
        server.nudge();
        server.hidden();
      } else if (!page.visible) {
        page.visible = true;
        page.history = new RunHistory();
        server.receive({ type: 'ready', seq: 0 });
      }
      // This is not awaited: looks and greetings overlap as they do in the editor.
      server.nudge();
    }
    page.visible = true;
    await ready(page.history.seq);
    expect(page.steps).toEqual(range(1, last));
  });

  it('is told of a new name, a new status and of trust', async () => {
    await ready();
    await changeManifest(folder, { name: 'renamed', status: 'stopped' });
    trusted = false;
    await look();
    expect(page.received[1]).toMatchObject({
      type: 'update',
      status: 'stopped',
      canTrain: false,
      events: [],
      manifest: { name: 'renamed' },
    });
  });

  it('is told why its trainer is gone where the run itself does not say it', async () => {
    await ready();
    const error = { code: 'system.ENOSPC', message: 'the disk is full' };
    told = error;
    await changeManifest(folder, { status: 'running' });
    await look();
    expect(page.received[1]).toMatchObject({ type: 'update', status: 'interrupted', manifest: { error } });
    await changeManifest(folder, { status: 'finished' });
    await look();
    expect(page.received[2]).toMatchObject({ type: 'update', status: 'finished', manifest: { error: null } });
  });

  it('is told what the run is among others, again when that changes or it starts afresh', async () => {
    context = { name: 'census · mmoe', standing: [], other: null };
    await ready();
    await look();
    context = { ...context, name: 'census · mmoe · seed 1' };
    await look();
    await ready();
    const names = page.received.flatMap((message) =>
      message.type === 'context' ? [message.context.name] : [],
    );
    expect(names).toEqual(['census · mmoe', 'census · mmoe · seed 1', 'census · mmoe · seed 1']);
  });

  it('does not get the manifest again when only events are new', async () => {
    await ready();
    await appendSteps(folder, 1, 1);
    await look();
    expect(page.received[1]).not.toHaveProperty('manifest');
  });

  it('gets the run anew after a resume, which undoes what it holds', async () => {
    await appendSteps(folder, 1, 5);
    await ready();
    const resume = { seq: 6, type: 'resume', time: 3, step: 3, epoch: 1 };
    await appendFile(runPaths(folder).events, `${JSON.stringify(resume)}\n`);
    await look();
    expect(page.received.at(-1)).toMatchObject({ type: 'run', from: 0 });
    expect(page.steps).toEqual([1, 2, 3]);
    await appendSteps(folder, 7, 7);
    await look();
    expect(page.received.at(-1)).toMatchObject({ type: 'update', events: [{ seq: 7 }] });
    expect(page.steps).toEqual([1, 2, 3, 7]);
  });

  it('is told once that the run is gone, and gets it anew when it is back', async () => {
    await appendSteps(folder, 1, 2);
    await ready();
    await rename(folder, `${folder}-away`);
    await look();
    await look();
    await rename(`${folder}-away`, folder);
    await look();
    expect(page.received.map(({ type }) => type)).toEqual(['run', 'gone', 'run']);
    expect(page.steps).toEqual([1, 2]);
  });

  it('is told that a run cannot be read, and why', async () => {
    await changeManifest(folder, { seed: Number.NaN });
    await ready();
    expect(page.received).toMatchObject([
      { type: 'gone', reason: expect.stringContaining('"seed"') as string },
    ]);
  });

  it('hands requests on, and drops what is no message', async () => {
    server.receive({ type: 'action', action: 'stop' });
    server.receive({ type: 'action', action: 'format the disk' });
    server.receive(null);
    server.receive({ type: 'error', message: 'broken chart' });
    await server.idle();
    expect(requests).toEqual([{ type: 'action', action: 'stop' }]);
    expect(logged).toHaveLength(3);
    expect(logged[2]).toContain('broken chart');
  });

  it('is polled where nobody watches its folder', async () => {
    watched = false;
    await ready();
    await appendSteps(folder, 1, 1);
    await vi.waitFor(() => expect(page.steps).toEqual([1]), 10_000);
  });

  it('is silent once disposed', async () => {
    await ready();
    server.dispose();
    await appendSteps(folder, 1, 2);
    await look();
    await ready();
    expect(page.received).toHaveLength(1);
  });
});
