import { appendFile, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { RunHistory } from '../shared/run/run-history.js';
import { createRunFolder } from './create-run.js';
import { runPaths } from './files/run-paths.js';
import { RunReader } from './reader.js';
import { probe, stepEvent, temporaryFolder } from './run-folder.fixture.js';
import { RunGoneError, RunWriter } from './writer.js';

async function newRun(): Promise<string> {
  return (
    await createRunFolder(join(await temporaryFolder(), '.mmoe', 'runs'), { name: 'a', experimentFile: null })
  ).folder;
}

function step(at: number) {
  const { seq: _, ...event } = stepEvent(at);
  return event;
}

test.runIf(process.platform === 'linux')('a folder that takes no new one is refused at once', async () => {
  await expect(createRunFolder('/proc/nope/runs', { name: 'a', experimentFile: null })).rejects.toThrow(
    'the folder for runs cannot be made: ENOENT',
  );
});

test('writing, dying and reading in any order gives every event once, in order', async () => {
  const action = fc.constantFrom('event', 'event', 'event', 'read', 'die', 'close');
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
      const folder = await newRun();
      const reader = new RunReader(folder);
      const seen: number[] = [];
      const read = async (): Promise<void> => {
        const reading = await reader.read();
        if (reading.state === 'ok') seen.push(...reading.events.map(({ seq }) => seq));
      };
      let writer = await RunWriter.open(folder, 60);
      let written = 0;
      for (const name of actions) {
        if (name === 'event') writer.event(step(++written));
        if (name === 'read') await read();
        if (name === 'die') await appendFile(runPaths(folder).events, '{"seq":99,"type":"st');
        if (name === 'die' || name === 'close') {
          writer.close();
          writer = await RunWriter.open(folder, 60);
        }
      }
      writer.close();
      await read();
      expect(seen).toEqual(Array.from({ length: written }, (_, index) => index + 1));
    }),
    { numRuns: 25 },
  );
});

test('a run that is being trained cannot be taken a second time', async () => {
  const folder = await newRun();
  const writer = await RunWriter.open(folder, 60);
  const heartbeat = JSON.parse(await readFile(runPaths(folder).heartbeat, 'utf8')) as object;
  // The same claim by a process that lives: the parent of this one.
  await writeFile(
    runPaths(folder).heartbeat,
    JSON.stringify({ ...heartbeat, pid: process.ppid, startedAt: null, bootId: null }),
  );
  await expect(RunWriter.open(folder, 60)).rejects.toMatchObject({ code: 'run.busy' });
  writer.close();
});

test('the heartbeat is touched, and its deadline grows with the longest pause', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const folder = await newRun();
  const path = runPaths(folder).heartbeat;
  const writer = await RunWriter.open(folder, 1);
  await utimes(path, 1000, 1000);
  writer.beat();
  expect((await stat(path)).mtimeMs).toBe(1_000_000);
  vi.advanceTimersByTime(1050);
  writer.beat();
  expect((await stat(path)).mtimeMs).toBeGreaterThan(1_700_000_000_000);
  expect(
    (JSON.parse(await readFile(path, 'utf8')) as { deadlineSeconds: number }).deadlineSeconds,
  ).toBeGreaterThan(5);
  writer.close();
  expect((await readdir(folder)).sort()).toEqual(['events.jsonl', 'log.txt', 'run.json']);
});

test('a request to stop counts for a queued run, and not when a stopped one trains again', async () => {
  const folder = await newRun();
  await writeFile(runPaths(folder).stop, '');
  const first = await RunWriter.open(folder, 60);
  expect(first.stopRequested()).toBe(true);
  first.update({ status: 'stopped' });
  first.close();
  await writeFile(runPaths(folder).stop, '');
  const second = await RunWriter.open(folder, 60);
  expect(second.stopRequested()).toBe(false);
  second.close();
});

test('a folder that is deleted under the trainer is not made again', async () => {
  const folder = await newRun();
  const writer = await RunWriter.open(folder, 60);
  await rm(folder, { recursive: true });
  expect(() => writer.update({ status: 'running' })).toThrow(RunGoneError);
  expect(() => writer.checkpoint('last.safetensors', new Uint8Array(3))).toThrow(RunGoneError);
  await expect(stat(folder)).rejects.toThrow();
  writer.close();
});

test('a reader sees a run interrupted, resumed and gone; its history forgets what was undone', async () => {
  const folder = await newRun();
  let writer = await RunWriter.open(folder, 60);
  writer.update({ status: 'running' });
  for (const at of [1, 2, 3]) writer.event(step(at));
  const history = new RunHistory();
  const dead = new RunReader(folder, { probe: probe({}, { host: hostname() }) });
  const reading = await dead.read();
  expect(reading).toMatchObject({ state: 'ok', status: 'interrupted' });
  if (reading.state === 'ok') history.add(reading.events);
  writer = await RunWriter.open(folder, 60);
  writer.event({ type: 'resume', time: 0.1, step: 1, epoch: 0 });
  writer.event(step(2));
  const live = await new RunReader(folder).read();
  expect(live).toMatchObject({ state: 'ok', status: 'running' });
  if (live.state === 'ok') history.add(live.events);
  expect(history.steps.map((event) => [event.seq, event.step])).toEqual([
    [1, 1],
    [5, 2],
  ]);
  writer.close();
  await rm(folder, { recursive: true });
  expect(await dead.read()).toEqual({ state: 'gone' });
});

test('half a checkpoint, which a kill has left, is gone when the run goes on', async () => {
  const folder = await newRun();
  const writer = await RunWriter.open(folder, 60);
  writer.checkpoint('last.safetensors', Buffer.from('whole'));
  writer.close();
  const { checkpoints } = runPaths(folder);
  await writeFile(join(checkpoints, 'last.safetensors.4711-0123abcd.tmp'), 'half');
  await writeFile(join(folder, 'run.json.4711-0123abcd.tmp'), '{');
  (await RunWriter.open(folder, 60)).close();
  expect(await readdir(checkpoints)).toEqual(['last.safetensors']);
  expect((await readdir(folder)).sort()).toEqual(['checkpoints', 'events.jsonl', 'log.txt', 'run.json']);
});

test('a queued run is handed to another process without a moment in which nobody holds it', async () => {
  const folder = await newRun();
  const first = await RunWriter.open(folder, 60);
  first.release();
  const heartbeat = async (): Promise<unknown> =>
    JSON.parse(await readFile(runPaths(folder).heartbeat, 'utf8'));
  expect(await heartbeat()).toMatchObject({ pid: process.pid });
  await writeFile(runPaths(folder).stop, '');
  const second = await RunWriter.open(folder, 60, 4711);
  expect(await heartbeat()).toMatchObject({ pid: process.pid, program: 4711 });
  expect(second.stopRequested()).toBe(true);
  second.close();
});

test('only the process that hands a run over is passed by', async () => {
  const folder = await newRun();
  (await RunWriter.open(folder, 60)).release();
  // The parent process lives for as long as this one.
  const path = runPaths(folder).heartbeat;
  const beat = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...beat, pid: process.ppid, startedAt: null }));
  await expect(RunWriter.open(folder, 60, 1)).rejects.toThrow(`is being trained by process ${process.ppid}`);
  (await RunWriter.open(folder, 60, process.ppid)).close();
});
