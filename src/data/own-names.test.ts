import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadExperiment } from '../experiment/load.js';
import { InputError } from '../shared/errors.js';
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
      { sql: `from read_${source.slice(9)}( ['${source}' ] )` },
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
  // DuckDB would make a column of every folder's name here.
  for (const sql of ["from 'fold=2/days/*/*.parquet'", "from read_parquet(['fold=2/days/*/*.parquet'])"])
    await expect(facts({ sql })).rejects.toThrow(
      'the files lie below a folder fold=…, which would replace their column "fold"',
    );
  const told = { sql: "from read_parquet('fold=2/days/*/*.parquet', hive_partitioning = false)" };
  expect(await facts(told)).toEqual([
    ['fold', 3],
    ['bought', 2],
  ]);
});

it.each(['csv', 'tsv', 'jsonl', 'parquet'])(
  'folders below a glob are columns of %s files',
  async (format) => {
    const days = ['2024-01-30', '2024-02-01', '__HIVE_DEFAULT_PARTITION__'];
    const codes = ['007', 'a b'];
    const db = await Database.open(workspace.folder, [workspace.folder]);
    const as = { csv: '', tsv: "(delimiter '\t')", jsonl: '(format json)', parquet: '' }[format] ?? '';
    for (const [i, day] of days.entries())
      for (const [j, code] of codes.entries()) {
        const folder = `t/day=${day}/n=${i}/code=${encodeURIComponent(code)}/N=9`;
        const file = await workspace.write(`${folder}/part.${format}`, '');
        const query = `select ${i * 10 + j} + range as spent, range % 2 as n, 'x' || range as text from range(4)`;
        await db.run(`copy (${query}) to ${literal(file)} ${as}`);
      }
    db.close();
    for (const source of ['t', `t/**/*.${format}`]) {
      const { columns, notes } = await describeSource(source, workspace.options);
      expect(columns.map(({ name, type, distinct, missing }) => [name, type, distinct, missing])).toEqual([
        ['spent', 'BIGINT', 15, 0],
        ['n', 'BIGINT', 2, 0],
        ['text', 'VARCHAR', 4, 0],
        ['day', 'DATE', 2, 8],
        ['code', 'VARCHAR', 2, 0],
      ]);
      expect(
        columns
          .find(({ name }) => name === 'code')
          ?.top.map(({ value }) => value)
          .sort(),
      ).toEqual(codes);
      expect(notes).toContain('column "n" is read from the files; the folders n=… say nothing of it');
    }
    await workspace.write(
      'x.mmoe.json',
      JSON.stringify({ data: { source: 't', where: "day = '2024-02-01'" }, tasks: [{ label: 'spent' }] }),
    );
    const out = workspace.path('out.parquet');
    await writeExperimentRows(
      await loadExperiment(workspace.path('x.mmoe.json'), []),
      workspace.options,
      out,
    );
    const opened = await Database.open(workspace.folder);
    const found = await opened.rows(`select spent::integer as spent, code from ${literal(out)} order by all`);
    opened.close();
    expect(found).toEqual(
      [10, 11, 11, 12, 12, 13, 13, 14].map((spent, i) => ({
        spent,
        code: codes[[0, 0, 1, 0, 1, 0, 1, 1][i]!],
      })),
    );
  },
);

it.each(['t.csv', 't.jsonl', 't.parquet'])('a zero byte in a name is refused in %s', async (source) => {
  const name = 'b\u0000ought';
  await workspace.write('t.csv', `a,"${name}"\n1,x\n2,y\n`);
  await workspace.write(
    't.jsonl',
    `${JSON.stringify({ a: 1, [name]: 'x' })}\n${JSON.stringify({ a: 2, [name]: 3 })}\n`,
  );
  const db = await Database.open(workspace.folder, [workspace.path('t.parquet')]);
  const from = literal(workspace.path('t.jsonl'));
  await db.run(`copy (from read_json(${from})) to ${literal(workspace.path('t.parquet'))}`);
  db.close();
  for (const one of [source, { sql: `from '${source}'` }])
    await expect(describeSource(one, workspace.options)).rejects.toThrow(InputError);
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
  expect(data.encoder.categorical.find(({ name }) => name === 'text')?.values.length).toBe(
    new Set(lines.map((line) => line.split(',')[1])).size,
  );
});
