import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import {
  bothTrain,
  byName,
  expectNoRowsLeft,
  settings,
  statuses,
  train,
  trainerOf,
  withEpochs,
} from './comparison.js';
import { closely, ended, expectSame, Workspace } from './program.js';

/** Epochs that take some seconds, for runs that are stopped on their way and then trained to their end. */
const long = 5000;
/** Epochs that no run comes to the end of before it is stopped. */
const endless = 100_000;

test('Ctrl-C stops runs after a checkpoint, waiting ones at once; all can be resumed', async () => {
  const workspace = await Workspace.create(withEpochs(long));
  const child = workspace.start('compare', 'x.mmoe.json', ...settings);
  const end = ended(child);
  await bothTrain(workspace);
  expect(Object.values(await statuses(workspace)).sort()).toEqual(['queued', 'queued', 'running', 'running']);
  child.kill('SIGINT');
  expect((await end).code).toBe(130);
  expect(new Set(Object.values(await statuses(workspace)))).toEqual(new Set(['stopped']));
  await expectNoRowsLeft(workspace);
  const ids = await byName(workspace);
  for (const [name, variant, seed] of [
    ['mmoe seed 5', 'mmoe', 5],
    ['shared-bottom seed 6', 'shared-bottom', 6],
  ] as const) {
    expect((await workspace.mmoe('resume', ids[name]!)).code).toBe(0);
    // A run that never began has recorded no number of threads to go on with.
    if (seed === 5) await expectSame(workspace, ids[name]!, await train(workspace, variant, seed));
    else expect((await workspace.read(ids[name]!)).status).toBe('finished');
  }
});

test.skipIf(process.platform === 'win32')('Ctrl-C while trainers start stops them as well', async () => {
  const workspace = await Workspace.create(withEpochs(endless));
  const { child, interrupt } = workspace.startGroup('compare', 'x.mmoe.json', ...settings);
  const end = ended(child);
  await closely('all its runs', async () => (await workspace.runs()).length === 4);
  // Some milliseconds after the last run's folder its trainers are begun.
  await new Promise((resolve) => setTimeout(resolve, 40));
  interrupt();
  expect(await end).toMatchObject({ code: 130, stderr: '' });
  expect(new Set(Object.values(await statuses(workspace)))).toEqual(new Set(['stopped']));
});

test('a second Ctrl-C ends all at once', async () => {
  const workspace = await Workspace.create(withEpochs(endless));
  const child = workspace.start('compare', 'x.mmoe.json', ...settings);
  const end = ended(child);
  await bothTrain(workspace);
  const ids = await byName(workspace);
  const { pid } = await trainerOf(workspace, ids['mmoe seed 5']!);
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect((await end).code).toBe(130);
  await closely('the end of a trainer', async () => !alive(pid));
  for (const [name, status] of Object.entries(await statuses(workspace))) {
    expect(name.endsWith('6') ? ['stopped'] : ['stopped', 'interrupted']).toContain(status);
  }
  await expectNoRowsLeft(workspace);
});

test('trainers whose comparison was killed stop after a checkpoint, and no run stays queued', async () => {
  const workspace = await Workspace.create(withEpochs(endless));
  const child = workspace.start('compare', 'x.mmoe.json', ...settings);
  const end = ended(child);
  await bothTrain(workspace);
  const ids = await byName(workspace);
  expect(await trainerOf(workspace, ids['mmoe seed 5']!)).toMatchObject({ program: child.pid });
  child.kill('SIGKILL');
  await end;
  await closely(
    'the end of both trainers',
    async () => !Object.values(await statuses(workspace)).includes('running'),
  );
  expect(await statuses(workspace)).toEqual({
    'mmoe seed 5': 'stopped',
    'shared-bottom seed 5': 'stopped',
    'mmoe seed 6': 'interrupted',
    'shared-bottom seed 6': 'interrupted',
  });
  await expectNoRowsLeft(workspace);
});

test('a run that fails, is deleted or is asked to stop leaves the others alone', async () => {
  const workspace = await Workspace.create(withEpochs(long));
  const end = workspace.mmoe(
    'compare',
    'x.mmoe.json',
    '--variants',
    'mmoe,shared-bottom,omoe',
    '--seeds',
    '2',
    '--parallel',
    '2',
  );
  await bothTrain(workspace, 6);
  const ids = await byName(workspace);
  process.kill((await trainerOf(workspace, ids['mmoe seed 5']!)).pid, 'SIGKILL');
  await rm(workspace.runFolder(ids['omoe seed 6']!), { recursive: true });
  expect((await workspace.mmoe('stop', ids['omoe seed 5']!)).code).toBe(0);
  const { code, stdout, stderr } = await end;
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: x mmoe seed 5: its trainer has ended \(SIGKILL\); go on with mmoe resume \S+$/m,
  );
  expect(stderr).toMatch(/^error: x omoe seed 6: its folder was deleted$/m);
  expect(stdout).toContain('3 of 6 runs did not finish and are not in the table');
  expect(await statuses(workspace)).toEqual({
    'mmoe seed 5': 'interrupted',
    'shared-bottom seed 5': 'finished',
    'omoe seed 5': 'stopped',
    'mmoe seed 6': 'finished',
    'shared-bottom seed 6': 'finished',
  });
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
