import { readFile, rm, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { bothTrain, byName, expectNoRowsLeft, settings, statuses, withEpochs } from './comparison.js';
import { closely, ended, expectSame, Workspace } from './program.js';

/** Epochs that take some seconds, for runs that are killed on their way and then trained to their end. */
const long = 5000;

const reportSchema = v.object({
  comparison: v.object({ id: v.string(), name: v.string() }),
  runs: v.array(v.string()),
  rows: v.array(v.record(v.string(), v.unknown())),
});
const reportOf = (stdout: string): v.InferOutput<typeof reportSchema> =>
  v.parse(reportSchema, JSON.parse(stdout));

const comparisonOf = async (workspace: Workspace, id: string): Promise<string> =>
  (await workspace.read(id)).manifest.comparison!.id;

async function untilNothingTrains(workspace: Workspace): Promise<void> {
  await closely(
    'the end of the trainers',
    async () => !Object.values(await statuses(workspace)).includes('running'),
  );
}

test('a comparison that is killed twice and resumed ends like one that nobody disturbed', async () => {
  const workspace = await Workspace.create(withEpochs(long));
  const first = workspace.start('compare', 'x.mmoe.json', ...settings);
  const firstEnd = ended(first);
  await bothTrain(workspace);
  first.kill('SIGKILL');
  await firstEnd;
  await untilNothingTrains(workspace);
  const ids = await byName(workspace);
  const comparison = await comparisonOf(workspace, ids['mmoe seed 5']!);
  // As if it had been killed before this folder was made.
  await rm(workspace.runFolder(ids['shared-bottom seed 6']!), { recursive: true });

  // One run at a time would have two threads; that which is made anew has one, as the comparison began.
  const second = workspace.start('compare', '--resume', comparison, '--parallel', '1');
  const secondEnd = ended(second);
  await closely('all its runs', async () => (await workspace.runs()).length === 4);
  await closely('a training', async () => (await statuses(workspace))['mmoe seed 5'] === 'running');
  const third = workspace.mmoe('compare', '--resume', comparison);
  expect(await third).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: run .* is being trained by process \d+; stop it first/) as string,
  });
  await closely('more of a log', async () => {
    const log = await readFile(`${workspace.runFolder(ids['mmoe seed 5']!)}/events.jsonl`, 'utf8');
    return log.includes('"type":"resume"');
  });
  second.kill('SIGKILL');
  await secondEnd;
  await untilNothingTrains(workspace);

  const { code, stdout, stderr } = await workspace.mmoe('compare', '--resume', comparison, '--json');
  expect({ code, errors: /^error/m.test(stderr) }).toEqual({ code: 0, errors: false });
  const resumed = reportOf(stdout);
  expect(await workspace.runs()).toHaveLength(4);
  const log = await readFile(`${workspace.runFolder(ids['mmoe seed 5']!)}/events.jsonl`, 'utf8');
  expect(log, 'it went on, and did not begin anew').toMatch(/^.*"type":"resume".*"step":[1-9]/m);
  expect(new Set(resumed.runs)).toEqual(new Set(await workspace.runs()));
  for (const id of resumed.runs) expect((await workspace.read(id)).manifest.engine?.threads, id).toBe(1);
  await expectNoRowsLeft(workspace);

  const reference = await workspace.mmoe('compare', 'x.mmoe.json', ...settings, '--json');
  expect(reference.code).toBe(0);
  const undisturbed = reportOf(reference.stdout);
  expect(resumed.rows).toEqual(undisturbed.rows);
  for (const [index, id] of resumed.runs.entries()) await expectSame(workspace, id, undisturbed.runs[index]!);

  expect(await workspace.mmoe('compare', '--resume', comparison)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`comparison ${comparison} has finished`) as string,
  });
  const unknown = await workspace.mmoe('compare', '--resume', 'nonsense');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('there is no comparison "nonsense"; there are ');
  expect(unknown.stderr).toContain(`${comparison} (x: mmoe, shared-bottom, 2 seeds)`);
});

test('an older comparison goes on with the runs that are there, and changed data is refused', async () => {
  const workspace = await Workspace.create(withEpochs(long));
  const child = workspace.start('compare', 'x.mmoe.json', ...settings);
  const end = ended(child);
  await bothTrain(workspace);
  child.kill('SIGINT');
  expect((await end).code).toBe(130);
  const ids = await byName(workspace);
  await rm(workspace.runFolder(ids['mmoe seed 6']!), { recursive: true });
  const change = async (name: string, edit: (manifest: Record<string, unknown>) => void): Promise<void> => {
    const path = `${workspace.runFolder(ids[name]!)}/run.json`;
    const manifest = v.parse(v.record(v.string(), v.unknown()), JSON.parse(await readFile(path, 'utf8')));
    edit(manifest);
    await writeFile(path, JSON.stringify(manifest));
  };
  const names = ['mmoe seed 5', 'shared-bottom seed 5', 'shared-bottom seed 6'];
  for (const name of names)
    await change(name, (manifest) => {
      delete (manifest['comparison'] as Record<string, unknown>)['planned'];
    });
  const { data } = (await workspace.read(ids['mmoe seed 5']!)).manifest;
  await change('mmoe seed 5', (manifest) => (manifest['data'] = { ...data, fingerprint: 'another' }));
  const refused = await workspace.mmoe('compare', '--resume', 'x: mmoe, shared-bottom, 2 seeds');
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the data has changed') as string,
  });
  expect(new Set(Object.values(await statuses(workspace)))).toEqual(new Set(['stopped']));

  await change('mmoe seed 5', (manifest) => (manifest['data'] = { ...data }));
  // One run at a time would have two threads.
  const again = ['--resume', 'x: mmoe, shared-bottom, 2 seeds', '--parallel', '1'];
  const resumed = await workspace.mmoe('compare', ...again);
  expect(resumed.code).toBe(0);
  for (const id of await workspace.runs())
    expect((await workspace.read(id)).manifest.engine?.threads, id).toBe(1);
  expect(resumed.stdout).toContain('an older version began it');
  expect(await statuses(workspace)).toEqual(Object.fromEntries(names.map((name) => [name, 'finished'])));
});

test('a resume takes no settings, and a comparison needs a file', async () => {
  const workspace = await Workspace.create(withEpochs(1));
  expect(await workspace.mmoe('compare', 'x.mmoe.json', '--resume', 'a', '--seeds', '3')).toMatchObject({
    code: 2,
    stderr: 'error: --resume goes on with the comparison as it began; leave out FILE, --seeds\n',
  });
  expect(await workspace.mmoe('compare')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: name an experiment file/) as string,
  });
  expect(await workspace.mmoe('compare', '--resume', 'a')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no comparison "a"; there is none yet') as string,
  });
});
