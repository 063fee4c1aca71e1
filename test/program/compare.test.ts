import { readFile, readdir, rm } from 'node:fs/promises';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { systemProbe } from '../../src/run/liveness.js';
import { readStatus } from '../../src/run/reader.js';
import { closely, ended, expectSame, synthetic, Workspace } from './program.js';

const settings = ['--variants', 'mmoe,shared-bottom', '--seeds', '2', '--parallel', '2'];

/** Two threads wanted, two runs at a time: one thread each. */
const withEpochs = (epochs: number) => ({
  'x.mmoe.json': {
    ...synthetic,
    name: 'x',
    training: { ...synthetic.training, epochs },
    engine: { threads: 2 },
  },
});

const reportSchema = v.object({
  comparison: v.object({ id: v.string(), name: v.string() }),
  runs: v.array(v.string()),
  rows: v.array(
    v.object({
      variant: v.string(),
      task: v.string(),
      seeds: v.array(v.number()),
      spread: v.nullable(v.number()),
      sd: v.nullable(v.number()),
    }),
  ),
});

/** Without their logs, which take long to read: these runs train fast. */
async function look(workspace: Workspace): Promise<{ id: string; name: string; status: string }[]> {
  return Promise.all(
    (await workspace.runs()).map(async (id) => {
      const reading = await readStatus(workspace.runFolder(id), systemProbe(), Date.now());
      if (reading.state !== 'ok') throw new Error(`run ${id} is ${reading.state}`);
      return { id, name: reading.manifest.name.slice(2), status: reading.status };
    }),
  );
}

/** Ids by the runs' names, without `x `. */
const byName = async (workspace: Workspace): Promise<Record<string, string>> =>
  Object.fromEntries((await look(workspace)).map(({ id, name }) => [name, id]));

const statuses = async (workspace: Workspace): Promise<Record<string, string>> =>
  Object.fromEntries((await look(workspace)).map(({ name, status }) => [name, status]));

/** Waits until both runs of the first seed train; the others wait. */
async function bothTrain(workspace: Workspace, count = 4): Promise<void> {
  await closely('all its runs', async () => (await workspace.runs()).length === count);
  const ids = await byName(workspace);
  await closely('two trainings', async () => {
    const logs = ['mmoe seed 5', 'shared-bottom seed 5'].map((name) =>
      readFile(`${workspace.runFolder(ids[name]!)}/events.jsonl`, 'utf8'),
    );
    return (await Promise.all(logs)).every((log) => log.split('"type":"epoch"').length > 3);
  });
}

const heartbeatSchema = v.object({ pid: v.number(), program: v.optional(v.number()) });
async function trainerOf(workspace: Workspace, id: string): Promise<v.InferOutput<typeof heartbeatSchema>> {
  return v.parse(heartbeatSchema, JSON.parse(await readFile(`${workspace.runFolder(id)}/heartbeat`, 'utf8')));
}

async function expectNoRowsLeft(workspace: Workspace): Promise<void> {
  expect((await readdir(workspace.path('.mmoe/runs'))).filter((name) => name.startsWith('.'))).toEqual([]);
}

async function train(workspace: Workspace, variant: string, seed: number): Promise<string> {
  const sets = [`model.variant=${variant}`, `training.seed=${seed}`, 'engine.threads=1'].flatMap((set) => [
    '--set',
    set,
  ]);
  const { code, stdout } = await workspace.mmoe('train', 'x.mmoe.json', '--json', ...sets);
  expect(code).toBe(0);
  return v.parse(v.object({ id: v.string() }), JSON.parse(stdout)).id;
}

test('runs of a comparison end like runs on their own, to the bit, and are summed up', async () => {
  const workspace = await Workspace.create(withEpochs(4));
  const { code, stdout, stderr } = await workspace.mmoe(
    'compare',
    'x.mmoe.json',
    ...settings,
    '--json',
    '--id',
    'pair',
  );
  expect(code).toBe(0);
  expect(stderr).toContain('4 runs, 2 at a time with one thread each');
  const report = v.parse(reportSchema, JSON.parse(stdout));
  expect(report.comparison).toEqual({ id: 'pair', name: 'x: mmoe, shared-bottom, 2 seeds' });
  expect(report.rows.map(({ variant, task, seeds }) => [variant, task, seeds])).toEqual([
    ['mmoe', 'y1', [5, 6]],
    ['mmoe', 'y2', [5, 6]],
    ['shared-bottom', 'y1', [5, 6]],
    ['shared-bottom', 'y2', [5, 6]],
  ]);
  for (const { spread, sd } of report.rows) {
    expect(spread).toBeGreaterThan(0);
    expect(sd).toBeCloseTo(spread! / Math.SQRT2, 12);
  }
  const ids = await byName(workspace);
  expect(Object.values(ids).sort()).toEqual([...report.runs].sort());
  await expectNoRowsLeft(workspace);
  const listed: unknown = JSON.parse((await workspace.mmoe('runs', '--json')).stdout);
  expect(listed).toEqual(Array(4).fill(expect.objectContaining({ comparison: report.comparison })));
  for (const variant of ['mmoe', 'shared-bottom']) {
    const id = ids[`${variant} seed 6`]!;
    expect((await workspace.read(id)).manifest.engine?.threads).toBe(1);
    await expectSame(workspace, id, await train(workspace, variant, 6));
  }
  expect((await workspace.mmoe('compare', 'x.mmoe.json', '--variants', 'mmoo')).stderr).toMatch(
    /^error: there is no variant "mmoo"/,
  );
  expect((await workspace.mmoe('compare', 'x.mmoe.json', '--parallel', 'x')).stderr).toMatch(
    /^error: --parallel takes a whole number/,
  );
});

test('one at a time has all the threads', async () => {
  const workspace = await Workspace.create(withEpochs(2));
  const { code, stdout } = await workspace.mmoe(
    'compare',
    'x.mmoe.json',
    '--variants',
    'mmoe,omoe',
    '--parallel',
    '1',
  );
  expect(code).toBe(0);
  expect(stdout).toContain('2 runs, 1 at a time with 2 threads each');
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toMatch(/x mmoe finished.*\n.*training x omoe \(2 of 2\)/);
  expect(stdout).toContain('One seed cannot tell');
  for (const id of await workspace.runs())
    expect((await workspace.read(id)).manifest.engine?.threads).toBe(2);
});

test('of all variants those that cannot take a setting are left out; one asked for is refused', async () => {
  const workspace = await Workspace.create(withEpochs(1));
  const pcgrad = ['--set', 'training.lossWeighting=pcgrad', '--set', 'training.batchSize=256'];
  const all = await workspace.mmoe('compare', 'x.mmoe.json', ...pcgrad);
  expect(all.code).toBe(0);
  expect(all.stdout).toContain(
    'single-task is left out: --set training.lossWeighting=pcgrad: ' +
      '"pcgrad" works on weights that tasks share',
  );
  expect(Object.keys(await statuses(workspace)).some((name) => /single-task|l2-constrained/.test(name))).toBe(
    false,
  );
  expect(Object.values(await statuses(workspace)).every((status) => status === 'finished')).toBe(true);

  const named = await workspace.mmoe('compare', 'x.mmoe.json', '--variants', 'mmoe,single-task', ...pcgrad);
  expect(named.code).toBe(2);
  expect(named.stderr).toMatch(/^error: --set training\.lossWeighting=pcgrad: "pcgrad" works on weights/m);
});

test('with --leave-out that holds of named variants too, and of the one in the file', async () => {
  const own = { ...withEpochs(1)['x.mmoe.json'], model: { variant: 'single-task' } };
  const training = { ...own.training, lossWeighting: 'gradnorm' };
  const workspace = await Workspace.create({ 'x.mmoe.json': { ...own, training } });
  const some = await workspace.mmoe(
    'compare',
    'x.mmoe.json',
    '--variants',
    'single-task,mmoe',
    '--leave-out',
    '--json',
  );
  expect(some.code).toBe(0);
  const why =
    '"gradnorm" works on layers that tasks share, and single-task has none; ' +
    'use "fixed", "uncertainty" or "dwa"';
  expect(some.stderr).toContain(`single-task is left out: ${why}\n`);
  const leftOut = [{ variant: 'single-task', why }];
  expect(JSON.parse(some.stdout)).toMatchObject({ comparison: { leftOut } });
  const [id, ...others] = await workspace.runs();
  expect(others).toEqual([]);
  expect((await workspace.read(id!)).manifest).toMatchObject({
    comparison: { leftOut },
    network: { variant: 'mmoe' },
  });

  const none = await workspace.mmoe(
    'compare',
    'x.mmoe.json',
    '--variants',
    'single-task,l2-constrained',
    '--leave-out',
  );
  expect(none.code).toBe(2);
  const [, single, l2] =
    /^error: none of the variants can take these settings\. single-task: (.*)\. l2-constrained: (.*)$/m.exec(
      none.stderr,
    ) ?? [];
  expect(single).toContain('"gradnorm"');
  expect(l2).toContain('x.mmoe.json:1:');
  expect(await workspace.runs()).toEqual([id]);
});

test('Ctrl-C stops runs after a checkpoint, waiting ones at once; all can be resumed', async () => {
  const workspace = await Workspace.create(withEpochs(1000));
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
  const workspace = await Workspace.create(withEpochs(3000));
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
  const workspace = await Workspace.create(withEpochs(3000));
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
  const workspace = await Workspace.create(withEpochs(3000));
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
  const workspace = await Workspace.create(withEpochs(1000));
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
