import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { byName, expectNoRowsLeft, settings, statuses, train, withEpochs } from './comparison.js';
import { expectSame, Workspace } from './program.js';

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
  expect(stderr).toMatch(/\n2 variants × 2 seeds: about \d+ seconds?\n/);
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
  const comparison = expect.objectContaining(report.comparison) as unknown;
  expect(listed).toEqual(Array(4).fill(expect.objectContaining({ comparison })));
  for (const variant of ['mmoe', 'shared-bottom']) {
    const id = ids[`${variant} seed 6`]!;
    const { engine, comparison: own } = (await workspace.read(id)).manifest;
    expect([engine?.threads, own?.estimatedSeconds]).toEqual([1, expect.any(Number)]);
    await expectSame(workspace, id, await train(workspace, variant, 6));
  }
  expect((await workspace.mmoe('compare', 'x.mmoe.json', '--variants', 'mmoo')).stderr).toMatch(
    /^error: there is no variant "mmoo"/,
  );
  expect((await workspace.mmoe('compare', 'x.mmoe.json', '--parallel', 'x')).stderr).toMatch(
    /^error: --parallel takes a whole number/,
  );
});

test('with --estimate it only tells how long it would take, and makes no folder', async () => {
  const files = withEpochs(4);
  const workspace = await Workspace.create({
    'x.mmoe.json': {
      ...files['x.mmoe.json'],
      training: { ...files['x.mmoe.json'].training, stopEarly: { patience: 3 } },
    },
  });
  const { code, stdout, stderr } = await workspace.mmoe(
    ...['compare', 'x.mmoe.json', ...settings, '--estimate', '--json'],
  );
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /\n2 variants × 2 seeds: about \d+ seconds? at most, as runs may end before their last epoch\n/,
  );
  const seconds = expect.any(Number) as number;
  expect(JSON.parse(stdout)).toEqual({
    ...{ runs: 4, parallel: 2, threads: 1, seconds, atMost: true },
    each: { mmoe: seconds, 'shared-bottom': seconds },
  });
  expect(existsSync(workspace.path('.mmoe'))).toBe(false);
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
