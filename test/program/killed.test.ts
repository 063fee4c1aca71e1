import type { ChildProcess } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { closely, ended, expectSame, synthetic, Workspace, type Ended } from './program.js';

/** Trains a run that nobody disturbs: every other must end like it. */
async function undisturbed(workspace: Workspace): Promise<string> {
  const { code, stdout, stderr } = await workspace.mmoe('train', 'x.mmoe.json', '--json');
  expect({ code, stderr: stderr.includes('error') }).toEqual({ code: 0, stderr: false });
  const { id } = JSON.parse(stdout) as { id: string };
  return id;
}

/** Returns the bytes of events so far. */
const logSize = (workspace: Workspace, id: string): Promise<number> =>
  stat(`${workspace.runFolder(id)}/events.jsonl`).then(
    ({ size }) => size,
    () => 0,
  );

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

const engines = [
  { use: 'fused', threads: 2 },
  { use: 'tensorflow', threads: 1 },
];

test.each(engines)(
  'killed at random moments on $use, a run reads as interrupted, and resumed it ends like one that never was',
  async (engine) => {
    const workspace = await Workspace.create({ 'x.mmoe.json': { ...synthetic, engine } });
    const reference = await undisturbed(workspace);
    const whole = await logSize(workspace, reference);
    let seed = Number(process.env['MMOE_TEST_SEED'] ?? Date.now() % 100_000);
    console.log(`MMOE_TEST_SEED=${seed}`);
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;

    const known = new Set(await workspace.runs());
    let child = workspace.start('train', 'x.mmoe.json');
    let end = ended(child);
    const id = await closely('its folder', async () =>
      (await workspace.runs()).find((run) => !known.has(run)),
    );
    let kills = 0;
    let last: Ended;
    for (;;) {
      const mark = (await logSize(workspace, id)) + random() * whole * 0.3;
      await closely('more of its log', async () => hasEnded(child) || (await logSize(workspace, id)) >= mark);
      if (kills < 6) child.kill('SIGKILL');
      last = await end;
      if (last.code !== null) break;
      kills++;
      const reading = await workspace.read(id);
      expect(['interrupted', 'finished']).toContain(reading.status);
      if (reading.status === 'finished') break;
      child = workspace.start('resume', id);
      end = ended(child);
    }
    expect(last.code === 0 || last.code === null).toBe(true);
    expect(kills).toBeGreaterThan(0);
    await expectSame(workspace, id, reference);
  },
);

/** This experiment trains long enough to be met by another program, also where training is fast. */
const long = { ...synthetic, training: { ...synthetic.training, epochs: 300 } };

test('stopped from another process and resumed, a run ends like one that never was', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': long });
  const reference = await undisturbed(workspace);
  const end = workspace.mmoe('train', 'x.mmoe.json', '--name', 'to be stopped');
  await closely('a second run', async () => (await workspace.runs()).length > 1);
  const id = (await workspace.runs()).find((run) => run !== reference)!;
  await closely('epochs', async () => (await workspace.read(id)).history.epochs.length > 3);
  expect((await workspace.mmoe('stop', 'to be stopped')).code).toBe(0);
  expect((await end).code).toBe(130);
  expect((await workspace.read(id)).status).toBe('stopped');
  expect((await workspace.mmoe('stop', id)).stderr).toMatch(/^error: .*not training: it is stopped/);
  expect((await workspace.mmoe('resume', id)).code).toBe(0);
  await expectSame(workspace, id, reference);
  expect((await workspace.mmoe('resume', id)).stderr).toMatch(/^error: .*has finished/);
});

test('a run that is resumed is queued until it trains, and as it was where it cannot go on', async () => {
  const table = [
    'a,b,y',
    ...Array.from({ length: 40_000 }, (_, row) => `${row % 97},${row % 31},${(row * 7) % 13 < 6 ? 1 : 0}`),
  ].join('\n');
  const workspace = await Workspace.create({
    't.csv': `${table}\n`,
    'x.mmoe.json': { data: { source: 't.csv' }, tasks: [{ label: 'y' }], training: { epochs: 1000 } },
  });
  const statusesUntilItTrains = async (id: string): Promise<Set<string>> => {
    const seen = new Set<string>();
    await closely('its training', async () => seen.add((await workspace.read(id)).status).has('running'));
    return seen;
  };
  const first = workspace.mmoe('train', 'x.mmoe.json');
  const id = await closely('its folder', async () => (await workspace.runs())[0]);
  await statusesUntilItTrains(id);
  await workspace.mmoe('stop', id);
  expect((await first).code).toBe(130);

  const second = workspace.mmoe('resume', id);
  expect([...(await statusesUntilItTrains(id))]).toEqual(['stopped', 'queued', 'running']);
  await workspace.mmoe('stop', id);
  expect((await second).code).toBe(130);
  expect((await workspace.read(id)).status).toBe('stopped');

  await workspace.write({ 't.csv': `${table}\n1,2,1\n` });
  expect(await workspace.mmoe('resume', id)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the data has changed') as string,
  });
  expect((await workspace.read(id)).status).toBe('stopped');
});

test('Ctrl-C stops after a checkpoint with code 130, twice at once; both can be resumed', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': long });
  const reference = await undisturbed(workspace);
  const child = workspace.start('train', 'x.mmoe.json');
  const end = ended(child);
  await closely('a second run', async () => (await workspace.runs()).length > 1);
  const id = (await workspace.runs()).find((run) => run !== reference)!;
  await closely('epochs', async () => (await workspace.read(id)).history.epochs.length > 2);
  child.kill('SIGINT');
  expect((await end).code).toBe(130);
  expect((await workspace.read(id)).status).toBe('stopped');

  const before = (await workspace.read(id)).history.epochs.length;
  const second = workspace.start('resume', id);
  const secondEnd = ended(second);
  await closely('more epochs', async () => (await workspace.read(id)).history.epochs.length > before + 1);
  second.kill('SIGINT');
  second.kill('SIGTERM');
  expect((await secondEnd).code).toBe(130);
  expect(['interrupted', 'stopped']).toContain((await workspace.read(id)).status);
  expect((await workspace.mmoe('resume', id)).code).toBe(0);
  await expectSame(workspace, id, reference);
});

test('two trainers in one runs folder do not disturb each other, and one run cannot have two', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': long });
  const trainings = [
    workspace.mmoe('train', 'x.mmoe.json', '--json'),
    workspace.mmoe('train', 'x.mmoe.json', '--json'),
  ];
  const [id] = await closely('two runs', async () => {
    const ids = await workspace.runs();
    return ids.length === 2 ? ids : null;
  });
  await closely('its training', async () => (await workspace.read(id!)).status === 'running');
  const refused = await workspace.mmoe('resume', id!);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toMatch(/^error: run .* is being trained by process \d+/);
  const ends = await Promise.all(trainings);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  const ids = ends.map(({ stdout }) => (JSON.parse(stdout) as { id: string }).id);
  expect(new Set(ids).size).toBe(2);
  await expectSame(workspace, ids[0]!, ids[1]!);
});

test('a run that an older version began with other batches is refused by name, and stays as it was', async () => {
  const table = Array.from(
    { length: 4097 },
    (_, row) => `${row % 97},${row % 31},${(row * 7) % 13 < 6 ? 1 : 0}\n`,
  );
  const workspace = await Workspace.create({
    't.csv': `a,b,y\n${table.join('')}`,
    'x.mmoe.json': { data: { source: 't.csv' }, tasks: [{ label: 'y' }], training: { epochs: 1000 } },
  });
  const first = workspace.mmoe('train', 'x.mmoe.json');
  const id = await closely('its folder', async () => (await workspace.runs())[0]);
  await closely('an epoch', async () => (await workspace.read(id)).history.epochs.length > 0);
  await workspace.mmoe('stop', id);
  expect((await first).code).toBe(130);

  const path = `${workspace.runFolder(id)}/run.json`;
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { stepsPerEpoch: number };
  await writeFile(path, JSON.stringify({ ...manifest, stepsPerEpoch: manifest.stepsPerEpoch + 1 }));
  const refused = await workspace.mmoe('resume', id);
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toMatch(/^error: run \S+ was begun by an older version.*train it anew\n$/);
  expect((await workspace.read(id)).status).toBe('stopped');
});
