import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Workspace } from './program.js';

const experiment = `{
  "data": {
    "source": { "simulator": { "rows": 400, "users": 30, "items": 20, "features": 1 } },
    "test": { "where": "day >= 0.03" }
  },
  "tasks": [{ "label": "click" }],
  "training": { "epochs": 1 }
}`;

test('a simulated log is written in any length, and is what an experiment reads', async () => {
  const workspace = await Workspace.create({ 'x.mmoe.json': experiment });
  const simulate = (...args: string[]) => workspace.mmoe('simulate', ...args);
  const lines = async (file: string) => (await readFile(workspace.path(file), 'utf8')).trim().split('\n');
  expect(await simulate('x.mmoe.json', '--out', 'own.csv')).toMatchObject({ code: 0, stderr: '' });
  const own = await lines('own.csv');
  expect(own[0]).toBe('day,user_id,segment,item_id,topic,x1,click,dwell,like');
  expect(own).toHaveLength(401);
  expect(await simulate('x.mmoe.json', '--rows', '20000', '--out', 'long.csv')).toMatchObject({ code: 0 });
  expect((await lines('long.csv')).slice(0, 401)).toEqual(own);
  const same = ['users=30', 'items=20', 'features=1'].flatMap((one) => ['--set', one]);
  expect(await simulate('--rows', '400', ...same, '--out', 'same.csv')).toMatchObject({ code: 0 });
  expect(await lines('same.csv')).toEqual(own);

  expect(await workspace.mmoe('data', 'x.mmoe.json', '--out', 'read.csv')).toMatchObject({ code: 0 });
  const read = await lines('read.csv');
  // Beside the columns of the log: label and split.
  expect(read.map((line) => line.split(',').slice(0, 9).join(',')).sort()).toEqual([...own].sort());
  const described = await workspace.mmoe('describe', '--experiment', 'x.mmoe.json', '--json');
  const { columns } = JSON.parse(described.stdout) as { columns: { name: string }[] };
  expect(columns.map(({ name }) => name).join(',')).toBe(own[0]);
  expect(await workspace.mmoe('train', 'x.mmoe.json')).toMatchObject({ code: 0 });
});

test('what is wrong with a simulator ends with 2, and says where', async () => {
  const wrong = experiment.replace('"users"', '"userz"');
  const workspace = await Workspace.create({
    'x.mmoe.json': wrong,
    'table.mmoe.json': { data: { source: 'a.csv' }, tasks: [{ label: 'a' }] },
  });
  const refused = async (...args: string[]) => {
    const { code, stderr } = await workspace.mmoe(...args);
    expect(code).toBe(2);
    return stderr;
  };
  const out = ['--out', 'a.csv'];
  expect(await refused('train', 'x.mmoe.json')).toMatch(
    /unknown key "userz" in data\.source\.simulator; did you mean "users"\? \(x\.mmoe\.json:3:45\)/,
  );
  expect(await refused('simulate', '--set', 'clicks=2', ...out)).toMatch(/clicks must be less than 1, not 2/);
  expect(await refused('simulate', '--rows', 'many', ...out)).toMatch(/--rows takes a whole number/);
  expect(await refused('simulate', '--rows', '1000000000000', ...out)).toMatch(
    /takes hours; give 4000000000/,
  );
  expect(await refused('simulate', 'table.mmoe.json', ...out)).toMatch(/data\.source/);
  expect(await refused('simulate', '--out', 'a.txt')).toMatch(/ends in \.csv or \.parquet/);
});
