import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { predictionReportSchema } from '../../src/shared/prediction/report.js';
import { Workspace, closely, ended } from './program.js';

/** What `mmoe predict` says of rows before and after it has predicted them. */

const cities = ['Rome', 'Oslo', 'Bern'];
const rowsOf = (count: number, more: readonly string[] = []): string =>
  Array.from({ length: count }, (_, at) => {
    const age = 18 + ((at * 13) % 50);
    const city = [...cities, ...more][at % (3 + more.length)]!;
    return [at % 29 === 0 ? '' : age, city, age > 40 !== (at % 5 === 0) ? 1 : 0, age * 2 + (at % 3)].join(
      ',',
    );
  }).join('\n');
const header = 'age,city,bought,spent';
const files = {
  'sales.csv': `${header}\n${rowsOf(400)}\n`,
  'new.csv': `${header}\n${rowsOf(100, ['Atlantis'])}\n`,
  'plain.csv': 'age,city\n400,Rome\n30,Ys\n',
  'sales.mmoe.json': {
    data: { source: 'sales.csv', validation: 0.1, test: 0.2 },
    tasks: [
      { label: 'bought', kind: 'binary' },
      { label: 'spent', kind: 'regression' },
    ],
    model: { experts: { count: 2, layers: [6] } },
    training: { epochs: 3, learningRate: 0.02 },
    engine: { threads: 1 },
  },
};

async function trained(): Promise<Workspace> {
  const workspace = await Workspace.create(files);
  for (const seed of [1, 2])
    expect(
      await workspace.mmoe(
        'train',
        'sales.mmoe.json',
        '--set',
        `training.seed=${seed}`,
        '--name',
        `run ${seed}`,
      ),
    ).toMatchObject({ code: 0 });
  return workspace;
}

async function report(workspace: Workspace, ...args: string[]) {
  const { code, stdout, stderr } = await workspace.mmoe('predict', 'run 1', ...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return v.parse(predictionReportSchema, JSON.parse(stdout));
}

test('rows are counted before they are predicted: unseen, missing and far values by column', async () => {
  const workspace = await trained();
  const { code, stdout, stderr } = await workspace.mmoe('predict', 'run 1', 'plain.csv', '--check');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n')).toEqual([
    'plain.csv: 2 rows',
    '1 value of "age" lies outside the training rows\' 18 … 67: up to 400',
    '1 (50.0 %) of "city" is a value that training has not seen, or too rarely to learn: "Ys"',
    '',
  ]);
  const counted = await report(workspace, 'new.csv', '--check');
  expect(counted).toMatchObject({
    ...{ rows: 100, labelled: ['bought', 'spent'], out: null, scores: [], test: null, preview: null },
    found: [
      { name: 'age', missing: 4, unseen: 0 },
      { name: 'city', missing: 0, unseen: 25, examples: ['Atlantis'] },
    ],
    columns: header.split(',').map((name) => ({ name })),
  });
  const neither = await workspace.mmoe('predict', 'run 1', 'new.csv');
  expect([neither.code, neither.stderr]).toEqual([2, expect.stringMatching(/--out .* --check/) as string]);
});

test('predictions are scored where rows have labels, beside the metrics of the test rows', async () => {
  const workspace = await trained();
  const one = await report(workspace, 'new.csv', '--out', 'p.csv', '--keep', 'city');
  const [id, other] = await workspace.runs();
  const testOf = async (run: string) => (await workspace.read(run)).manifest.summary!.test!;
  const own = await testOf(one.runs[0]!.id);
  const bought = one.scores.find(({ task }) => task === 'bought')!;
  expect(bought).toMatchObject({ rows: 100, why: null });
  expect(bought.metrics!['auc']).toBeGreaterThan(0.5);
  expect(one.test!.tasks.map(({ metrics }) => metrics)).toEqual([own['bought'], own['spent']]);
  expect(one.preview!.columns).toEqual(['city', 'bought', 'spent']);
  expect(one.preview!.rows).toHaveLength(100);
  expect(one.preview!.rows[3]![0]).toBe('Atlantis');

  // The same table of a run's own test rows: what the run says of them is what is found.
  expect((await workspace.mmoe('data', 'sales.mmoe.json', '--out', 'rows.csv')).code).toBe(0);
  const test = await report(workspace, '--sql', "from 'rows.csv' where split = 'test'", '--out', 't.csv');
  for (const { task, metrics } of test.scores)
    for (const [name, value] of Object.entries(own[task]!))
      expect(metrics![name], `${task} ${name}`).toBeCloseTo(value!, 5);

  const both = await report(
    workspace,
    ...['--sql', "from 'rows.csv' where split = 'test'", '--and', 'run 2', '--out', 'b.csv'],
  );
  expect(both.test!.why).toBeNull();
  const alone = await Promise.all(
    [one.runs[0]!.id, [id, other].find((run) => run !== one.runs[0]!.id)!].map(testOf),
  );
  both.test!.tasks.forEach(({ task, metrics, runs }, at) => {
    expect(runs).toEqual(alone.map((metricsOf) => metricsOf[task]));
    // The mean of the runs on the rows that are read again is their mean on the same rows in a table.
    for (const [name, value] of Object.entries(metrics!))
      expect(both.scores[at]!.metrics![name], `${task} ${name}`).toBeCloseTo(value!, 5);
    expect(metrics).not.toEqual(runs[0]);
  });
  const said = await workspace.mmoe(
    'predict',
    'run 1',
    'sales.csv',
    '--and',
    'run 2',
    '--out',
    's.csv',
    '--no-test',
  );
  expect(said.stdout).toMatch(/bought AUC, these rows .*\n/);
  expect(said.stdout).toMatch(/no metrics on test rows: it was not asked for/);
  expect(said.stdout).toMatch(/the run was trained on rows of this table/);
});

test('a prediction that is stopped says how far it was, and leaves no file', async () => {
  const workspace = await trained();
  const child = workspace.start(
    ...['predict', 'run 1', '--sql', "select range % 60 as age, 'Rome' as city from range(20000000)"],
    ...['--out', 'many.csv', '--progress'],
  );
  let said = '';
  child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
  const end = ended(child);
  await closely('some progress', () => Promise.resolve(/^progress \d+ 20000000$/m.test(said)));
  child.kill('SIGTERM');
  expect((await end).code).toBe(130);
  expect(existsSync(workspace.path('many.csv'))).toBe(false);
  expect((await readdir(workspace.folder)).filter((name) => name.startsWith('many'))).toEqual([]);
});

test('predictions are scored by the values of columns, which need not be written', async () => {
  const workspace = await trained();
  const { scores, by, preview } = await report(workspace, 'new.csv', '--out', 'p.csv', '--by', 'city,age');
  expect(preview?.columns).toEqual(['bought', 'spent']);
  expect(by?.map(({ column }) => column)).toEqual(['city', 'age']);
  const [cities, ages] = by!;
  expect(cities!.slices.map(({ of, rows }) => [of, rows])).toEqual(
    ['Rome', 'Oslo', 'Bern', 'Atlantis'].map((value) => [{ kind: 'value', value }, 25]),
  );
  expect(ages!.slices.at(-1)).toMatchObject({ of: { kind: 'missing' }, rows: 4 });
  // All rows together are those of the slices together.
  for (const { slices } of by!)
    scores.forEach(({ rows }, task) =>
      expect(slices.reduce((sum, { tasks }) => sum + tasks[task]!.rows, 0)).toBe(rows),
    );
  // A slice has the metrics that a query of its rows has.
  const rome = await report(workspace, '--sql', `from 'new.csv' where city = 'Rome'`, '--out', 'r.csv');
  rome.scores.forEach(({ rows, metrics }, task) =>
    expect(cities!.slices[0]!.tasks[task]).toMatchObject({ rows, metrics }),
  );
  const { stdout } = await workspace.mmoe('predict', 'run 1', 'new.csv', '--out', 'q.csv', '--by', 'city');
  expect(stdout).toMatch(/city +rows +bought AUC +is +predicted +spent R² +is +predicted\n/);
  for (const [args, said] of [
    [['--out', 'o.csv', '--by', 'city'], '--by scores rows that the run has not been trained on'],
    [['new.csv', '--check', '--by', 'city'], '--by scores predictions; with --check there are none'],
    [['new.csv', '--out', 'o.csv', '--by', 'town'], 'has no column "town"; it has age, city'],
  ] as const) {
    const { code, stderr } = await workspace.mmoe('predict', 'run 1', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  }
});
