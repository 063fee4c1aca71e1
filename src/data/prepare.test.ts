import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkData } from './check.js';
import { parseEncoder, type Encoder } from './encode/encoder.js';
import { encodeSource } from './encode/encode-source.js';
import { fingerprintOf, hashed } from './encode/fingerprint.js';
import { ValueCounts } from './encode/new/value-counts.js';
import { loadExperiment } from '../experiment/load.js';
import { writeExperimentRows } from './write/experiment-rows.js';
import { describeSource, hasInfinite } from './decide/describe.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import type { ExperimentInput, Source } from '../experiment/schema.js';
import { writeSampleWorkspace } from './sample/sample.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

const people = (rows: number): string =>
  csv(rows, {
    id: (row) => row + 1,
    age: (row) => (row % 7 === 3 ? '' : 20 + (row % 40)),
    city: (row) => ['Oslo', ' Oslo ', 'Rome', 'Lima', ''][row % 5]!,
    code: (row) => `0${row % 3}`,
    same: () => 'x',
    income: (row) => (row % 3 === 0 ? ' 50000+.' : ' - 50000.'),
    minutes: (row) => (row % 4 === 0 ? '' : row % 90),
    weight: (row) => 1 + (row % 2),
    part: (row) => (row % 11 === 0 ? 'test' : row % 11 === 1 ? 'validation' : 'train'),
  });

async function encoded(encoder: Encoder, source: Source, batchRows = 64): Promise<EncodedRows[]> {
  const batches: EncodedRows[] = [];
  for await (const { rows, firstRow } of encodeSource(encoder, source, { ...workspace.options, batchRows })) {
    expect(firstRow).toBe(batches.reduce((sum, batch) => sum + batch.rows, 0));
    batches.push(rows);
  }
  return batches;
}

describe('an experiment’s data', () => {
  it('is inferred, split and encoded; what a label, weight or split is made of is no feature', async () => {
    await workspace.write('people.csv', people(1000));
    const data = await workspace.prepare({
      data: {
        source: 'people.csv',
        validation: { where: "part = 'validation'" },
        test: { where: "part = 'test'" },
        weight: 'weight',
      },
      tasks: [
        { name: 'rich', label: "income = '50000+.'" },
        { label: 'minutes' },
        { label: 'city', kind: 'multiclass' },
      ],
      columns: { code: { kind: 'categorical' } },
    });
    expect([data.train.rows, data.validation?.rows, data.test?.rows]).toEqual([818, 91, 91]);
    expect(data.encoder.numeric.map(({ name, indicator }) => [name, indicator])).toEqual([['age', true]]);
    expect(data.encoder.categorical.map(({ name, values }) => [name, [...values]])).toEqual([
      ['code', ['00', '02', '01']],
    ]);
    expect(data.input).toEqual({ numeric: 2, fields: [{ name: 'code', size: 4, encode: 'onehot' }] });
    expect(data.tasks.map(({ name, kind, outputs, classes }) => ({ name, kind, outputs, classes }))).toEqual([
      { name: 'rich', kind: 'binary', outputs: 1, classes: ['false', 'true'] },
      { name: 'minutes', kind: 'regression', outputs: 1, classes: null },
      { name: 'city', kind: 'multiclass', outputs: 3, classes: ['Lima', 'Oslo', 'Rome'] },
    ]);
    expect(
      [...data.test!.labels.slice(0, 3)].map((value, task) => (task === 1 ? Number.isNaN(value) : value)),
    ).toEqual([1, true, 1]);
    expect([...data.train.weights!.slice(0, 2)]).toEqual([1, 2]);
    const minutes = data.tasks[1]!;
    const known = Array.from(data.train.labels).filter((value, i) => i % 3 === 1 && !Number.isNaN(value));
    expect(known.reduce((sum, value) => sum + value, 0) / known.length).toBeCloseTo(0, 5);
    expect(minutes.offset).toBe(minutes.mean);
    expect(data.warnings.join('\n')).toContain('column "id" is left out');
    expect(data.warnings.join('\n')).toContain('column "same" is left out: all rows have the same value');
  });

  it('is the same to the bit when prepared again, and another with another seed', async () => {
    await workspace.write('people.csv', people(500));
    const experiment = { data: { source: 'people.csv' }, tasks: [{ label: "income = '50000+.'" }] };
    const one = await workspace.prepare(experiment);
    expect((await workspace.prepare(experiment)).fingerprint).toBe(one.fingerprint);
    expect(
      (await workspace.prepare({ ...experiment, data: { source: 'people.csv', seed: 2 } })).fingerprint,
    ).not.toBe(one.fingerprint);
    expect([one.train.rows, one.validation?.rows, one.test?.rows]).toEqual([400, 50, 50]);
  });

  it('has its values counted outside the training rows’ range, by part and column', async () => {
    const rows = csv(40, {
      part: (row) => (row < 30 ? 'train' : row < 35 ? 'validation' : 'test'),
      near: (row) => (row < 35 ? 10 + (row % 5) : row === 36 ? '' : 20 - row / 10),
      far: (row) => (row === 31 ? -9e9 : row === 39 ? 1e300 : row % 3),
      inside: (row) => row % 4,
      sold: (row) => row % 2,
      price: (row) => row,
    });
    await workspace.write('odd.csv', rows);
    const experiment: ExperimentInput = {
      data: {
        source: 'odd.csv',
        validation: { where: "part = 'validation'" },
        test: { where: "part = 'test'" },
      },
      tasks: [{ label: 'sold' }, { label: 'price', limit: 0.1 }],
    };
    const { outside, warnings, tasks, encoder } = await workspace.prepare(experiment);
    expect(outside).toEqual([
      { part: 'validation', name: 'far', low: 0, high: 2, values: 1, least: -9e9, most: -9e9 },
      { part: 'test', name: 'near', low: 10, high: 14, values: 4, least: 16.1, most: 16.5 },
      { part: 'test', name: 'far', low: 0, high: 2, values: 1, least: 3.4e38, most: 3.4e38 },
    ]);
    expect(warnings.filter((warning) => warning.includes('outside'))).toEqual([
      'validation rows: 1 value of "far" lies outside the training rows\' 0 … 2: down to −9000000000',
      'test rows: 1 value of "far" lies outside the training rows\' 0 … 2: up to 3.4e+38',
    ]);
    expect(tasks.map(({ limits }) => limits)).toEqual([undefined, { low: -2.9000000000000004, high: 31.9 }]);
    const count = new ValueCounts(encoder);
    let seen = 0;
    for await (const batch of encodeSource(encoder, 'odd.csv', { ...workspace.options, counts: count }))
      seen += batch.rows.rows;
    expect(seen).toBe(40);
    expect(count.found().map(({ name, outside: range }) => [name, range?.values])).toEqual([
      ['near', 4],
      ['far', 2],
    ]);
  });

  it('limits predictions by the training labels where the newer defaults count, or the task says so', async () => {
    await workspace.write('odd.csv', csv(40, { a: (row) => row, y: (row) => row % 7 }));
    const limitsOf = async (more: object, task: object = {}) => {
      const data = { source: 'odd.csv', validation: 0, test: 0 } as const;
      const { tasks } = await workspace.prepare({
        ...more,
        data,
        tasks: [{ label: 'y', kind: 'regression', ...task }],
      });
      return tasks[0]!.limits;
    };
    expect(await limitsOf({})).toBeUndefined();
    expect(await limitsOf({ defaults: 2 })).toEqual({ low: 0, high: 6 });
    expect(await limitsOf({ defaults: 2 }, { limit: 'none' })).toBeUndefined();
    expect(await limitsOf({}, { limit: 1, scale: 'none' })).toEqual({ low: -6, high: 12 });
  });

  it('has the fingerprint that it had before ranges were kept, so that its runs can be resumed', async () => {
    await workspace.write('people.csv', people(100));
    const { encoder, fingerprint, train, validation, test } = await workspace.prepare({
      data: { source: 'people.csv' },
      tasks: [{ label: "income = '50000+.'" }],
    });
    expect(encoder.numeric[0]!.range).toEqual({ low: 20, high: 59 });
    const before = { ...encoder, numeric: encoder.numeric.map(({ range: _, ...column }) => column) };
    expect(fingerprintOf(before, [train, validation, test].map(hashed))).toBe(fingerprint);
  });

  it('may bring its own test rows, half of which choose the best epoch', async () => {
    await workspace.write('people.csv', people(200));
    await workspace.write('test.csv.gz', gzipSync(people(101)));
    const data = await workspace.prepare({
      data: {
        source: 'people.csv',
        test: { source: 'test.csv.gz' },
        validation: { from: 'test', fraction: 0.5 },
      },
      tasks: [{ label: "income = '50000+.'" }],
    });
    expect([data.train.rows, data.validation?.rows, data.test?.rows]).toEqual([200, 51, 50]);
  });

  it('comes the same from CSV, TSV, gzip, parts, Parquet, JSON lines and a query', async () => {
    await workspace.write('people.csv', people(120));
    await workspace.write('people.tsv', people(120).replaceAll(',', '\t'));
    await workspace.write('gz/people.csv.gz', gzipSync(people(120)));
    const lines = people(120).trimEnd().split('\n');
    await workspace.write('parts/1.csv', lines.slice(0, 61).join('\n'));
    await workspace.write('parts/2.csv', [lines[0], ...lines.slice(61)].join('\n'));
    const tasks = [{ label: "income = '50000+.'" }];
    const columns = { code: { kind: 'categorical' }, weight: 'ignore' } as const;
    const typed = { types: { code: 'VARCHAR', minutes: 'DOUBLE' } };
    const reference = await workspace.prepare({
      data: { source: 'people.csv', read: typed },
      tasks,
      columns,
    });
    const experiment = await loadExperiment(workspace.path('x.mmoe.json'), []);
    await writeExperimentRows(experiment, workspace.options, workspace.path('rows.parquet'));
    for (const source of ['people.tsv', 'gz', 'parts', 'parts/*.csv', ['parts/1.csv', 'parts/2.csv']]) {
      const data = await workspace.prepare({ data: { source, read: typed }, tasks, columns });
      expect(data.fingerprint).toBe(reference.fingerprint);
    }
    const parquet = await workspace.prepare({
      data: {
        source: { sql: "select * exclude (\"label: income = '50000+.'\", split) from 'rows.parquet'" },
      },
      tasks,
      columns,
    });
    expect(parquet.fingerprint).toBe(reference.fingerprint);
    await workspace.write('people.jsonl', '{"x": 1.5, "y": true}\n{"x": 2, "y": false}\n'.repeat(30));
    const json = await workspace.prepare({ data: { source: 'people.jsonl' }, tasks: [{ label: 'y' }] });
    expect(json.train.rows).toBe(48);
  });

  it('comes the same in every encoding that it may be written in', async () => {
    const written = people(300).replaceAll('Oslo', 'Malm\u00f6');
    const tasks = [{ label: 'city', kind: 'multiclass' }] as const;
    const prepared: Awaited<ReturnType<typeof workspace.prepare>>[] = [];
    for (const [encoding, buffer] of [
      ['utf-8', 'utf8'],
      ['latin-1', 'latin1'],
      ['utf-16', 'utf16le'],
    ] as const) {
      await workspace.write('people.csv', Buffer.from(written, buffer));
      prepared.push(
        await workspace.prepare({ data: { source: 'people.csv', read: { encoding } }, tasks: [...tasks] }),
      );
    }
    expect(prepared[0]!.tasks[0]!.classes).toEqual(['Lima', 'Malm\u00f6', 'Rome']);
    expect(prepared.map(({ fingerprint }) => fingerprint)).toEqual(
      prepared.map(() => prepared[0]!.fingerprint),
    );
  });

  it('takes names of its own in place of the first line, or above it where that can be data', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => `${row % 7},${row % 5},${row % 2}`);
    const rowsWith = async (first: string, header?: boolean): Promise<number> => {
      await workspace.write('named.csv', `${[first, ...rows].join('\n')}\n`);
      const read = { names: ['one', 'two', 'label'], null: ['?'], ...(header !== undefined && { header }) };
      const data = await workspace.prepare({
        data: { source: 'named.csv', read, validation: 0, test: 0 },
        tasks: [{ label: 'label' }],
      });
      expect(data.encoder.numeric.map(({ name }) => name)).toEqual(['one', 'two']);
      return data.train.rows;
    };
    expect(await rowsWith('a,a,label')).toBe(60);
    expect(await rowsWith('a,a,label', true)).toBe(60);
    expect(await rowsWith('1,2,1')).toBe(61);
    expect(await rowsWith('?,2,1')).toBe(61);
    // Nothing but texts: no line of them looks more like names than another.
    await workspace.write('texts.csv', `x,b,yes\n${'x,d,no\ny,d,yes\n'.repeat(30)}`);
    const read = { names: ['one', 'two', 'label'] };
    const data = await workspace.prepare({
      data: { source: 'texts.csv', read, validation: 0, test: 0 },
      tasks: [{ label: 'label' }],
    });
    expect(data.train.rows).toBe(61);
  });

  it('of synthetic rows keeps what was drawn, and leaves labels that nothing learns out', async () => {
    const data = await workspace.prepare({
      data: { source: { synthetic: { rows: 100, dimensions: 5 } } },
      tasks: [{ label: 'y1' }],
    });
    expect(data.input).toEqual({ numeric: 5, fields: [] });
    expect(data.encoder.numeric.every(({ scale }) => scale.kind === 'none')).toBe(true);
    expect(data.source).toBe('synthetic, p = 0.5');
  });

  it('embeds many values, drops texts that are all different, and takes codes for categories', async () => {
    await workspace.write(
      'many.csv',
      csv(6000, {
        user_id: (row) => row % 1500,
        name: (row) => `n${row}`,
        zip: (row) => row % 90,
        y: (row) => row % 2,
      }),
    );
    const { encoder } = await workspace.prepare({ data: { source: 'many.csv' }, tasks: [{ label: 'y' }] });
    expect(encoder.numeric).toEqual([]);
    expect(encoder.categorical.map(({ name, encode }) => [name, encode])).toEqual([
      ['user_id', { embedding: 28 }],
      ['zip', 'onehot'],
    ]);
  });
});

describe('new rows', () => {
  const experiment: ExperimentInput = {
    data: { source: 'people.csv', validation: 0, test: 0, read: { null: ['?'] } },
    tasks: [{ label: "income = '50000+.'" }],
    columns: { weight: 'ignore' },
  };

  it('are encoded as in training, in batches, whatever the order of their columns', async () => {
    await workspace.write('people.csv', people(150));
    const { encoder, train } = await workspace.prepare(experiment);
    const readBack = parseEncoder(JSON.stringify(encoder));
    const names = people(1).split('\n')[0]!.split(',');
    const cells = people(150)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(names, { minLength: names.length }),
        fc.integer({ min: 1, max: 200 }),
        async (order, batchRows) => {
          const places = order.map((name) => names.indexOf(name));
          await workspace.write(
            'shuffled.csv',
            cells.map((line) => places.map((place) => line[place]).join(',')).join('\n'),
          );
          const batches = await encoded(readBack, 'shuffled.csv', batchRows);
          expect(batches.flatMap((batch) => [...batch.numeric])).toEqual([...train.numeric]);
          expect(batches.flatMap((batch) => [...batch.categorical])).toEqual([...train.categorical]);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('may be few, hold values never seen, and lack labels', async () => {
    await workspace.write('people.csv', people(150));
    const { encoder, input } = await workspace.prepare(experiment);
    await workspace.write('new.csv', 'age,city,code,minutes,part\n,Paris,09,3.5,\n25,Oslo,01,1,train\n');
    const [rows] = await encoded(encoder, 'new.csv');
    const field = (name: string): number => input.fields.findIndex((one) => one.name === name);
    const width = input.fields.length;
    expect(rows!.categorical[field('city')]).toBe(0);
    expect(rows!.categorical[width + field('city')]).toBeGreaterThan(0);
    expect(rows!.numeric.every(Number.isFinite)).toBe(true);
    expect(rows!.labels.every(Number.isNaN)).toBe(true);
    await workspace.write('few.csv', 'age,city\n1,Oslo\n');
    await expect(encoded(encoder, 'few.csv')).rejects.toThrow('which the model needs');
  });
});

it('the rows of an experiment are written with split and labels', async () => {
  await workspace.write('people.csv', people(100));
  await workspace.prepare({
    data: { source: 'people.csv', where: 'age > 25' },
    tasks: [{ name: 'rich', label: "income = '50000+.'" }, { label: 'minutes' }],
  });
  const experiment = await loadExperiment(workspace.path('x.mmoe.json'), []);
  const { rows } = await writeExperimentRows(experiment, workspace.options, workspace.path('out/rows.csv'));
  const report = await describeSource('out/rows.csv', workspace.options);
  expect(report.rows).toBe(rows);
  expect(report.columns.map(({ name }) => name).slice(-3)).toEqual([
    'label: rich',
    'label: minutes',
    'split',
  ]);
  expect(
    report.columns
      .find(({ name }) => name === 'split')
      ?.top.map(({ value }) => value)
      .sort(),
  ).toEqual(['test', 'train', 'validation']);
  const same = await describeSource(
    {
      sql:
        `select count(*) filter (where ("label: rich" = 'true') <> (trim(income) = '50000+.')) as wrong ` +
        `from 'out/rows.csv'`,
    },
    workspace.options,
  );
  expect(same.columns[0]?.max).toBe('0');
});

it('rows are written in the order of the file, also many, and with a column called place', async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `${i},${i % 7},${(i * 37) % 11}`);
  await workspace.write('many.csv', `place,size,minutes\n${lines.join('\n')}\n`);
  await workspace.prepare({ data: { source: 'many.csv' }, tasks: [{ label: 'minutes' }] });
  const experiment = await loadExperiment(workspace.path('x.mmoe.json'), []);
  await writeExperimentRows(experiment, workspace.options, workspace.path('rows.csv'));
  const [title, ...rows] = (await readFile(workspace.path('rows.csv'), 'utf8')).trim().split('\n');
  expect(title).toMatch(/^place,/);
  expect(rows.map((row) => Number(row.split(',')[0]))).toEqual(lines.map((_, i) => i));
});

it('a check names the use of every column, and the place of what is wrong', async () => {
  await workspace.write('people.csv', people(100));
  const text = '{"data": {"source": "people.csv"},\n"tasks": [{"label": "incom"}]}';
  const path = await workspace.write('x.mmoe.json', text);
  const bad = await checkData(await loadExperiment(path, []), { ...workspace.options, file: { path, text } });
  expect(bad.problems).toMatchObject([
    { severity: 'error', code: 'data.no-column', file: path, line: 2, column: 21, endColumn: 28 },
  ]);
  const good = await checkData(
    await loadExperiment(path, ["tasks[0].label=income = '50000+.'"]),
    workspace.options,
  );
  expect(good.columns.filter(({ name }) => ['income', 'age', 'city'].includes(name))).toEqual([
    { name: 'age', type: 'BIGINT', kind: 'numeric', use: 'numeric: whole number' },
    { name: 'city', type: 'VARCHAR', kind: 'categorical', use: 'categorical: text with 3 values' },
    { name: 'income', type: 'VARCHAR', kind: 'ignored', use: 'label: the label is made of it' },
  ]);
  expect(good.data?.train.rows).toBe(80);
});

it('a description tells kinds, ranges, counts and likely labels', async () => {
  await workspace.write('people.csv', people(100));
  const { columns, rows, files } = await describeSource('people.csv', workspace.options);
  expect([rows, files]).toEqual([100, 1]);
  const one = (name: string): (typeof columns)[number] => columns.find((column) => column.name === name)!;
  expect(one('age')).toMatchObject({ kind: 'numeric', min: '20', max: '59', missing: 14, distinct: 40 });
  expect(one('city')).toMatchObject({
    kind: 'categorical',
    distinct: 3,
    missing: 20,
    top: [
      { value: 'Oslo', count: 40 },
      { value: 'Lima', count: 20 },
      { value: 'Rome', count: 20 },
    ],
  });
  expect(one('income')).toMatchObject({ labelKind: 'binary', looksLikeLabel: true });
  expect(one('id')).toMatchObject({ kind: 'ignored', labelKind: null });
  expect(one('same').kind).toBe('ignored');
});

it('the sample workspace holds two experiments that are sound', async () => {
  await writeSampleWorkspace(workspace.folder);
  for (const file of ['films.mmoe.json', 'synthetic.mmoe.json']) {
    const { data, problems } = await checkData(
      await loadExperiment(workspace.path(file), []),
      workspace.options,
    );
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(data?.tasks.length).toBeGreaterThan(1);
  }
});

it('the sample workspace is not written over what is there', async () => {
  expect(await writeSampleWorkspace(workspace.folder)).toEqual([]);
  const file = workspace.path('films.mmoe.json');
  const mine = `${await readFile(file, 'utf8')}// mine\n`;
  await writeFile(file, mine);
  expect(await writeSampleWorkspace(workspace.folder)).toEqual(['films.mmoe.json']);
  expect(await readFile(file, 'utf8')).toBe(mine);
});

it('a description says of a column that it has values that are not finite, and what to do', async () => {
  const endless = (row: number): string => (row === 3 ? 'inf' : row === 5 ? 'nan' : `${row}.5`);
  await workspace.write(
    't.csv',
    csv(60, { x: endless, z: (row) => (row === 7 ? '-inf' : `${row}.25`), y: (row) => row % 2 }),
  );
  const { columns, read } = await describeSource('t.csv', workspace.options);
  // The one that is nan counts as missing.
  const why =
    'number, with 1 value that is inf or nan: correct it, or list it in data.read.null if it means missing';
  expect(columns.map((one) => one.why)).toEqual([why, why, 'whole number']);
  expect(columns.map(({ missing }) => missing)).toEqual([1, 0, 0]);
  expect(read).toEqual({ null: ['nan'] });
  const said = await describeSource('t.csv', { ...workspace.options, read: {} });
  expect(said.columns[0]!.why).toBe(
    'number, with 2 values that are inf or nan: correct them, or list them in data.read.null if they mean missing',
  );
  expect(columns.map(hasInfinite)).toEqual([true, true, false]);
});
