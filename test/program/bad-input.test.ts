import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createRunFolder } from '../../src/run/create-run.js';
import { problemSchema } from '../../src/shared/messages/reports.js';
import { synthetic, Workspace } from './program.js';

const header = 'age,city,bought\n';
const rows = Array.from(
  { length: 40 },
  (_, index) => `${20 + index},${index % 3 === 0 ? 'Rome' : 'Oslo'},${index % 2}`,
);
const table = `${header}${rows.join('\n')}\n`;
const plain = { data: { source: 't.csv' }, tasks: [{ label: 'bought' }], training: { epochs: 1 } };

const cases: { name: string; files: Record<string, string | object>; says: RegExp; args?: string[] }[] = [
  { name: 'a missing experiment file', files: {}, says: /no such file.*x\.mmoe\.json/ },
  {
    name: 'an experiment that is not JSON',
    files: { 'x.mmoe.json': '{ "data": ' },
    says: /JSON.*x\.mmoe\.json:1:\d+/,
  },
  {
    name: 'an unknown key',
    files: { 't.csv': table, 'x.mmoe.json': { ...plain, modell: {} } },
    says: /modell.*x\.mmoe\.json:1:\d+/,
  },
  {
    name: 'a wrong type',
    files: { 't.csv': table, 'x.mmoe.json': { ...plain, training: { epochs: 'many' } } },
    says: /epochs.*x\.mmoe\.json:1:\d+/,
  },
  { name: 'a missing table', files: { 'x.mmoe.json': plain }, says: /t\.csv/ },
  { name: 'an empty table', files: { 't.csv': header, 'x.mmoe.json': plain }, says: /no rows|empty/ },
  {
    name: 'a label that is not a column',
    files: { 't.csv': table, 'x.mmoe.json': { ...plain, tasks: [{ label: 'sold' }] } },
    says: /sold/,
  },
  {
    name: 'a label that is always the same',
    files: { 't.csv': table.replaceAll(/,[01]$/gm, ',1'), 'x.mmoe.json': plain },
    says: /bought/,
  },
  {
    name: 'text in a numeric column',
    files: {
      't.csv': table.replace('25,', 'old,'),
      'x.mmoe.json': { ...plain, columns: { age: { kind: 'numeric' } } },
    },
    says: /age/,
  },
  {
    name: 'a malformed CSV line',
    files: { 't.csv': table.replace('25,', '25,"x,'), 'x.mmoe.json': plain },
    says: /t\.csv/,
  },
  {
    name: 'duplicate column names',
    files: { 't.csv': table.replace('age,city', 'age,age'), 'x.mmoe.json': plain },
    says: /age/,
  },
  {
    name: 'a model too large for memory',
    files: {
      't.csv': table,
      'x.mmoe.json': { ...plain, model: { experts: { count: 1024, layers: [100_000, 100_000] } } },
    },
    says: /memory.*(GB|TB)/,
  },
  {
    name: 'a path that leaves the workspace',
    files: { 'x.mmoe.json': { ...plain, data: { source: '../../../etc/passwd' } } },
    says: /outside|workspace/,
  },
  {
    name: 'SQL that reads outside of the workspace',
    files: {
      'x.mmoe.json': { ...plain, data: { source: { sql: "select * from read_csv('/etc/passwd')" } } },
    },
    says: /workspace|passwd|permission/i,
  },
  {
    name: 'a stop rule for a task that is not there',
    files: { 't.csv': table, 'x.mmoe.json': { ...plain, training: { stopEarly: { task: 'sold' } } } },
    says: /sold/,
  },
  {
    name: 'a setting that is not there',
    files: { 't.csv': table, 'x.mmoe.json': plain },
    args: ['--set', 'training.epoch=3'],
    says: /epoch/,
  },
  {
    name: 'an option that is not there',
    files: { 't.csv': table, 'x.mmoe.json': plain },
    args: ['--frobnicate'],
    says: /frobnicate/,
  },
];

test.each(cases)(
  '$name is one clear error, code 2, and leaves no run',
  async ({ files, says, args = [] }) => {
    const workspace = await Workspace.create(files);
    const { code, stderr } = await workspace.mmoe('train', 'x.mmoe.json', ...args);
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^error: /);
    expect(lines[0]).toMatch(says);
    expect(code).toBe(2);
    expect(await workspace.runs()).toEqual([]);
  },
);

test.each([
  {
    name: 'a loss weighting that a network cannot take',
    more: { model: { variant: 'single-task' }, training: { epochs: 1, lossWeighting: 'pcgrad' } },
    set: 'training.lossWeighting=pcgrad',
    says: '"pcgrad" works on weights that tasks share, and single-task has none',
  },
  {
    name: 'an FM layer without embeddings',
    more: { model: { interactions: 'fm' } },
    set: 'model.interactions=fm',
    says: 'an FM layer needs two or more embeddings of one width',
  },
])('$name names its place in the file, or its --set', async ({ more, set, says }) => {
  const tasks = [{ label: 'bought' }, { label: 'age > 30', name: 'old' }];
  const file = {
    data: { source: 't.csv' },
    tasks,
    columns: { city: { kind: 'categorical', encode: 'onehot' } },
  };
  const text = JSON.stringify({ ...file, ...more });
  const at = text.indexOf(`"${set.split('=')[1]!}"`) + 1;
  const without = { ...file, model: { variant: 'single-task' } };
  const workspace = await Workspace.create({ 't.csv': table, 'x.mmoe.json': text, 'y.mmoe.json': without });
  for (const command of ['train', 'compare', 'check']) {
    const variant = command === 'compare' ? ['--variants', 'single-task'] : [];
    const one = await workspace.mmoe(command, 'x.mmoe.json', ...variant);
    const other = await workspace.mmoe(command, 'y.mmoe.json', ...variant, '--set', set);
    expect(one.stderr + one.stdout).toMatch(
      new RegExp(`^error: ${says}.* \\(x\\.mmoe\\.json:1:${at}\\)$`, 'm'),
    );
    expect(other.stderr + other.stdout).toContain(`error: --set ${set}: ${says}`);
    expect([one.code, other.code]).toEqual([2, 2]);
  }
});

test('a variant that is misspelt in the file is an error where variants are compared, too', async () => {
  const workspace = await Workspace.create({
    't.csv': table,
    'x.mmoe.json': { ...plain, model: { variant: 'mmeo' } },
  });
  for (const more of [['--variants', 'omoe'], ['--variants', 'omoe', '--leave-out'], []]) {
    const { code, stderr } = await workspace.mmoe('compare', 'x.mmoe.json', ...more);
    expect(stderr).toMatch(
      /^error: model\.variant must be .*, not "mmeo"; did you mean "mmoe"\? \(x\.mmoe\.json:1:\d+\)\n$/,
    );
    expect(code).toBe(2);
  }
  expect(await workspace.runs()).toEqual([]);
});

test('a table that came to be one column is told where there is no experiment yet', async () => {
  const workspace = await Workspace.create({ 't.csv': table.replaceAll(',', '!') });
  const made = await workspace.mmoe('new', 't.csv');
  expect([made.code, made.stderr]).toEqual([
    2,
    expect.stringMatching(/^error: all of a line was read as one column; .*"delimiter": "!"/),
  ]);
  expect((await workspace.mmoe('describe', 't.csv')).stdout).toContain(
    'warning: all of a line was read as one column',
  );
});

test('what is doubtful is said once, on stderr, before training; with --json in a field too', async () => {
  const model = { experts: { count: 2, layers: [4] }, gates: { choose: { top: 3 } } };
  const text = JSON.stringify({ ...plain, model });
  const workspace = await Workspace.create({ 't.csv': table, 'x.mmoe.json': text });
  const place = `x.mmoe.json:1:${text.indexOf('"top":') + 7}`;
  const line = `warning: a gate sees 2 experts, so it cannot choose 3: all are used (${place})\n`;
  const trained = await workspace.mmoe('train', 'x.mmoe.json');
  expect([trained.code, trained.stderr]).toEqual([0, line]);

  const json = await workspace.mmoe(
    'train',
    'x.mmoe.json',
    '--json',
    '--set',
    'training.beta1=0.8',
    '--set',
    'training.optimizer=sgd',
  );
  expect(json.stderr.split(line)).toHaveLength(2);
  expect(json.stderr).toContain('warning: --set training.beta1=0.8: sgd has no beta1: this has no effect\n');
  const printed = v.parse(
    v.object({ status: v.literal('finished'), warnings: v.array(problemSchema) }),
    JSON.parse(json.stdout),
  );
  expect(printed.warnings.map(({ code }) => code).sort()).toEqual([
    'experiment.choice',
    'experiment.optimizer',
  ]);

  const compared = await workspace.mmoe(
    'compare',
    'x.mmoe.json',
    '--variants',
    'mmoe,shared-bottom',
    '--json',
  );
  expect(compared.stderr.split('warning: mmoe: a gate sees 2 experts')).toHaveLength(2);
  expect(
    v.parse(v.object({ warnings: v.array(problemSchema) }), JSON.parse(compared.stdout)).warnings,
  ).toHaveLength(1);
});

test('a run that the editor has queued says what was wrong with its input', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': { ...plain, modell: {} } });
  const { id, folder } = await createRunFolder(workspace.path('.mmoe/runs'), {
    name: 'queued',
    experimentFile: 'x.mmoe.json',
  });
  const { code } = await workspace.mmoe(
    'train',
    'x.mmoe.json',
    '--runs',
    workspace.path('.mmoe/runs'),
    '--id',
    id,
  );
  expect(code).toBe(2);
  const { manifest, events } = await workspace.read(id);
  expect(manifest).toMatchObject({
    status: 'failed',
    error: { file: workspace.path('x.mmoe.json'), line: 1 },
  });
  expect(manifest.error?.message).toMatch(/modell/);
  expect(events).toEqual([]);
  expect(folder).toBe(workspace.runFolder(id));
});

test('a queued run is taken, trained and kept under its own name', async () => {
  const experiment = { ...synthetic, training: { ...synthetic.training, epochs: 2 } };
  const workspace = await Workspace.create({ 'x.mmoe.json': experiment });
  const runs = workspace.path('.mmoe/runs');
  const { id } = await createRunFolder(runs, { name: 'queued', experimentFile: 'x.mmoe.json' });
  expect((await workspace.mmoe('train', 'x.mmoe.json', '--runs', runs, '--id', id)).code).toBe(0);
  expect(await workspace.read(id)).toMatchObject({
    status: 'finished',
    manifest: { name: 'queued', experimentFile: 'x.mmoe.json' },
  });
  expect(await workspace.runs()).toEqual([id]);
  const again = await workspace.mmoe('train', 'x.mmoe.json', '--runs', runs, '--id', id);
  expect(again.stderr).toMatch(/^error: .*has been trained already/);
});
