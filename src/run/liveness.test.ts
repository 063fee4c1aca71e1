import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { RunStatus } from '../shared/run/run-manifest.js';
import {
  longestDeadlineSeconds,
  queuedGraceSeconds,
  systemProbe,
  trueStatus,
  type Heartbeat,
  type ProcessProbe,
} from './liveness.js';
import { newManifest } from './manifest.js';
import { runPaths } from './files/run-paths.js';
import { probe, temporaryFolder } from './run-folder.fixture.js';

const created = new Date('2026-11-24T08:30:12Z');
const beat: Heartbeat = { pid: 7, startedAt: '100', bootId: 'boot 1', host: 'here', deadlineSeconds: 60 };

/** The status of a run whose trainer was last seen `age` seconds ago. */
async function statusOf(
  status: RunStatus,
  heartbeat: Heartbeat | null,
  machine: ProcessProbe,
  age = 0,
): Promise<RunStatus> {
  const folder = await temporaryFolder();
  const now = created.getTime() + age * 1000;
  if (heartbeat !== null) {
    const path = runPaths(folder).heartbeat;
    await writeFile(path, JSON.stringify(heartbeat));
    await utimes(path, created, created);
  }
  return trueStatus(
    folder,
    { ...newManifest({ id: 'a', name: 'a', experimentFile: null, created }), status },
    machine,
    now,
  );
}

test('a run whose process lives is running, however old its heartbeat', async () => {
  expect(await statusOf('running', beat, probe({ 7: '100' }), 100_000)).toBe('running');
});

test('a run whose process is gone is interrupted, however young its heartbeat', async () => {
  expect(await statusOf('running', beat, probe({}))).toBe('interrupted');
});

test('a pid that another process has got since is not the trainer', async () => {
  expect(await statusOf('running', beat, probe({ 7: '250' }))).toBe('interrupted');
});

test('after a reboot no run of before is running, even with the same pid and start time', async () => {
  expect(await statusOf('running', beat, probe({ 7: '100' }, { bootId: 'boot 2' }))).toBe('interrupted');
});

test('a run of another machine is running until its deadline has passed', async () => {
  const elsewhere = probe({}, { host: 'elsewhere', bootId: 'other boot' });
  expect(await statusOf('running', beat, elsewhere, 59)).toBe('running');
  expect(await statusOf('running', beat, elsewhere, 61)).toBe('interrupted');
});

test('a deadline and a time in the future count so long and no longer', async () => {
  const elsewhere = probe({}, { host: 'elsewhere', bootId: 'other boot' });
  const far = { ...beat, deadlineSeconds: 1e12 };
  expect(await statusOf('running', far, elsewhere, longestDeadlineSeconds - 1)).toBe('running');
  expect(await statusOf('running', far, elsewhere, longestDeadlineSeconds + 1)).toBe('interrupted');
  expect(await statusOf('running', far, elsewhere, 1 - longestDeadlineSeconds)).toBe('running');
  expect(await statusOf('running', far, elsewhere, -longestDeadlineSeconds - 1)).toBe('interrupted');
});

test('a heartbeat that does not say since when is not believed for ever, though its pid is alive', async () => {
  for (const part of [{ bootId: null }, { startedAt: null }]) {
    const vague = { ...beat, ...part, deadlineSeconds: 1e12 };
    expect(await statusOf('running', vague, probe({ 7: '100' }), 59)).toBe('running');
    expect(await statusOf('running', vague, probe({ 7: '100' }), longestDeadlineSeconds + 1)).toBe(
      'interrupted',
    );
  }
});

test('where start times cannot be told, the pid and the deadline decide together', async () => {
  const blind = { ...beat, startedAt: null, bootId: null };
  expect(await statusOf('running', blind, probe({ 7: null }, { bootId: null }), 59)).toBe('running');
  expect(await statusOf('running', blind, probe({ 7: null }, { bootId: null }), 61)).toBe('interrupted');
  expect(await statusOf('running', blind, probe({}, { bootId: null }), 1)).toBe('interrupted');
});

test('a queued run waits for a trainer, but not for ever', async () => {
  expect(await statusOf('queued', null, probe({}), queuedGraceSeconds - 1)).toBe('queued');
  expect(await statusOf('queued', null, probe({}), queuedGraceSeconds + 1)).toBe('interrupted');
  expect(await statusOf('queued', null, probe({}), -queuedGraceSeconds - 1)).toBe('interrupted');
});

test('a queued run that a trainer has taken lives and dies with it', async () => {
  expect(await statusOf('queued', beat, probe({ 7: '100' }), 100_000)).toBe('queued');
  expect(await statusOf('queued', beat, probe({}))).toBe('interrupted');
});

test('a running run without a heartbeat, or with a broken one, is interrupted', async () => {
  expect(await statusOf('running', null, probe({ 7: '100' }))).toBe('interrupted');
  const folder = await temporaryFolder();
  await writeFile(runPaths(folder).heartbeat, '{"pid":');
  const manifest = {
    ...newManifest({ id: 'a', name: 'a', experimentFile: null, created }),
    status: 'running' as const,
  };
  expect(await trueStatus(folder, manifest, probe({ 7: '100' }), created.getTime())).toBe('interrupted');
});

test.each(['finished', 'stopped', 'failed', 'interrupted'] as const)(
  'a run that says %s is not asked about',
  async (status) => {
    expect(await statusOf(status, null, probe({}))).toBe(status);
  },
);

test('this machine knows its own process and notices that a child has gone', async () => {
  const machine = systemProbe();
  expect(await machine.find(process.pid)).not.toBeNull();
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60000)']);
  const { pid } = child;
  if (pid === undefined) throw new Error('no child');
  expect(await machine.find(pid)).not.toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await machine.find(pid)).toBeNull();
});
