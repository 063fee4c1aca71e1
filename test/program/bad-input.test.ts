import { expect, test } from 'vitest';
import { createRunFolder } from '../../src/run/create.js';
import { synthetic, Workspace } from './program.js';

const header = 'age,city,bought\n';
const rows = Array.from({ length: 40 }, (_, index) => `${20 + index},${index % 3 === 0 ? 'Rome' : 'Oslo'},${index % 2}`);
const table = `${header}${rows.join('\n')}\n`;
const plain = { data: { source: 't.csv' }, tasks: [{ label: 'bought' }], training: { epochs: 1 } };

const cases: { name: string; files: Record<string, string | object>; says: RegExp; args?: string[] }[] = [
  { name: 'a missing experiment file', files: {}, says: /no such file.*x\.mmoe\.json/ },
  { name: 'an experiment that is not JSON', files: { 'x.mmoe.json': '{ "data": ' }, says: /JSON.*x\.mmoe\.json:1:\d+/ },
  { name: 'an unknown key', files: { 't.csv': table, 'x.mmoe.json': { ...plain, modell: {} } }, says: /modell.*x\.mmoe\.json:1:\d+/ },
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
    files: { 't.csv': table.replace('25,', 'old,'), 'x.mmoe.json': { ...plain, columns: { age: { kind: 'numeric' } } } },
    says: /age/,
  },
  { name: 'a malformed CSV line', files: { 't.csv': table.replace('25,', '25,"x,'), 'x.mmoe.json': plain }, says: /t\.csv/ },
  { name: 'duplicate column names', files: { 't.csv': table.replace('age,city', 'age,age'), 'x.mmoe.json': plain }, says: /age/ },
  {
    name: 'a model too large for memory',
    files: { 't.csv': table, 'x.mmoe.json': { ...plain, model: { experts: { count: 1024, layers: [100_000, 100_000] } } } },
    says: /memory.*(GB|TB)/,
  },
  {
    name: 'a path that leaves the workspace',
    files: { 'x.mmoe.json': { ...plain, data: { source: '../../../etc/passwd' } } },
    says: /outside|workspace/,
  },
  {
    name: 'SQL that reads outside of the workspace',
    files: { 'x.mmoe.json': { ...plain, data: { source: { sql: "select * from read_csv('/etc/passwd')" } } } },
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
  { name: 'an option that is not there', files: { 't.csv': table, 'x.mmoe.json': plain }, args: ['--frobnicate'], says: /frobnicate/ },
];

test.each(cases)('$name is one clear error, code 2, and leaves no run', { timeout: 60_000 }, async ({ files, says, args = [] }) => {
  const workspace = await Workspace.create(files);
  const { code, stderr } = await workspace.mmoe('train', 'x.mmoe.json', ...args);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^error: /);
  expect(lines[0]).toMatch(says);
  expect(code).toBe(2);
  expect(await workspace.runs()).toEqual([]);
});

test('a run that the editor has queued says what was wrong with its input', { timeout: 60_000 }, async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': { ...plain, modell: {} } });
  const { id, folder } = await createRunFolder(workspace.path('.mmoe/runs'), { name: 'queued', experimentFile: 'x.mmoe.json' });
  const { code } = await workspace.mmoe('train', 'x.mmoe.json', '--runs', workspace.path('.mmoe/runs'), '--id', id);
  expect(code).toBe(2);
  const { manifest, events } = await workspace.read(id);
  expect(manifest).toMatchObject({ status: 'failed', error: { file: workspace.path('x.mmoe.json'), line: 1 } });
  expect(manifest.error?.message).toMatch(/modell/);
  expect(events).toEqual([]);
  expect(folder).toBe(workspace.runFolder(id));
});

test('a queued run is taken, trained and kept under its own name', { timeout: 60_000 }, async () => {
  const experiment = { ...synthetic, training: { ...synthetic.training, epochs: 2 } };
  const workspace = await Workspace.create({ 'x.mmoe.json': experiment });
  const runs = workspace.path('.mmoe/runs');
  const { id } = await createRunFolder(runs, { name: 'queued', experimentFile: 'x.mmoe.json' });
  expect((await workspace.mmoe('train', 'x.mmoe.json', '--runs', runs, '--id', id)).code).toBe(0);
  expect(await workspace.read(id)).toMatchObject({ status: 'finished', manifest: { name: 'queued', experimentFile: 'x.mmoe.json' } });
  expect(await workspace.runs()).toEqual([id]);
  const again = await workspace.mmoe('train', 'x.mmoe.json', '--runs', runs, '--id', id);
  expect(again.stderr).toMatch(/^error: .*has been trained already/);
});
