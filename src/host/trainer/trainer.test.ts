import { EventEmitter } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runPaths, runsFolderFor } from '../../run/files/run-paths.js';
import { temporaryFolder } from '../../run/run-folder.fixture.js';
import { RunStore } from '../../run/store/store.js';
import { RunWriter } from '../../run/writer.js';
import type { Spawn } from '../program/program.js';
import { appendSteps, changeManifest } from '../runs/temporary-run.fixture.js';
import { outcomeOf, type Outcome } from './train-outcome.js';
import { Trainer, type Started, type TrainRequest } from './trainer.js';

class FakeChild extends EventEmitter {
  /** The id of a process that is alive. */
  readonly pid = process.pid;
  unref(): void {
    calls.push('unref');
  }
}

let workspace: string;
let store: RunStore;
let child: FakeChild;
let calls: unknown[];
let spawnFails: boolean;
let endings: Promise<{ started: Started; outcome: Outcome | null }>[];
let trainer: Trainer;
let request: TrainRequest;

beforeEach(async () => {
  workspace = await temporaryFolder();
  store = new RunStore(runsFolderFor(workspace));
  calls = [];
  endings = [];
  spawnFails = false;
  const spawn: Spawn = (command, args, options) => {
    calls.push({ command, args, cwd: options.cwd, detached: options.detached });
    child = new FakeChild();
    setImmediate(() => (spawnFails ? child.emit('error', new Error('spawn ENOENT')) : child.emit('spawn')));
    return child;
  };
  trainer = new Trainer({
    program: () => ({ node: 'node', script: 'cli.js' }),
    storeOf: () => Promise.resolve(store),
    ended: async (started, end) => {
      const ending = outcomeOf(started, end).then((outcome) => ({ started, outcome }));
      endings.push(ending);
      await ending;
    },
    spawn,
  });
  const file = join(workspace, 'census.mmoe.json');
  request = {
    file,
    workspace,
    path: 'census.mmoe.json',
    name: 'census mmoe',
    seed: 3,
    sets: ['model.variant=omoe'],
  };
});
afterEach(() => store.dispose());

async function end(
  code: number | null,
  signal: string | null = null,
): Promise<{ started: Started; outcome: Outcome | null }> {
  child.emit('exit', code, signal);
  await new Promise(setImmediate);
  return endings[0]!;
}

describe('starting a training', () => {
  it('queues the run first and hands it to a detached program', async () => {
    const folder = await trainer.train(request);
    expect(await store.list()).toMatchObject([
      {
        state: 'ok',
        status: 'queued',
        folder,
        manifest: { name: 'census mmoe', experimentFile: 'census.mmoe.json', seed: 3 },
      },
    ]);
    const id = folder.slice(store.runsFolder.length + 1);
    const args = [
      'cli.js',
      'train',
      request.file,
      '--runs',
      store.runsFolder,
      '--id',
      id,
      '--name',
      'census mmoe',
      '--set',
      'model.variant=omoe',
    ];
    expect(calls).toEqual([{ command: 'node', args, cwd: workspace, detached: true }, 'unref']);
    expect(await trainer.isOwn(folder)).toBe(true);
  });

  it('takes the run back when the program cannot be started', async () => {
    spawnFails = true;
    await expect(trainer.train(request)).rejects.toThrow(/could not be started with node: spawn ENOENT/);
    expect(await store.list()).toEqual([]);
    expect(readdirSync(store.runsFolder)).toEqual([]);
  });

  it('resumes into the same log', async () => {
    const folder = await trainer.train(request);
    await trainer.resume(folder, workspace);
    expect(calls[2]).toMatchObject({ args: ['cli.js', 'resume', folder], cwd: workspace });
  });

  it('leaves the runs of a comparison to the program, whose output goes to a log of its own', async () => {
    await trainer.compare(request, {
      id: 'all-variants',
      variants: ['omoe', 'mmoe'],
      seeds: 3,
      logFolder: join(workspace, 'logs'),
    });
    const args = [
      'cli.js',
      'compare',
      request.file,
      '--variants',
      'omoe,mmoe',
      '--leave-out',
      '--seeds',
      '3',
      '--runs',
      store.runsFolder,
      '--id',
      'all-variants',
    ];
    expect(calls[0]).toMatchObject({ args });
    expect(existsSync(join(workspace, 'logs'))).toBe(true);
    expect(await store.list()).toEqual([]);
  });

  it('knows the runs that a comparison has made as its own, as long as its program holds them', async () => {
    const { folder } = await store.createQueued({ name: 'census omoe', experimentFile: null });
    const writer = await RunWriter.open(folder, 60);
    expect(await trainer.isOwn(folder)).toBe(false);
    await trainer.compare(request, {
      id: 'all-variants',
      variants: ['omoe'],
      seeds: 1,
      logFolder: join(workspace, 'logs'),
    });
    expect(await trainer.isOwn(folder)).toBe(true);
    writer.close();
    expect(await trainer.isOwn(folder)).toBe(false);
  });
});

describe('the end of a training', () => {
  it('is told once, by whoever has started it, until it is told', async () => {
    const folder = await trainer.train(request);
    expect(trainer.tellsEnd(folder)).toBe(true);
    await end(1);
    await vi.waitFor(() => expect(trainer.tellsEnd(folder)).toBe(false));
  });

  it('is nothing to speak of when another window has resumed the run at the same time', async () => {
    const { folder } = await store.createQueued({ name: 'census omoe', experimentFile: null });
    const writer = await RunWriter.open(folder, 60);
    await trainer.resume(folder, workspace);
    expect((await end(2)).outcome).toBeNull();
    writer.update({ status: 'stopped' });
    writer.close();
    expect(await outcomeOf({ ...(await endings[0]!).started }, { code: 2, signal: null })).not.toBeNull();
  });

  it('is nothing to speak of when the run is done or was stopped', async () => {
    await trainer.train(request);
    expect((await end(0)).outcome).toBeNull();
    await trainer.train(request);
    endings = [];
    expect((await end(130)).outcome).toBeNull();
  });

  it('on bad input is the run’s own error, and the run is of no use', async () => {
    const folder = await trainer.train(request);
    const error = {
      code: 'data.file',
      message: 'there is no such file (a.csv)',
      file: request.file,
      line: 2,
      column: 3,
    };
    await changeManifest(folder, { status: 'failed', error });
    expect((await end(2)).outcome).toMatchObject({
      message: error.message,
      error,
      discard: true,
      canResume: false,
    });
  });

  it('of a program that died before it took the run is what it printed', async () => {
    const folder = await trainer.train(request);
    await writeFile(runPaths(folder).log, 'node: something\nerror: this Node is too old\n');
    expect((await end(1)).outcome).toMatchObject({
      message: 'this Node is too old',
      error: null,
      discard: true,
    });
  });

  it('in the middle keeps the run, to be resumed', async () => {
    const folder = await trainer.train(request);
    await changeManifest(folder, { status: 'running' });
    await appendSteps(folder, 1, 2);
    const { outcome } = await end(null, 'SIGKILL');
    expect(outcome).toMatchObject({ discard: false, canResume: true });
    expect(outcome?.message).toContain('SIGKILL');
  });

  it('of a run that was refused to go on is why, not what it had failed of before', async () => {
    const folder = await trainer.train(request);
    await appendSteps(folder, 1, 2);
    await changeManifest(folder, {
      status: 'failed',
      error: { code: 'training.failed', message: 'the disk is full' },
    });
    await writeFile(runPaths(folder).log, 'error: the disk is full\nerror: the data has changed (a.csv)\n');
    await trainer.resume(folder, workspace);
    expect((await end(2)).outcome).toMatchObject({
      message: 'the data has changed (a.csv)',
      error: null,
      discard: false,
      canResume: false,
    });
  });

  it('of a comparison is what it printed last', async () => {
    await trainer.compare(request, {
      id: 'all-variants',
      variants: ['mmoe'],
      seeds: 1,
      logFolder: join(workspace, 'logs'),
    });
    const [log] = readdirSync(join(workspace, 'logs'));
    await writeFile(join(workspace, 'logs', log!), 'error: the table is empty (a.csv)\n');
    expect((await end(2)).outcome).toMatchObject({
      message: 'the table is empty (a.csv)',
      discard: false,
      canResume: false,
    });
  });
});
