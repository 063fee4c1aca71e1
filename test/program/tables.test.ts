import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { checkReportSchema, describeReportSchema } from '../../src/shared/messages/reports.js';
import * as v from 'valibot';
import { ended, Workspace } from './program.js';

interface Sale {
  age: number;
  city: string;
  spent: string;
  bought: number;
  minutes: number;
  kind: string;
}

const cities = ['Rome', 'Oslo', 'Köln'];
const kinds = ['film', 'book', 'game'];
const sales: Sale[] = Array.from({ length: 300 }, (_, at) => {
  const age = 20 + ((at * 7) % 50);
  const city = cities[at % 3]!;
  return {
    age,
    city,
    spent: at % 11 === 0 ? '' : String((at * 13) % 97),
    bought: age > 45 === (city === 'Rome') ? 1 : 0,
    minutes: age * 2 + (at % 3) * 10,
    kind: kinds[(age + at) % 3]!,
  };
});

const table = (columns: (keyof Sale)[], rows: readonly Sale[]): string =>
  `${columns.join(',')}\n${rows.map((row) => columns.map((column) => row[column]).join(',')).join('\n')}\n`;

const experiment = {
  name: 'sales',
  data: { source: 'sales.csv' },
  tasks: [{ label: 'bought' }, { label: 'minutes', kind: 'regression' }, { label: 'kind' }],
  model: { experts: { count: 3, layers: [8] }, towers: { layers: [4] } },
  training: { epochs: 3, batchSize: 16 },
};
const files = {
  'sales.csv': table(['age', 'city', 'spent', 'bought', 'minutes', 'kind'], sales),
  'sales.mmoe.json': experiment,
};

async function rowsOf(workspace: Workspace, name: string): Promise<Record<string, string>[]> {
  const [header, ...lines] = (await readFile(workspace.path(name), 'utf8')).trimEnd().split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, at) => [names[at]!, value])));
}

async function trained(): Promise<Workspace> {
  const workspace = await Workspace.create(files);
  expect(await workspace.mmoe('train', 'sales.mmoe.json')).toMatchObject({ code: 0, stderr: '' });
  return workspace;
}

test('predictions depend on no order of columns and rows, and on no labels and unseen values', async () => {
  const workspace = await trained();
  const reversed = [...sales].reverse();
  await workspace.write({ 'other.csv': table(['spent', 'city', 'age'], reversed) });
  expect(
    await workspace.mmoe('predict', 'sales mmoe', 'sales.csv', '--out', 'a.csv', '--gates'),
  ).toMatchObject({ code: 0, stderr: '' });
  expect(
    await workspace.mmoe('predict', 'sales mmoe', 'other.csv', '--out', 'b.csv', '--gates'),
  ).toMatchObject({ code: 0 });
  const [a, b] = [await rowsOf(workspace, 'a.csv'), await rowsOf(workspace, 'b.csv')];
  expect(a).toHaveLength(300);
  expect(Object.keys(a[0]!)).toEqual([
    'bought',
    'minutes',
    'kind',
    ...['book', 'film', 'game'].map((name) => `kind.${name}`),
    ...['bought', 'minutes', 'kind'].flatMap((task) => [1, 2, 3].map((expert) => `${task}.expert_${expert}`)),
  ]);
  expect(b.reverse()).toEqual(a);
  for (const row of a) {
    const sum = (names: string[]): number => names.reduce((total, name) => total + Number(row[name]), 0);
    expect(sum(['kind.book', 'kind.film', 'kind.game'])).toBeCloseTo(1, 5);
    expect(sum(['bought.expert_1', 'bought.expert_2', 'bought.expert_3'])).toBeCloseTo(1, 5);
    const shares = ['book', 'film', 'game'].map((name) => Number(row[`kind.${name}`]));
    expect(row['kind']).toBe(['book', 'film', 'game'][shares.indexOf(Math.max(...shares))]);
  }
  // Predictions are in the label's own units: a standardised value would be near zero.
  const mean = a.reduce((sum, row) => sum + Number(row['minutes']), 0) / a.length;
  expect(mean).toBeGreaterThan(50);

  await workspace.write({ 'unseen.csv': 'age,city,spent\n30,Atlantis,\n1e30,,12\n' });
  const unseen = await workspace.mmoe('predict', 'sales mmoe', 'unseen.csv', '--out', 'c.parquet');
  expect(unseen.code).toBe(0);
  expect(unseen.stdout).toContain('1 value of "age" lies outside the training rows\' 20 … 69: up to 1e+30');
  expect((await readFile(workspace.path('c.parquet'))).subarray(0, 4).toString()).toBe('PAR1');

  const notes = JSON.parse(await readFile(workspace.path('a.csv.json'), 'utf8')) as unknown;
  expect(notes).toMatchObject({
    format: 1,
    run: { name: 'sales mmoe' },
    tasks: [
      { task: 'bought', kind: 'binary', column: 'bought', positive: '1', negative: '0' },
      { task: 'minutes', kind: 'regression', column: 'minutes' },
      { task: 'kind', kind: 'multiclass', column: 'kind', classes: ['book', 'film', 'game'] },
    ],
  });
  expect(await readFile(workspace.path('c.parquet'), 'latin1')).toContain('"positive": "1"');
  const shown = (await workspace.mmoe('show', 'sales mmoe')).stdout;
  expect(shown).toMatch(
    /bought: binary: the probability of "1", not "0" \([\d.]+ % of the training labels\); every row/,
  );
  expect((await workspace.mmoe('check', 'sales.mmoe.json')).stdout).toMatch(
    /task kind: multiclass: 3 classes; every/,
  );
});

test('columns are carried along as they are, and several runs predict their mean', async () => {
  const workspace = await trained();
  const other = ['--set', 'training.seed=2', '--name', 'second'];
  expect(await workspace.mmoe('train', 'sales.mmoe.json', ...other)).toMatchObject({ code: 0 });
  const keyed = sales.map((sale, at) => ({
    ...sale,
    key: `00${at}`,
    id: `${9007199254740993n + BigInt(at)}`,
  }));
  const header = 'key,city,id,age,spent';
  const lines = keyed.map(({ key, city, id, age, spent }) => [key, city, id, age, spent].join(','));
  await workspace.write({ 'new.csv': `${header}\n${lines.join('\n')}\n` });
  const predicted = async (...args: string[]) => {
    expect(await workspace.mmoe('predict', ...args, '--out', 'p.csv')).toMatchObject({ code: 0, stderr: '' });
    return rowsOf(workspace, 'p.csv');
  };
  const one = await predicted('sales mmoe', 'new.csv');
  const two = await predicted('second', 'new.csv');
  const both = await predicted(
    'sales mmoe',
    'new.csv',
    '--and',
    'second',
    '--keep',
    'key,CITY',
    '--keep',
    'id',
  );
  expect(Object.keys(both[0]!).slice(0, 5)).toEqual(['key', 'CITY', 'id', 'bought', 'bought.sd']);
  expect(both.map((row) => [row['key'], row['CITY'], row['id']])).toEqual(
    keyed.map(({ key, city, id }) => [key, city, id]),
  );
  for (const [row, mean] of both.entries()) {
    const values = [one[row]!, two[row]!].map((of) => Number(of['minutes']));
    expect(Number(mean['minutes'])).toBeCloseTo((values[0]! + values[1]!) / 2, 9);
    expect(Number(mean['minutes.sd'])).toBeCloseTo(Math.abs(values[0]! - values[1]!) / Math.SQRT2, 9);
  }
  const notes = JSON.parse(await readFile(workspace.path('p.csv.json'), 'utf8')) as object;
  expect(notes).toMatchObject({ run: { name: 'sales mmoe' }, and: [{ name: 'second' }] });
  for (const [says, ...args] of [
    [/no column "user"; it has key, city, id, age, spent/, 'new.csv', '--keep', 'user'],
    [/--keep bought is the name of a column of predictions/, 'sales.csv', '--keep', 'bought'],
    [/--gates is for one run/, 'new.csv', '--gates', '--and', 'second'],
  ] as const) {
    const { code, stderr } = await workspace.mmoe('predict', 'sales mmoe', ...args, '--out', 'x.csv');
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  }
});

test('what cannot be predicted is one clear error and leaves no file', async () => {
  const workspace = await trained();
  await workspace.write({
    'short.csv': 'age,spent\n30,1\n',
    'texts.csv': 'age,city,spent\nold,Rome,1\n31,Rome,1\n',
  });
  const fails = async (says: RegExp, ...args: string[]): Promise<void> => {
    const { code, stderr } = await workspace.mmoe('predict', ...args);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  };
  await fails(/^error: .*city/, 'sales mmoe', 'short.csv', '--out', 'x.csv');
  await fails(/^error: .*old.*age/, 'sales mmoe', 'texts.csv', '--out', 'x.csv');
  await fails(/^error: .*nothing\.csv/, 'sales mmoe', 'nothing.csv', '--out', 'x.csv');
  await fails(/^error: .*\.csv or \.parquet/, 'sales mmoe', 'sales.csv', '--out', 'x.txt');
  await fails(/^error: .*the table that is read/, 'sales mmoe', 'sales.csv', '--out', 'sales.csv');
  await fails(/^error: there is no run/, 'none', 'sales.csv', '--out', 'x.csv');
  expect(await readFile(workspace.path('sales.csv'), 'utf8')).toBe(files['sales.csv']);
  await expect(readFile(workspace.path('x.csv'))).rejects.toThrow();
});

test('rows of an experiment are written with their split and labels, and a run predicts them', async () => {
  const workspace = await trained();
  expect(await workspace.mmoe('data', 'sales.mmoe.json', '--out', 'rows.csv')).toMatchObject({
    code: 0,
    stderr: '',
  });
  const rows = await rowsOf(workspace, 'rows.csv');
  expect(rows).toHaveLength(300);
  expect(rows.filter((row) => row['split'] === 'test')).toHaveLength(30);
  expect((await workspace.mmoe('predict', 'sales mmoe', 'rows.csv', '--out', 'p.csv')).code).toBe(0);
  for (const source of ['sales.csv', 'sale?.csv', '{ "sql": "from \'sales.csv\'" }']) {
    const set = ['--set', `data.source=${source}`];
    expect(await workspace.mmoe('data', 'sales.mmoe.json', ...set, '--out', 'sales.csv')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: .*the table that is read/) as string,
    });
  }
  expect(await readFile(workspace.path('sales.csv'), 'utf8')).toBe(files['sales.csv']);
});

test('a table whose columns the experiment names is predicted with and without a header line', async () => {
  const [header, ...lines] = files['sales.csv'].trimEnd().split('\n');
  const bare = {
    ...experiment,
    data: { source: 'bare.csv', read: { header: false, names: header!.split(',') } },
  };
  const workspace = await Workspace.create({
    ...files,
    'bare.csv': lines.join('\n'),
    'bare.mmoe.json': bare,
  });
  expect((await workspace.mmoe('train', 'bare.mmoe.json', '--name', 'bare')).code).toBe(0);
  for (const name of ['bare', 'sales']) {
    expect(await workspace.mmoe('predict', 'bare', `${name}.csv`, '--out', `${name}.out.csv`)).toMatchObject({
      code: 0,
      stderr: '',
    });
  }
  expect(await rowsOf(workspace, 'bare.out.csv')).toEqual(await rowsOf(workspace, 'sales.out.csv'));
});

test('predict takes a query, globs, several files and partitions, and without a table the run’s own', async () => {
  const lines = files['sales.csv'].trimEnd().split('\n');
  const jsonLines = sales.map(({ age, ...rest }) => JSON.stringify({ user: { age }, ...rest }));
  const sql = `select "user".age as age, city, spent, bought, minutes, kind from 'nested.jsonl'`;
  const workspace = await Workspace.create({
    ...files,
    'experiments/query.mmoe.json': {
      ...experiment,
      data: { source: { sql: sql.replace("'nested", "'../nested") } },
    },
    'nested.jsonl': jsonLines.join('\n'),
    'parts/1.csv': lines.slice(0, 101).join('\n'),
    'parts/2.csv': [lines[0], ...lines.slice(101)].join('\n'),
  });
  expect((await workspace.mmoe('train', 'experiments/query.mmoe.json', '--name', 'q')).code).toBe(0);
  const predicted = async (...args: string[]) => {
    expect(await workspace.mmoe('predict', 'q', ...args, '--out', 'p.csv')).toMatchObject({
      code: 0,
      stderr: '',
    });
    return rowsOf(workspace, 'p.csv');
  };
  const wanted = await predicted('sales.csv');
  expect(wanted).toHaveLength(300);
  expect(await predicted()).toEqual(wanted);
  expect(await predicted('--sql', sql)).toEqual(wanted);
  expect(await predicted('parts/*.csv')).toEqual(wanted);
  expect(await predicted('parts')).toEqual(wanted);
  expect(await predicted('parts/1.csv', 'parts/2.csv')).toEqual(wanted);
  expect(await predicted('--sql', `${sql} where bought = 1`)).toEqual(
    wanted.filter((_, row) => sales[row]!.bought === 1),
  );

  const refused = async (...args: string[]) => {
    const { code, stderr } = await workspace.mmoe('predict', 'q', ...args);
    expect(code).toBe(2);
    return stderr;
  };
  expect(await refused('nested.jsonl', '--out', 'x.csv')).toMatch(
    /no column "age".*trained on a query: give one for new rows with --sql/,
  );
  expect(await refused('sales.csv', '--sql', sql, '--out', 'x.csv')).toMatch(/not both/);
  expect(await refused('--sql', 'select 1 from', '--out', 'x.csv')).toMatch(
    /^error: the query cannot be used/,
  );
  expect(await refused('--sql', "from '../elsewhere.csv'", '--out', 'x.csv')).toMatch(/elsewhere\.csv/);
  expect(await refused('--sql', "from 'sales.csv'", '--out', 'sales.csv')).toMatch(/the table that is read/);
  expect(await refused('parts/*.csv', '--out', 'parts/2.csv')).toMatch(/the table that is read/);
  expect(await readFile(workspace.path('sales.csv'), 'utf8')).toBe(files['sales.csv']);
});

test('check and describe answer in JSON, also about text that is not saved yet', async () => {
  const workspace = await Workspace.create(files);
  const check = async (args: string[], text?: string) => {
    const child = workspace.start('check', 'sales.mmoe.json', '--json', ...args);
    child.stdin?.end(text ?? '');
    const { code, stdout } = await ended(child);
    return { code, report: v.parse(checkReportSchema, JSON.parse(stdout)) };
  };
  const good = await check([]);
  expect(good).toMatchObject({ code: 0, report: { ok: true, problems: [], model: { variant: 'mmoe' } } });
  expect(good.report.model?.parameters).toBeGreaterThan(100);
  expect(good.report.columns.map(({ name }) => name)).toContain('age');
  const unsaved = JSON.stringify({ ...experiment, tasks: [{ label: 'sold' }] });
  const bad = await check(['--stdin'], unsaved);
  expect(bad).toMatchObject({
    code: 2,
    report: { ok: false, model: null, problems: [{ severity: 'error', line: 1 }] },
  });
  expect(bad.report.problems[0]?.message).toMatch(/sold/);
  expect(await check(['--stdin', '--no-data'], unsaved)).toMatchObject({
    code: 0,
    report: { ok: true, columns: [] },
  });
  const broken = await check(['--stdin'], '{ "data": ');
  expect(broken).toMatchObject({ code: 2, report: { ok: false } });

  const described = await workspace.mmoe('describe', 'sales.csv', '--json');
  const report = v.parse(describeReportSchema, JSON.parse(described.stdout));
  expect(report.rows).toBe(300);
  expect(report.columns.find(({ name }) => name === 'city')?.distinct).toBe(3);
  const child = workspace.start('describe', 'sales.mmoe.json', '--experiment', '--stdin', '--json');
  child.stdin?.end('{ "data": { "source": "sales.csv" }, "tasks": [{ "label": ');
  expect(v.parse(describeReportSchema, JSON.parse((await ended(child)).stdout))).toEqual(report);
});

test('a new experiment for a table can be trained as it is written', async () => {
  const workspace = await Workspace.create({ 'sales.csv': files['sales.csv'] });
  const { code, stdout } = await workspace.mmoe(
    'new',
    'sales.csv',
    '--label',
    'bought',
    '--label',
    'minutes',
  );
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('bought (binary), minutes') as unknown,
  });
  expect((await workspace.mmoe('new', 'sales.csv', '--label', 'bought')).stderr).toMatch(
    /^error: .*exists already.*sales\.mmoe\.json/,
  );
  expect(
    (await workspace.mmoe('new', 'sales.csv', '--label', 'sold', '--out', 'x.mmoe.json')).stderr,
  ).toMatch(/^error: .*"sold"/);
  expect((await workspace.mmoe('train', 'sales.mmoe.json', '--set', 'training.epochs=1')).code).toBe(0);
});

test('a new experiment has the variant that was named, and FM layers ask for embeddings', async () => {
  const workspace = await Workspace.create({ 'sales.csv': files['sales.csv'] });
  const written = await workspace.mmoe(
    'new',
    'sales.csv',
    '--label',
    'bought',
    '--variant',
    'shared-botom',
    '--out',
    'a.mmoe.json',
  );
  expect(written.stderr).toMatch(
    /^error: --variant: there is no variant "shared-botom"; did you mean "shared-bottom"\?/,
  );
  expect(
    (
      await workspace.mmoe(
        'new',
        'sales.csv',
        '--label',
        'bought',
        '--variant',
        'ple',
        '--out',
        'a.mmoe.json',
      )
    ).code,
  ).toBe(0);
  const text = await readFile(workspace.path('a.mmoe.json'), 'utf8');
  await writeFile(
    workspace.path('a.mmoe.json'),
    text.replace('"variant": "ple"', '"variant": "ple", "interactions": "fm"'),
  );
  const { code, stdout } = await workspace.mmoe('check', 'a.mmoe.json');
  expect({ code, stdout }).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/two or more embeddings of one width.*a\.mmoe\.json:\d+/) as unknown,
  });
});

test('a new experiment leaves out what describe would', async () => {
  const workspace = await Workspace.create({
    'visits.csv':
      'id,shop,age,bought\n' + sales.map(({ age, bought }, at) => `${at},a,${age},${bought}\n`).join(''),
  });
  expect((await workspace.mmoe('new', 'visits.csv', '--label', 'bought')).code).toBe(0);
  const text = await readFile(workspace.path('visits.mmoe.json'), 'utf8');
  expect(text).toMatch(/"id": "ignore", +\/\/ whole number with another value in every row/);
  expect(text).toMatch(/"shop": "ignore", +\/\/ all rows have the same value/);
  expect(text).toMatch(/"age": \{ "kind": "numeric" \}/);
});

test('an experiment teaches itself: out-of-fold predictions beside its rows, and an experiment that learns from them', async () => {
  const workspace = await Workspace.create(files);
  const taught = await workspace.mmoe('teach', 'sales.mmoe.json', '--out', 'taught.parquet', '--folds', '3');
  expect(taught).toMatchObject({ code: 0, stderr: '' });
  expect(taught.stdout).toMatch(/bought: AUC [\d.]+ on training rows that its model had not seen/);
  const { data, tasks } = JSON.parse(
    await readFile(workspace.path('taught.mmoe.json'), 'utf8'),
  ) as typeof experiment;
  expect(data).toEqual({
    source: 'taught.parquet',
    validation: { where: `"split" = 'validation'` },
    test: { where: `"split" = 'test'` },
  });
  expect(tasks.map((task) => 'teacher' in task)).toEqual([true, true, false]);
  expect(await workspace.mmoe('data', 'taught.mmoe.json', '--out', 'taught.csv')).toMatchObject({ code: 0 });
  expect(await workspace.mmoe('data', 'sales.mmoe.json', '--out', 'rows.csv')).toMatchObject({ code: 0 });
  const [rows, plain] = [await rowsOf(workspace, 'taught.csv'), await rowsOf(workspace, 'rows.csv')];
  // The same rows in the same parts; the teacher has predicted training rows only, within 0 … 1.
  expect(rows.map(({ age, spent, split }) => [age, spent, split])).toEqual(
    plain.map(({ age, spent, split }) => [age, spent, split]),
  );
  for (const row of rows) {
    const predicted = row['teacher: bought']!;
    if (row['split'] === 'train') expect(Number(predicted)).toBeGreaterThan(0);
    else expect(predicted).toBe('');
    expect(Number(predicted)).toBeLessThan(1);
  }
  expect(await workspace.mmoe('train', 'taught.mmoe.json')).toMatchObject({ code: 0, stderr: '' });
  expect(await workspace.mmoe('teach', 'sales.mmoe.json', '--out', 'taught.parquet')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('taught.mmoe.json') as string,
  });
  expect(
    await workspace.mmoe('teach', 'sales.mmoe.json', '--out', 'other.parquet', '--folds', '1'),
  ).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--folds must be a whole number from 2') as string,
  });
});
