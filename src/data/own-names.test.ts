import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadExperiment } from '../experiment/load.js';
import { literal, quoted } from '../shared/sql.js';
import { describeSource } from './decide/describe.js';
import { Database, type Row } from './duckdb/database.js';
import { TempWorkspace } from './temp-workspace.fixture.js';
import { writeExperimentRows } from './write/experiment-rows.js';

let workspace: TempWorkspace;
beforeEach(async () => void (workspace = await TempWorkspace.create()));
afterEach(() => workspace.remove());

/** Names that a program or DuckDB might use for something of its own. */
const names = [
  'rowid',
  'place',
  'split',
  'value',
  'mmoe row',
  'mmoe: place',
  'filename',
  'v0',
  'c0',
  'n',
  'row',
];

/** Values that have another order than the rows, and are missing now and then. */
const rows = Array.from({ length: 60 }, (_, row) => ({
  ...Object.fromEntries(
    names.map((name, at): [string, number | null] => [
      name,
      row % (at + 5) === 3 ? null : 1000 - ((row * 37 + at) % 60),
    ]),
  ),
  city: `city ${row % 7}`,
  spent: row * 2 + 1,
}));

async function written(source: string): Promise<Row[]> {
  await workspace.write(
    'x.mmoe.json',
    JSON.stringify({
      data: { source, where: 'c0 is null or v0 is null or c0 > 0' },
      tasks: [{ label: 'spent' }],
    }),
  );
  const out = workspace.path('out.parquet');
  await writeExperimentRows(await loadExperiment(workspace.path('x.mmoe.json'), []), workspace.options, out);
  const db = await Database.open(workspace.folder);
  try {
    return await db.rows(`from ${literal(out)}`);
  } finally {
    db.close();
  }
}

it.each(['t.csv', 't.jsonl', 't.parquet'])('columns of any name keep their rows in %s', async (source) => {
  const header = Object.keys(rows[0]!);
  await workspace.write(
    't.csv',
    `${[header, ...rows.map((row) => Object.values<string | number | null>(row).map((value) => value ?? ''))].join('\n')}\n`,
  );
  await workspace.write('t.jsonl', `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  const db = await Database.open(workspace.folder, [workspace.path('t.parquet')]);
  const from = literal(workspace.path('t.jsonl'));
  await db.run(`copy (from read_json(${from})) to ${literal(workspace.path('t.parquet'))}`);
  db.close();
  const found = await written(source);
  expect(found).toHaveLength(60);
  found.forEach((row, at) => {
    for (const name of header)
      expect([name, row[name] === null ? null : String(row[name])]).toEqual([
        name,
        Reflect.get(rows[at]!, name) === null ? null : String(Reflect.get(rows[at]!, name)),
      ]);
    expect(row['label: spent']).toBe(rows[at]!.spent);
    expect(row['split_']).toMatch(/^(train|validation|test)$/);
  });
  const { columns } = await describeSource(source, workspace.options);
  expect(columns.map(({ name }) => name)).toEqual(header);
  for (const { name, missing } of columns)
    expect([name, missing]).toEqual([name, rows.filter((row) => Reflect.get(row, name) === null).length]);
});

it('names of folders above a table are no columns of it, those below are', async () => {
  const lines = 'fold,bought\na,1\nb,0\nc,1\n';
  await workspace.write('fold=2/t.csv', lines);
  const db = await Database.open(workspace.folder, [workspace.folder]);
  const copied = (to: string): Promise<void> =>
    db.run(
      `copy (from read_csv(${literal(workspace.path('fold=2/t.csv'))}, hive_partitioning = false)) to ${to}`,
    );
  await copied(literal(workspace.path('fold=2/t.parquet')));
  for (const day of [1, 2]) {
    const file = await workspace.write(`fold=2/days/day=${day}/t.parquet`, '');
    await copied(literal(file));
  }
  db.close();
  const facts = async (source: Parameters<typeof describeSource>[0]): Promise<unknown> =>
    (await describeSource(source, workspace.options)).columns.map(({ name, distinct }) => [name, distinct]);
  for (const source of ['fold=2/t.csv', 'fold=2/t.parquet'])
    for (const one of [
      source,
      { sql: `from '${source}'` },
      { sql: `from read_${source.slice(9)}('${source}')` },
    ])
      expect(await facts(one)).toEqual([
        ['fold', 3],
        ['bought', 2],
      ]);
  for (const source of ['fold=2/days', 'fold=2/days/*/*.parquet'])
    expect(await facts(source)).toEqual([
      ['fold', 3],
      ['bought', 2],
      ['day', 2],
    ]);
});

it('a text column is listed whole beside a column called value', async () => {
  const lines = rows.map(
    (row, at) => `${at % 2 === 0 ? '' : at},t${at % 40 < 20 ? at : 'x'},${row.spent % 3}`,
  );
  await workspace.write('t.csv', `value,${quoted('text')},bought\n${lines.join('\n')}\n`);
  const data = await workspace.prepare({
    data: { source: 't.csv', validation: 0, test: 0 },
    columns: { text: { kind: 'categorical' } },
    tasks: [{ label: 'bought', kind: 'multiclass' }],
  });
  expect(data.encoder.categorical.find(({ name }) => name === 'text')?.values).toHaveLength(
    new Set(lines.map((line) => line.split(',')[1])).size,
  );
});
