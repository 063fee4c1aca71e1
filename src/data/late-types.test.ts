import { mkdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { describeSource } from './decide/describe.js';
import { literal } from '../shared/sql.js';
import { Database } from './duckdb/database.js';
import { encodeSource } from './encode/encode-source.js';
import type { Encoder } from './encode/encoder.js';
import { writeExperiment } from '../experiment/write.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

/** More rows than are looked at to guess types. */
const many = 30_000;
const late = 25_000;

const describeTable = async (source: string | string[], read?: ExperimentInput['data']['read']) =>
  describeSource(source, { ...workspace.options, read });

/** What is told of one column. */
async function column(name: string, source: string | string[] = 'table.csv') {
  const { columns } = await describeTable(source);
  return columns.find((one) => one.name === name);
}

/** A table as JSON lines; null and undefined are left out. */
const jsonLines = (rows: number, row: (row: number) => object): string =>
  `${Array.from({ length: rows }, (_, i) => JSON.stringify(row(i))).join('\n')}\n`;

async function encodedBy(
  encoder: Encoder,
  source: string,
): Promise<{ numeric: number[]; categorical: number[] }> {
  const numeric: number[] = [];
  const categorical: number[] = [];
  for await (const { rows } of encodeSource(encoder, source, workspace.options)) {
    numeric.push(...rows.numeric);
    categorical.push(...rows.categorical);
  }
  return { numeric, categorical };
}

describe('a type that the beginning of a file suggests is checked against all rows:', () => {
  it('whole numbers that turn fractional late are no whole numbers', async () => {
    const hours = (row: number): number => (row % 7) + (row < late ? 0 : 0.75);
    await workspace.write('table.csv', csv(many, { hours, wide: (row) => 10_000_000_000 + hours(row) }));
    await workspace.write('table.csv.gz', gzipSync(csv(many, { hours })));
    await workspace.write(
      'table.jsonl',
      jsonLines(many, (row) => ({ hours: hours(row) })),
    );
    const all = Array.from({ length: many }, (_, row) => hours(row));
    const mean = all.reduce((sum, one) => sum + one, 0) / many;
    for (const source of ['table.csv', 'table.csv.gz', 'table.jsonl']) {
      const found = await column('hours', source);
      expect(found).toMatchObject({ type: 'DOUBLE', distinct: 14, max: '6.75' });
      expect(found!.mean).toBeCloseTo(mean, 9);
    }
    expect(await column('wide')).toMatchObject({ type: 'DOUBLE', distinct: 14, max: '10000000006.75' });
  });

  it('dates keep a time that only later rows have, and truths are not made of numbers', async () => {
    const day = (row: number): string => `2024-01-0${(row % 9) + 1}${row < late ? '' : ' 12:30:00'}`;
    const truth = (row: number): string | number => (row < late ? ['true', 'false'][row % 2]! : row % 3);
    await workspace.write(
      'table.csv',
      csv(many, { day, truth, clock: (row) => (row < late ? '10:30' : day(row)) }),
    );
    expect(await column('day')).toMatchObject({ type: 'TIMESTAMP', max: '2024-01-09 12:30:00' });
    expect(await column('truth')).toMatchObject({ type: 'VARCHAR', distinct: 5 });
    expect(await column('clock')).toMatchObject({ type: 'VARCHAR' });
  });

  it('a column that is empty for long is what its values are', async () => {
    const rare = (value: (row: number) => string | number) => (row: number) => (row < late ? '' : value(row));
    await workspace.write(
      'table.csv',
      csv(many, {
        x: (row) => row,
        amount: rare((row) => row / 4),
        when: rare((row) => `2024-02-${10 + (row % 9)}`),
        word: rare((row) => `word ${row % 3}`),
        never: () => '',
      }),
    );
    expect(await column('amount')).toMatchObject({ type: 'DOUBLE', missing: late, labelKind: 'regression' });
    expect(await column('when')).toMatchObject({ type: 'DATE', kind: 'numeric' });
    expect(await column('word')).toMatchObject({ type: 'VARCHAR', kind: 'categorical' });
    expect(await column('never')).toMatchObject({ kind: 'ignored', missing: many });
  });

  it('a column that is empty for long is what its values are, whatever comes late in another', async () => {
    await workspace.write(
      'table.csv',
      csv(many, {
        amount: (row) => (row < late ? '' : row / 4),
        hours: (row) => (row % 7) + (row < late ? 0 : 0.75),
      }),
    );
    expect(await column('amount')).toMatchObject({ type: 'DOUBLE', missing: late });
    expect(await column('hours')).toMatchObject({ type: 'DOUBLE' });
  });

  it('keys of JSON that come late are columns, and mixed values are texts', async () => {
    const row = (i: number): object => ({
      x: i % 5,
      empty: null,
      mixed: i % 2 === 0 ? i % 3 : `t${i % 3}`,
      ...(i < late ? {} : { spent: i / 2 }),
    });
    await workspace.write('table.jsonl', jsonLines(many, row));
    await workspace.write('list.json', JSON.stringify(Array.from({ length: many }, (_, i) => row(i))));
    for (const source of ['table.jsonl', 'list.json']) {
      expect(await column('spent', source)).toMatchObject({ type: 'DOUBLE', missing: late });
      expect(await column('mixed', source)).toMatchObject({ kind: 'categorical', distinct: 6 });
      expect(await column('empty', source)).toMatchObject({ kind: 'ignored', missing: many });
    }
  });

  it('hundreds of keys of JSON are as many columns', async () => {
    const keys = Array.from({ length: 300 }, (_, i) => `k${i}`);
    await workspace.write(
      'wide.jsonl',
      jsonLines(30, (row) => Object.fromEntries(keys.map((key) => [key, row % 4]))),
    );
    expect((await describeTable('wide.jsonl')).columns).toHaveLength(300);
  });

  it('zeros before digits that only later rows have are kept where the numbers are of one width', async () => {
    const zip = (row: number): string =>
      row < late ? String(10_000 + (row % 5000)) : `0${1000 + (row % 50)}`;
    await workspace.write('table.csv', csv(many, { zip }));
    expect(await column('zip')).toMatchObject({ type: 'VARCHAR', min: '01000', distinct: 5050 });
  });
});

describe('parts of a table decide together:', () => {
  const part = (change: Record<string, (row: number) => string | number> = {}, rows = 60): string =>
    csv(rows, { age: (row) => row + 0.5, x: (row) => row % 4, spent: (row) => row / 4, ...change });
  const types = async (source: string): Promise<string[]> =>
    (await describeTable(source)).columns.map(({ type }) => type);
  const whole = ['DOUBLE', 'BIGINT', 'DOUBLE'];

  it('one with a header only, one without a byte, and one with an empty column say nothing', async () => {
    for (const [first, second] of [
      ['1', '2'],
      ['2', '1'],
    ] as const) {
      for (const [name, text] of [
        ['header', 'age,x,spent\n'],
        ['empty', ''],
        ['column', part({ spent: () => '' })],
      ] as const) {
        await workspace.write(`${name}-${first}/${first}.csv`, part());
        await workspace.write(`${name}-${first}/${second}.csv`, text);
        expect(await types(`${name}-${first}`)).toEqual(whole);
      }
    }
  });

  it('columns are found by name in any order, and numbers, dates and texts are widened', async () => {
    await workspace.write('parts/1.csv', part({ spent: (row) => row, when: () => '2024-05-01' }));
    await workspace.write('parts/2.csv', 'when,spent,x,age\n2024-05-02 10:00:00,1.5,a,3\n');
    const { columns } = await describeTable('parts');
    expect(columns.map(({ name, type, max }) => [name, type, max])).toEqual([
      ['age', 'DOUBLE', '59.5'],
      ['x', 'VARCHAR', 'a'],
      ['spent', 'DOUBLE', '59.0'],
      ['when', 'TIMESTAMP', '2024-05-02 10:00:00'],
    ]);
  });
});

describe('dates are read as they are written:', () => {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const day = (row: number): number => 1 + (row % 28);
  const month = (row: number): number => 1 + (row % 12);
  const forms: Record<string, (row: number) => string> = {
    iso: (row) => `2024-${pad(month(row))}-${pad(day(row))}`,
    slashes: (row) => `${pad(day(row))}/${pad(month(row))}/2024`,
    dots: (row) => `${day(row)}.${month(row)}.2024`,
    american: (row) => `${month(row)}/${day(row)}/2024`,
    minutes: (row) => `${pad(day(row))}.${pad(month(row))}.2024 00:00`,
    half: (row) => `${pad(month(row))}/${pad(day(row))}/2024 12:00:00 AM`,
  };
  const experiment = (source: string): ExperimentInput => ({
    data: { source, validation: 0, test: 0 },
    tasks: [{ label: 'y' }],
  });
  const table = (form: (row: number) => string, rows = 200): string =>
    csv(rows, { when: form, y: (row) => row % 2 });

  it('day first, month first, with dots, with a time, in parts and at prediction', async () => {
    await workspace.write('iso.csv', table(forms['iso']!));
    const { train } = await workspace.prepare(experiment('iso.csv'));
    for (const [name, form] of Object.entries(forms)) {
      await workspace.write(`${name}.csv`, table(form));
      // The beginning does not say which number is the day.
      const [header, ...rows] = table(form).trim().split('\n');
      const clear = rows.filter((_, i) => day(i) > 12);
      const unclear = rows.filter((_, i) => day(i) <= 12);
      await workspace.write(`${name}/1.csv`, [header, ...unclear].join('\n'));
      await workspace.write(`${name}/2.csv`, [header, ...clear].join('\n'));
      await workspace.write(`${name}-new.csv`, `${[header, unclear[1]!].join('\n')}\n`);
      const { encoder, ...data } = await workspace.prepare(experiment(`${name}.csv`));
      expect(data.train.numeric, name).toEqual(train.numeric);
      const { encoder: ofParts } = await workspace.prepare(experiment(name));
      expect(ofParts.numeric[0]!.fill, name).toBeCloseTo(encoder.numeric[0]!.fill, 3);
      const at = rows.indexOf(unclear[1]!);
      expect((await encodedBy(encoder, `${name}-new.csv`)).numeric, name).toEqual([data.train.numeric[at]!]);
      expect((await encodedBy(encoder, `${name}-new.csv`)).numeric, name).toEqual([train.numeric[at]!]);
    }
  });

  it('and as data.read says, where the values do not', async () => {
    const form = (row: number): string => `0${1 + (row % 9)}/0${1 + (row % 7)}/2024`;
    await workspace.write('table.csv', table(form));
    const read = { dateFormat: '%m/%d/%Y' };
    const american = await describeTable('table.csv', read);
    expect(american.columns[0]).toMatchObject({ type: 'DATE', min: '2024-01-01', max: '2024-09-07' });
    expect(await column('when')).toMatchObject({ type: 'DATE', max: '2024-07-09' });
    const { warnings } = await workspace.prepare(experiment('table.csv'));
    expect(warnings.join()).toContain('no value says which number is the day');
    const { warnings: none } = await workspace.prepare({
      ...experiment('table.csv'),
      data: { source: 'table.csv', read },
    });
    expect(none.join()).not.toContain('no value says');
  });

  it('but versions and other texts with dots are none', async () => {
    await workspace.write(
      'table.csv',
      csv(100, { version: (row) => `${row % 9}.1.${row % 5}`, y: (row) => row % 2 }),
    );
    expect(await column('version')).toMatchObject({ type: 'VARCHAR' });
  });

  it('a few texts that are no dates are named', async () => {
    await workspace.write(
      'table.csv',
      table((row) => (row === 150 ? '31/31/2024' : forms['slashes']!(row))),
    );
    const { warnings } = await workspace.prepare(experiment('table.csv'));
    expect(warnings.join()).toContain(
      'stays text: nearly all of it are dates or times, but "31/31/2024" is none',
    );
  });
});

describe('parts of Parquet and JSON:', () => {
  it('a part without rows or values has no say in a type', async () => {
    const tables = [
      "select 'a' as x, 'b' as y where false",
      'select null::varchar as x, 1 as y',
      'select i / 8 as x, i % 2 as y from range(100) rows(i)',
    ];
    await mkdir(workspace.path('parts'));
    const paths = tables.map((_, i) => workspace.path(`parts/${i}.parquet`));
    const db = await Database.open(workspace.folder, paths);
    for (const [i, path] of paths.entries()) await db.run(`copy (${tables[i]!}) to ${literal(path)}`);
    db.close();
    const { columns, rows } = await describeTable('parts');
    expect(rows).toBe(101);
    expect(columns).toMatchObject([
      { name: 'x', type: 'DOUBLE', missing: 1, max: '12.375' },
      { name: 'y', type: 'BIGINT', missing: 0 },
    ]);
  });

  it.each([
    [
      'split',
      {
        columns: ['x', 'y'],
        index: [0, 1],
        data: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    ['columns', { x: { 0: 1, 1: 3 }, y: { 0: 2, 1: 4 } }],
    [
      'envelope',
      {
        count: 2,
        data: [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
        ],
      },
    ],
    [
      'values',
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])('JSON without an object for each row (%s) is refused with what to write', async (_, value) => {
    await workspace.write('table.json', JSON.stringify(value));
    await expect(describeTable('table.json')).rejects.toThrow('write an object for each row');
  });
});

describe('whole numbers stay whole:', () => {
  const base = 7_345_678_901_234_567_000n;
  const beyond = 9_223_372_036_854_775_900n;

  it('ids of 19 digits and more are counted, compared, listed and learned one by one', async () => {
    await workspace.write(
      'table.csv',
      csv(400, {
        user_id: (row) => String(base + BigInt(row % 20)),
        item: (row) => String(beyond + BigInt(row % 200)),
        digits: (row) => `1${'0'.repeat(40)}${row % 7}`,
        variant: (row) => String(base + BigInt(row % 2)),
        y: (row) => row % 3,
      }),
    );
    expect(await column('user_id')).toMatchObject({ type: 'BIGINT', kind: 'categorical', distinct: 20 });
    expect(await column('item')).toMatchObject({
      type: 'HUGEINT',
      kind: 'categorical',
      distinct: 200,
      max: String(beyond + 199n),
    });
    expect(await column('digits')).toMatchObject({ type: 'VARCHAR', distinct: 7 });
    const { encoder, tasks, train } = await workspace.prepare({
      data: { source: 'table.csv', validation: 0, test: 0 },
      tasks: [{ label: 'variant' }, { label: 'y' }],
    });
    expect(tasks[0]!.classes).toEqual([String(base), String(base + 1n)]);
    expect([...train.labels].filter((_, i) => i % 2 === 0).slice(0, 4)).toEqual([0, 1, 0, 1]);
    const values = new Map(encoder.categorical.map((one) => [one.name, one.values]));
    expect(values.get('user_id')).toHaveLength(20);
    expect(values.get('item')).toHaveLength(200);
    expect(values.get('item')).toContain(String(beyond + 199n));
  });

  it('the same from JSON', async () => {
    const lines = Array.from(
      { length: 300 },
      (_, row) => `{"item":${beyond + BigInt(row % 200)},"y":${row % 2}}`,
    );
    await workspace.write('table.jsonl', lines.join('\n'));
    expect(await column('item', 'table.jsonl')).toMatchObject({ kind: 'categorical', distinct: 200 });
  });

  it('hashes are categories, be they texts or far apart, in a new experiment', async () => {
    const item = (row: number): string => String(beyond + BigInt(row % 15) * 123_456_789_012_345n);
    await workspace.write('table.csv', csv(300, { h: item, y: (row) => row % 2 }));
    await workspace.write(
      'table.jsonl',
      jsonLines(300, (row) => ({ h: item(row), user_id: `${row % 30}` })),
    );
    expect(await column('h')).toMatchObject({ type: 'HUGEINT', kind: 'categorical', distinct: 15 });
    expect(await column('h', 'table.jsonl')).toMatchObject({ type: 'VARCHAR', kind: 'categorical' });
    expect(await column('user_id', 'table.jsonl')).toMatchObject({ kind: 'categorical', distinct: 30 });
  });

  it('an id that was written with a fraction of 0 is the whole number, in training and prediction', async () => {
    const id = (row: number): number => 101 + (row % 12);
    const floats = csv(300, {
      user_id: (row) => (row % 10 === 3 ? '' : `${id(row)}.0`),
      y: (row) => row % 2,
    });
    const whole = csv(300, { user_id: id, y: (row) => row % 2 });
    await workspace.write('floats.csv', floats);
    await workspace.write('parts/1.csv', floats);
    await workspace.write('parts/2.csv', whole);
    await workspace.write('new.csv', 'user_id\n101\n112\n');
    await workspace.write('new-floats.csv', 'user_id\n101.0\n112.0\n');
    const declared: ExperimentInput['columns'][] = [{}, { user_id: { kind: 'categorical' } }];
    for (const columns of declared) {
      for (const source of ['floats.csv', 'parts']) {
        const { encoder } = await workspace.prepare({
          data: { source, validation: 0, test: 0 },
          tasks: [{ label: 'y' }],
          ...(columns !== undefined && { columns }),
        });
        const [field] = encoder.categorical;
        expect(field!.values.length).toBe(12);
        expect([...field!.values]).toContain('101');
        const indices = [field!.values.indexOf('101') + 1, field!.values.indexOf('112') + 1];
        for (const name of ['new.csv', 'new-floats.csv'])
          expect((await encodedBy(encoder, name)).categorical).toEqual(indices);
      }
    }
  });
});

describe('numbers with other signs:', () => {
  const comma = (value: number): string => String(value).replace('.', ',');
  const lines = (rows: number, line: (row: number) => string, header = 'x;age;spent'): string =>
    `${[header, ...Array.from({ length: rows }, (_, row) => line(row))].join('\n')}\n`;

  it('a decimal comma is found in a file of semicolons, and said', async () => {
    await workspace.write(
      'table.csv',
      lines(200, (row) => `${comma(row / 8 - 3)};${row % 50};${comma(row / 4)}`),
    );
    expect(await column('x')).toMatchObject({ type: 'DOUBLE', min: '-3.0', max: '21.875' });
    expect(await column('spent')).toMatchObject({ labelKind: 'regression' });
    const experiment = { data: { source: 'table.csv' }, tasks: [{ label: 'spent' }] };
    const { encoder, warnings } = await workspace.prepare(experiment);
    expect(warnings.join()).toContain('column "x" is read as numbers with a decimal comma');
    await workspace.write('new.csv', 'x;age\n1,5;3\n2;4\n');
    const { numeric } = await encodedBy(encoder, 'new.csv');
    expect(numeric[0]! - numeric[2]!).toBeCloseTo(-0.5 / 7.2, 2);
    const read = { decimal: ',' };
    expect(
      (await workspace.prepare({ ...experiment, data: { source: 'table.csv', read } })).warnings,
    ).toEqual([]);
  });

  it('with dots or blanks between thousands, and names above texts and marks', async () => {
    for (const [sign, spelled] of [
      ['.', '.'],
      [' ', ' '],
      ['\u202f', '\u202f'],
    ]) {
      const grouped = (row: number): string => (row % 2 === 0 ? `1${sign}0${10 + (row % 90)},25` : '950,5');
      await workspace.write(
        'table.csv',
        lines(200, (row) => `"${row + 1}";${grouped(row)};${row % 9 === 0 ? 'NA' : row % 3}`, '"";"x";"y"'),
      );
      const report = await describeTable('table.csv');
      expect(report.rows).toBe(200);
      expect(report.columns.slice(1)).toMatchObject([
        { name: 'x', type: 'DOUBLE', min: '950.5', max: '1098.25' },
        { name: 'y', type: 'BIGINT', missing: 23 },
      ]);
      expect(report.read).toEqual({ null: ['NA'], decimal: ',', thousands: spelled });
    }
  });

  it('a decimal comma in quotation marks is pointed out, and 1_000 is a text', async () => {
    await workspace.write(
      'table.csv',
      csv(60, {
        price: (row) => `"${row % 13},${10 + row}"`,
        code: (row) => `1_${100 + (row % 20)}`,
        x: (row) => row,
      }),
    );
    const { notes, columns } = await describeSource('table.csv', workspace.options);
    expect(notes?.join()).toContain('column "price" holds numbers with a decimal comma as texts');
    expect(columns.find(({ name }) => name === 'code')).toMatchObject({ kind: 'categorical' });
    const { encoder } = await workspace.prepare({
      data: { source: 'table.csv', validation: 0, test: 0 },
      tasks: [{ label: 'x' }],
    });
    expect(encoder.categorical.map(({ name }) => name)).toContain('code');
  });

  it('amounts that are left out are named, with what makes numbers of them', async () => {
    await workspace.write(
      'table.csv',
      csv(60, { spent: (row) => `"$1,0${10 + row}.50"`, y: (row) => row % 2 }),
    );
    const experiment = { data: { source: 'table.csv' }, tasks: [{ label: 'y' }] };
    await workspace.write(
      'more.csv',
      csv(60, { age: (row) => row, y: (row) => row % 2, x: (row) => (row === 59 ? 'Total' : row / 8) }),
    );
    expect((await describeTable('table.csv')).notes!.join()).toContain('amounts of money');
    expect((await workspace.prepare(experiment)).warnings.join()).toContain('amounts of money');
    const { notes } = await describeTable('more.csv');
    expect(notes!.join()).toContain(
      'column "x" stays text: nearly all of it are numbers, but "Total" is none',
    );
  });

  it('many texts for missing values cost no more than few', async () => {
    const marks = Array.from({ length: 24 }, (_, i) => `none ${i}`);
    await workspace.write(
      'table.csv',
      csv(100, { x: (row) => (row < 24 ? marks[row]! : row), y: (row) => `a${row % 3}` }),
    );
    const { columns } = await describeTable('table.csv', { null: marks });
    expect(columns).toMatchObject([{ type: 'BIGINT', missing: 24 }, { distinct: 3 }]);
  });

  it('thousands are grouped as data.read says', async () => {
    const grouped = (row: number): string => `${1 + (row % 9)}.${100 + row},${row % 10}`;
    await workspace.write(
      'table.csv',
      lines(200, (row) => `${grouped(row)};${row};1.000`),
    );
    const { columns } = await describeTable('table.csv', { decimal: ',', thousands: '.' });
    expect(columns.map(({ type, max }) => [type, max])).toEqual([
      ['DOUBLE', '9297.7'],
      ['BIGINT', '199'],
      ['DOUBLE', '1000.0'],
    ]);
  });
});

describe('a text file is laid out as its lines show:', () => {
  const rows = (delimiter: string): string[] =>
    Array.from({ length: 60 }, (_, row) => [row % 7, row / 4, row % 2].join(delimiter));

  it('with delimiters of several signs, lines before the table and comments in it', async () => {
    const shown = ['BIGINT', 'DOUBLE', 'BIGINT'];
    const files: Record<string, string[]> = {
      colons: ['a::b::c', ...rows('::')],
      bars: ['a||b||c', ...rows('||')],
      title: ['Report of today', '', 'a,b,c', ...rows(',')],
      comments: ['# by hand', 'a,b,c', ...rows(',').slice(0, 30), '# and more', ...rows(',').slice(30)],
    };
    for (const [name, lines] of Object.entries(files)) {
      await workspace.write(`${name}.csv`, lines.join('\n'));
      const { columns, rows: count } = await describeTable(`${name}.csv`);
      expect([columns.map(({ type }) => type), columns[0]!.name, count], name).toEqual([shown, 'a', 60]);
    }
    const { warnings } = await workspace.prepare({ data: { source: 'title.csv' }, tasks: [{ label: 'c' }] });
    expect(warnings).toEqual([
      'the first 2 lines are passed over, without the fields of a row; "skip": 0 in data.read reads all',
    ]);
  });

  it('as data.read says', async () => {
    await workspace.write(
      'table.csv',
      ['x,y,z', 'no,table,here', 'a,b,c', '% none', ...rows(',')].join('\n'),
    );
    const { columns, rows: count } = await describeTable('table.csv', { skip: 2, comment: '%' });
    expect([columns[0]!.name, columns[0]!.type, count]).toEqual(['a', 'BIGINT', 60]);
  });

  it('numbers above numbers that only count the columns are pointed out', async () => {
    await workspace.write('table.csv', ['0,1,2', ...rows(',')].join('\n'));
    const counted = { data: { source: 'table.csv' }, tasks: [{ label: 'column1' }] };
    expect((await workspace.prepare(counted)).warnings.join()).toContain('"header": true');
    expect((await describeTable('table.csv', { header: true })).columns[0]).toMatchObject({
      name: '0',
      max: '6',
    });
  });
});

describe('what texts stand for is said:', () => {
  it('codes with zeros before them are categories with newer defaults, and warned of before', async () => {
    await workspace.write(
      'table.csv',
      csv(200, { zip: (row) => `0${1000 + (row % 30)}`, x: (row) => row % 7, y: (row) => row % 2 }),
    );
    const experiment: ExperimentInput = { data: { source: 'table.csv' }, tasks: [{ label: 'y' }] };
    const before = await workspace.prepare(experiment);
    expect(before.encoder.numeric.map(({ name }) => name)).toEqual(['zip', 'x']);
    expect(before.warnings.join()).toContain('column "zip" has digits with zeros before them');
    const { encoder, warnings } = await workspace.prepare({ ...experiment, defaults: 2 });
    expect(encoder.categorical.map(({ name, values }) => [name, values.length])).toEqual([['zip', 30]]);
    expect(warnings).toEqual([]);
    expect(await column('zip')).toMatchObject({ kind: 'categorical' });
  });

  it('marks among numbers count as missing in a new experiment, which says so', async () => {
    const amount = (row: number): string | number => (row % 4 === 0 ? 'NA' : row / 8);
    const when = (row: number): string => `${10 + (row % 15)}.0${1 + (row % 9)}.2024`;
    await workspace.write('table.csv', csv(60, { amount, when, y: (row) => row % 2 }));
    const report = await describeTable('table.csv');
    expect(report.read).toEqual({ null: ['NA'], dateFormat: '%d.%m.%Y' });
    expect(report.notes!.join()).toContain('"NA" among numbers counts as missing here');
    expect(report.columns[0]).toMatchObject({ type: 'DOUBLE', kind: 'numeric', missing: 15 });
    const choice = { source: 'table.csv', labels: [{ column: 'y', kind: 'binary' as const }], ignored: [] };
    const { encoder } = await workspace.prepare(writeExperiment(report, choice));
    expect(encoder.numeric.map(({ name, type }) => [name, type])).toEqual([
      ['amount', 'DOUBLE'],
      ['when', 'DATE'],
    ]);
  });
});
