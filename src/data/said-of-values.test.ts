import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { literal } from '../shared/sql.js';
import { describeSource } from './decide/describe.js';
import { Database } from './duckdb/database.js';
import { encodeSource } from './encode/encode-source.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

/** What is decided about values that could mean something else is said, and what nothing can hold is refused. */

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

const warnings = async (label: string): Promise<string> => {
  const { warnings: found } = await workspace.prepare({ data: { source: 't.csv' }, tasks: [{ label }] });
  return found.join('\n');
};

async function parquet(tables: Readonly<Record<string, string>>): Promise<void> {
  const files = Object.keys(tables).map((name) => workspace.path(name));
  const db = await Database.open(workspace.folder, files);
  for (const [name, query] of Object.entries(tables)) {
    await workspace.write(name, '');
    await db.run(`copy (${query}) to ${literal(workspace.path(name))} (format parquet)`);
  }
  db.close();
}

it.each([
  ['percentages', (row: number) => `${row % 7}%`, 'percentages'],
  ['numbers with a unit', (row: number) => `${row % 7} min`, 'with a unit (min)'],
  ['truths of two writers', (row: number) => ['true', '0', 'false', '1'][row % 4]!, 'in several ways'],
  ['a mark for missing values', (row: number) => ['0', '1', 'NA'][row % 3]!, '"null": ["NA"]'],
])('a label of texts that are %s is said to be', async (_, label, says) => {
  await workspace.write('t.csv', csv(200, { x: (row) => (row * 7) % 31, label }));
  expect(await warnings('label')).toContain(says);
});

it('a first row of years that follow each other is said to be like names', async () => {
  const rows = csv(60, {
    country: (row) => `c${row % 9}`,
    2019: (row) => row,
    2020: (row) => row % 7,
    2021: (row) => row % 2,
  });
  // An object has its whole numbers first.
  const lines = rows.split('\n').map((line) => line.split(',').reverse().join(','));
  await workspace.write('t.csv', rows.replace(/^.*/, '2019,2020,2021,country'));
  await workspace.write('reversed.csv', lines.join('\n'));
  const notes = async (source: string) =>
    (await describeSource(source, workspace.options)).notes?.join() ?? '';
  expect(await notes('t.csv')).toContain('the first row has years that follow each other: 2019, 2020, 2021');
  expect(await notes('reversed.csv')).not.toContain('follow each other');
  await workspace.write('t.csv', csv(60, { a: () => 2019, b: () => 2020 }).replace(/^.*\n/, ''));
  expect(await notes('t.csv')).not.toContain('follow each other');
});

it.each(['no', 'N', 'false', false])(
  'the positive value of a label of yes and no may be %s',
  async (positive) => {
    await workspace.write(
      't.csv',
      csv(200, { x: (row) => (row * 7) % 31, y: (row) => ['yes', 'no', 'no'][row % 3]! }),
    );
    const { tasks } = await workspace.prepare({
      data: { source: 't.csv' },
      tasks: [{ label: 'y', positive }],
    });
    expect(tasks[0]!.classes).toEqual(['true', 'false']);
    const wrong = workspace.prepare({ data: { source: 't.csv' }, tasks: [{ label: 'y', positive: 'nope' }] });
    await expect(wrong).rejects.toThrow('has no value "nope"');
  },
);

it.each(['index', 'Unnamed: 0', 'row_id'])(
  'a row number that is written as 7.0 is one, in column %s',
  async (name) => {
    const table = csv(200, {
      x: (row) => (row * 7) % 31,
      [name]: (row) => `${row * 2}.0`,
      y: (row) => row % 2,
    });
    await workspace.write('t.csv', table);
    const experiment = { data: { source: 't.csv' }, tasks: [{ label: 'y' }] };
    const used = async (defaults: 1 | 2) => {
      const { encoder, warnings: found } = await workspace.prepare({ defaults, ...experiment });
      const features = [...encoder.numeric, ...encoder.categorical].map((one) => one.name);
      expect(found.join()).toContain(`column "${name}"`);
      expect(found.join()).toContain('the number of a row');
      return features.includes(name);
    };
    expect(await used(1)).toBe(true);
    expect(await used(2)).toBe(false);
    const { columns } = await describeSource('t.csv', workspace.options);
    expect(columns[1]).toMatchObject({ name, kind: 'ignored' });
  },
);

it('tables that are passed over, and folders that make no column, are named', async () => {
  for (const path of ['ev/p.csv', 'ev/day=1/p.csv', 'ev/day=2/p.csv'])
    await workspace.write(path, csv(20, { x: (row) => row, y: (row) => row % 2 }));
  const folder = await describeSource('ev', workspace.options);
  expect(folder.rows).toBe(20);
  expect(folder.notes?.join()).toContain('tables in folders such as "day=1" are passed over');
  const glob = await describeSource('ev/**/*.csv', workspace.options);
  expect(glob.rows).toBe(60);
  expect(glob.notes?.join()).toContain('folders such as "day=1" make no column');
  expect((await describeSource('ev/*/*.csv', workspace.options)).notes).toBeUndefined();
});

it('a column that only the name of a folder has is told of where one of these is predicted', async () => {
  for (const day of [1, 2, 3])
    await workspace.write(
      `ev/day=${day}/p.csv`,
      csv(50, { x: (row) => (row * day) % 31, y: (row) => row % 2 }),
    );
  const { encoder } = await workspace.prepare({ data: { source: 'ev' }, tasks: [{ label: 'y' }] });
  const predict = async (): Promise<void> => {
    for await (const _ of encodeSource(encoder, 'ev/day=3', workspace.options));
  };
  await expect(predict()).rejects.toThrow(
    '"day=3" is the folder of this table, and a column only of the table above',
  );
});

describe('times of which only some have a zone', () => {
  const when = (row: number): string => `2024-01-0${1 + (row % 9)} 10:00:00${row % 4 === 0 ? '+02:00' : ''}`;
  const y = (row: number): number => row % 2;
  const says = 'column "when": 150 of 200 times have no time zone and are taken as UTC';

  it('are said to be taken as UTC, in text files, JSON lines and parts', async () => {
    await workspace.write('t.csv', csv(200, { when, y }));
    expect(await warnings('y')).toContain(says);
    const lines = Array.from({ length: 200 }, (_, row) => JSON.stringify({ when: when(row), y: y(row) }));
    await workspace.write('t.jsonl', lines.join('\n'));
    expect((await describeSource('t.jsonl', workspace.options)).notes?.join()).toContain(says);
    await workspace.write('parts/a.csv', csv(50, { when: (row) => when(4 * row), y }));
    await workspace.write('parts/b.csv', csv(150, { when: () => when(1), y }));
    expect((await describeSource('parts', workspace.options)).notes?.join()).toContain(says);
    const read = { types: { when: 'TIMESTAMPTZ' } };
    expect((await describeSource('t.csv', { ...workspace.options, read })).notes).toBeUndefined();
  });

  it('are told of in a split, too, whose times have none', async () => {
    await workspace.write('t.csv', csv(100, { when: (row) => when(4 * row), y }));
    await workspace.write('v.csv', csv(40, { when: () => when(1), y }));
    const experiment = (read: object) => ({
      data: { source: 't.csv', validation: { source: 'v.csv' }, test: 0, read },
      tasks: [{ label: 'y' }],
    });
    const { warnings: found } = await workspace.prepare(experiment({}));
    expect(found.join()).toContain('column "when": 40 of 40 times have no time zone');
    const said = await workspace.prepare(experiment({ types: { when: 'TIMESTAMPTZ' } }));
    expect(said.warnings.join()).not.toContain('time zone');
  });

  it('are nothing to speak of where all have one, or none', async () => {
    for (const zone of ['', 'Z', ' UTC', '+02'])
      await workspace
        .write('t.csv', csv(100, { when: (row) => when(1 + 4 * row) + zone, y }))
        .then(async () => expect(await warnings('y')).not.toContain('time zone'));
  });
});

it.each(['t.csv', 't.jsonl'])(
  'ids of more digits than a double holds, beside a fraction, in %s',
  async (source) => {
    const id = (row: number): string => (row === 150 ? '0.5' : String(9007199254740993n + BigInt(row % 50)));
    await workspace.write('t.csv', csv(200, { id, y: (row) => row % 2 }));
    const lines = Array.from({ length: 200 }, (_, row) => `{"id": ${id(row)}, "y": ${row % 2}}`);
    await workspace.write('t.jsonl', lines.join('\n'));
    const prepared = (columns: ExperimentInput['columns']) =>
      workspace.prepare({ data: { source, validation: 0, test: 0 }, columns, tasks: [{ label: 'y' }] });
    expect((await prepared({})).warnings.join()).toContain('such as 9007199254740993, beside fractions');
    const exact = await prepared({ id: { kind: 'categorical', minCount: 1 } });
    expect(exact.encoder.categorical[0]!.values.length).toBe(51);
    expect(exact.warnings.join()).not.toContain('double');
  },
);

describe('numbers that stand for a missing value', () => {
  const y = (row: number): number => row % 2;
  const between = (low: number, row: number): number => low + ((row * 7) % 41);

  it.each([
    ['-999', (row: number) => (row % 20 === 3 ? -999 : between(0, row) + 0.5)],
    ['9999', (row: number) => (row % 50 === 2 ? 9999 : between(20, row))],
    ['-1', (row: number) => (row % 20 === 1 ? -1 : between(0, row))],
    ['123456', (row: number) => (row % 20 === 1 ? 123_456 : between(0, row))],
    ['9999-12-31', (row: number) => (row % 9 === 1 ? '9999-12-31' : `2024-0${1 + (row % 9)}-1${row % 7}`)],
  ])('are said to lie outside of all others: %s', async (value, v) => {
    await workspace.write('t.csv', csv(400, { v, y }));
    const says = `column "v" has ${value} in `;
    expect(await warnings('y')).toContain(says);
    expect((await describeSource('t.csv', workspace.options)).notes?.join()).toContain(says);
    expect(await warnings('y')).toContain(`list it in data.read.null: ["${value}"]`);
    const { warnings: of } = await workspace.prepare({
      data: { source: 't.csv', read: { null: [value] } },
      tasks: [{ label: 'y' }],
    });
    expect(of.join()).not.toContain(says);
  });

  it.each([
    ['the largest of many', (row: number) => between(0, row)],
    ['a single one', (row: number) => (row === 7 ? -999 : between(0, row))],
    ['0', (row: number) => (row % 5 === 0 ? 0 : between(1000, row))],
    ['-1 beside other negative ones', (row: number) => between(-20, row)],
    ['few different ones', (row: number) => [1, 2, 3, 99][row % 4]!],
  ])('are none: %s', async (_, v) => {
    await workspace.write('t.csv', csv(400, { v, y }));
    expect(await warnings('y')).not.toContain('column "v" has');
  });

  it('are told of in a label, too', async () => {
    await workspace.write(
      't.csv',
      csv(400, { x: (row) => between(0, row), v: (row) => (row % 20 === 3 ? -99 : between(0, row) + 0.5) }),
    );
    expect(await warnings('v')).toContain('column "v" has -99 in 5 % of its rows');
  });
});

describe('a last line of totals is told of', () => {
  const x = (row: number): number => (row * 7) % 31;
  const rows = csv(60, { id: (row) => `u${row % 20}`, x, y: (row) => row % 2 });
  const sum = Array.from({ length: 60 }, (_, row) => x(row)).reduce((one, other) => one + other, 0);
  it.each([
    ['by its name', `Total,${sum},30`, 'has "Total" in column "id"'],
    ['by what it lacks, and a sum', `,${sum},`, 'has no "id", and in "x" the sum of all others'],
    ['not where it is a row as others', 'u7,3,1', null],
    ['not where it only lacks something', ',3,1', null],
  ])('%s', async (_, line, says) => {
    await workspace.write('t.csv', `${rows}${line}\n`);
    const notes = (await describeSource('t.csv', workspace.options)).notes?.join() ?? '';
    if (says === null) expect(notes).not.toContain('totals');
    else expect(notes).toContain(`the last of the 61 rows ${says}`);
  });
});

describe('a text file', () => {
  const x = (row: number): number => (row * 7) % 31;
  const y = (row: number): number => row % 2;
  const table = csv(60, { v: (row) => `w${x(row)}`, x, y });
  const lines = table.trimEnd().split('\n');

  it('whose fields single blanks separate is read so, and said to be', async () => {
    await workspace.write('t.txt', table.replaceAll(',', ' '));
    const { columns, notes } = await describeSource('t.txt', workspace.options);
    expect(columns.map(({ name, distinct }) => [name, distinct])).toEqual([
      ['v', 31],
      ['x', 31],
      ['y', 2],
    ]);
    expect(notes?.join()).toContain('single blanks separate the fields');
  });

  it('with a row that could be a comment is said to have one', async () => {
    await workspace.write('t.csv', lines.toSpliced(30, 0, '#w5,3,1').join('\n'));
    expect(await warnings('y')).toContain('line 31 begins with #, as no other row does');
  });

  it.each([
    [
      'ends of two kinds',
      `${lines.slice(0, 30).join('\r')}\r${lines.slice(30).join('\n')}`,
      'carriage return alone',
    ],
    [
      'names of rows',
      ['v,x,y', ...lines.slice(1).map((line, i) => `"${i + 1}",${line}`)].join('\n'),
      'as R writes it',
    ],
    [
      'comments within',
      lines.toSpliced(20, 0, '// half').join('\n'),
      'take such lines out if they are comments',
    ],
  ])('with %s is refused for that', async (_, text, says) => {
    await workspace.write('t.csv', text);
    await expect(describeSource('t.csv', workspace.options)).rejects.toThrow(says);
  });

  it('with a sign between digits is refused where a model needs numbers', async () => {
    await workspace.write('t.csv', csv(60, { v: (row) => row / 4, y }));
    const { encoder } = await workspace.prepare({ data: { source: 't.csv' }, tasks: [{ label: 'y' }] });
    await workspace.write('new.csv', 'v\n1_00\n5\n');
    const predict = async (): Promise<void> => {
      for await (const _ of encodeSource(encoder, 'new.csv', workspace.options));
    };
    await expect(predict()).rejects.toThrow('"1_00" is not a number');
  });

  it('with a weight that no loss survives is refused at its row', async () => {
    await workspace.write('t.csv', csv(60, { x, y, w: (row) => (row === 20 ? '1e300' : 1) }));
    await expect(
      workspace.prepare({ data: { source: 't.csv', weight: 'w' }, tasks: [{ label: 'y' }] }),
    ).rejects.toThrow('this weight is over 1e+36');
  });
});

it('a record with a key twice is told of by the key', async () => {
  await workspace.write('t.jsonl', '{"a": 1, "y": 0, "a": 2}\n{"a": 1, "y": 1}\n');
  await expect(describeSource('t.jsonl', workspace.options)).rejects.toThrow('has the key "a" twice');
});

it('a text that is the same in all training rows is said to be', async () => {
  const part = (row: number): string => (row < 150 ? 'train' : 'held');
  await workspace.write(
    't.csv',
    csv(200, { v: (row) => (row < 150 ? 'a' : 'b'), part, y: (row) => row % 2 }),
  );
  const { warnings: found } = await workspace.prepare({
    data: { source: 't.csv', validation: { where: "part = 'held'" }, test: 0 },
    tasks: [{ label: 'y' }],
  });
  expect(found.join()).toContain('column "v" has the same value in all training rows ("a")');
});

it.each(['Unnamed: 0', '', '__index_level_0__'])(
  'an index of tables that were put together is one, in column "%s"',
  async (name) => {
    const table = csv(200, { [name]: (row) => row % 100, x: (row) => (row * 7) % 31, y: (row) => row % 2 });
    await workspace.write('t.csv', table);
    const experiment = { data: { source: 't.csv' }, tasks: [{ label: 'y' }] };
    const used = async (defaults: 1 | 2) => {
      const { encoder, warnings: found } = await workspace.prepare({ defaults, ...experiment });
      expect(found.join()).toContain('the number of a row, which begins anew');
      return encoder.numeric.length;
    };
    expect(await used(1)).toBe(2);
    expect(await used(2)).toBe(1);
    await workspace.write(
      't.csv',
      table.replace(/^(\d+)/gm, (row) => String((Number(row) * 37) % 100)),
    );
    expect(await warnings('y')).not.toContain('begins anew');
  },
);

it('keys of partitions are read as they are meant, and not as folders have to be called', async () => {
  for (const month of ['may', 'june'])
    await workspace.write(
      `ev/my%20month=${month}/p.csv`,
      csv(50, { x: (row) => row % 31, y: (row) => row % 2 }),
    );
  const { columns } = await describeSource('ev', workspace.options);
  expect(columns.at(-1)).toMatchObject({ name: 'my month', distinct: 2 });
});

describe('Parquet', () => {
  it('with NaN for missing values is described as if data.read said so', async () => {
    await parquet({
      't.parquet':
        "select case when i % 5 = 0 then 'nan'::double else i / 3 end as v, i % 2 as y from range(100) t(i)",
    });
    const { columns, read } = await describeSource('t.parquet', workspace.options);
    expect(read).toEqual({ null: ['nan'] });
    expect(columns[0]).toMatchObject({ kind: 'numeric', missing: 20, max: '33.0' });
  });

  it('with a type that is no number is refused as one', async () => {
    await parquet({
      't.parquet':
        "select to_hours(i) as h, {'a': i} as s, ('k' || i)::blob as b, i % 2 as y from range(100) t(i)",
    });
    for (const [name, type] of [
      ['h', 'interval'],
      ['s', 'struct'],
      ['b', 'blob'],
    ])
      await expect(
        workspace.prepare({
          data: { source: 't.parquet' },
          columns: { [name!]: { kind: 'numeric' } },
          tasks: [{ label: 'y' }],
        }),
      ).rejects.toThrow(new RegExp(`the column is ${type}.*, and no number`));
  });

  it('whose parts have a column in types that nothing holds is told of the column', async () => {
    await parquet({
      'parts/a.parquet': "select date '2024-01-01' as w, 1 as y",
      'parts/b.parquet': 'select 5::bigint as w, 0 as y',
    });
    await expect(describeSource('parts', workspace.options)).rejects.toThrow(
      'this column is DATE in a.parquet, BIGINT in b.parquet, and no type holds both',
    );
  });
});
