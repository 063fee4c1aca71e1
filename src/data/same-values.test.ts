import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../experiment/schema.js';
import { literal } from '../shared/sql.js';
import { describeSource } from './decide/describe.js';
import { Database } from './duckdb/database.js';
import { Texts } from './texts/texts.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

/** The same values are read alike, whatever format and form they are written in. */

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

const column = async (source: string, name: string) =>
  (await describeSource(source, workspace.options)).columns.find((one) => one.name === name);

const jsonLines = (rows: readonly (object | string)[]): string =>
  rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('');

async function writeParquet(path: string, query: string): Promise<void> {
  await workspace.write(path, '');
  const db = await Database.open(workspace.folder);
  await db.run(`copy (${query}) to ${literal(workspace.path(path))} (format parquet)`);
  db.close();
}

describe('truth values that are declared categories', () => {
  const experiment = (source: string): ExperimentInput => ({
    data: { source, validation: 0, test: 0 },
    columns: { done: { kind: 'categorical' } },
    tasks: [{ label: 'y' }],
  });
  const table = (spell: (truth: boolean) => string): string =>
    csv(60, { done: (row) => spell(row % 3 === 0), y: (row) => row % 2 });

  it('are the same in CSV and in JSON, however they are written', async () => {
    const spellings: [string, (truth: boolean) => string][] = [
      ['a.csv', (truth) => (truth ? 'True' : 'False')],
      ['b.csv', (truth) => (truth ? 'TRUE' : 'false')],
    ];
    for (const [path, spell] of spellings) await workspace.write(path, table(spell));
    await workspace.write(
      'c.jsonl',
      jsonLines(Array.from({ length: 60 }, (_, row) => ({ done: row % 3 === 0, y: row % 2 }))),
    );
    const prints = [];
    for (const path of ['a.csv', 'b.csv', 'c.jsonl']) {
      const { encoder, train } = await workspace.prepare(experiment(path));
      expect(encoder.categorical).toMatchObject([{ name: 'done', values: Texts.from(['false', 'true']) }]);
      prints.push([...train.categorical].join());
    }
    expect(new Set(prints).size).toBe(1);
  });

  it('stay as they are beside other texts', async () => {
    await workspace.write(
      'a.csv',
      csv(60, { done: (row) => ['True', 'FALSE', 'maybe'][row % 3]!, y: (row) => row % 2 }),
    );
    const { encoder } = await workspace.prepare(experiment('a.csv'));
    expect(encoder.categorical).toMatchObject([{ values: Texts.from(['FALSE', 'True', 'maybe']) }]);
  });
});

describe('JSON', () => {
  it('keeps the digits of whole numbers of more than 64 bits', async () => {
    const long = '123456789012345678901234567890';
    await workspace.write('t.jsonl', jsonLines([`{"n": ${long}, "x": 1e30, "y": 0.5}`, '{"n": 5, "x": 2}']));
    expect(await column('t.jsonl', 'n')).toMatchObject({ type: 'HUGEINT', min: '5', max: long });
    expect(await column('t.jsonl', 'x')).toMatchObject({ type: 'DOUBLE', min: '2.0', max: '1e+30' });
    expect(await column('t.jsonl', 'y')).toMatchObject({ type: 'DOUBLE', missing: 1 });
  });

  it('refuses keys that differ only by case, and reads those that look like it', async () => {
    await workspace.write('t.jsonl', jsonLines([{ age: 1 }, { Age: 2 }]));
    await expect(column('t.jsonl', 'age')).rejects.toThrow('the keys "age" and "Age" differ only by case');
    await workspace.write('t.jsonl', jsonLines([{ age: 1, age_1: 3 }, { age_1: 2 }]));
    expect(await column('t.jsonl', 'age_1')).toMatchObject({ distinct: 2 });
  });

  it.each([
    ['a T and a fraction', ['2020-01-01T10:00:00.5', '2020-01-02T10:00:00'], 'TIMESTAMP'],
    ['+00', ['2020-01-01 10:00:00+00', '2020-01-02 10:00:00+00'], 'TIMESTAMP WITH TIME ZONE'],
    ['mixed forms', ['2020-01-01 10:00', '2020-01-02T10:00:00.25+02:00'], 'TIMESTAMP WITH TIME ZONE'],
    ['day first', ['31/12/2019', '1/2/2020'], 'DATE'],
  ])('reads moments with %s', async (_, texts, type) => {
    await workspace.write('t.jsonl', jsonLines(texts.map((when) => ({ when }))));
    expect(await column('t.jsonl', 'when')).toMatchObject({ type, kind: 'numeric' });
  });

  it('reads moments that come after many rows without one', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => (i < 150 ? { x: i } : { x: i, when: '3 Nov 2026' }));
    await workspace.write('t.jsonl', jsonLines(rows));
    expect(await column('t.jsonl', 'when')).toMatchObject({ type: 'DATE', missing: 150 });
  });
});

describe('Parquet', () => {
  it('a part without a value in a column has no say in its type', async () => {
    await writeParquet(
      'parts/a.parquet',
      `select i % 2 = 0 as b, 2::bigint ** 60 + i as n, 'a' as t from range(5) r(i)`,
    );
    await writeParquet(
      'parts/b.parquet',
      'select null::integer as b, null::double as n, null::integer as t from range(5)',
    );
    await writeParquet('parts/c.parquet', 'select 0.5 as b, 0.5 as n, 7 as t from range(0)');
    const found = await Promise.all(['b', 'n', 't'].map((name) => column('parts', name)));
    expect(found.map((one) => [one?.type, one?.missing])).toEqual([
      ['BOOLEAN', 5],
      ['DOUBLE', 5],
      ['VARCHAR', 5],
    ]);
  });

  it('keeps 64-bit ids beside a part of empty doubles', async () => {
    await writeParquet('parts/a.parquet', 'select 1234567890123456701 + i as n from range(3) r(i)');
    await writeParquet('parts/b.parquet', 'select null::double as n from range(2)');
    expect(await column('parts', 'n')).toMatchObject({
      type: 'BIGINT',
      max: '1234567890123456703',
      missing: 2,
    });
  });

  it('decimals without a fraction are whole numbers', async () => {
    await writeParquet(
      't.parquet',
      'select (1e20::decimal(38,0) + i % 7)::decimal(38,0) as user_id, i % 3 as y from range(60) r(i)',
    );
    expect(await column('t.parquet', 'user_id')).toMatchObject({ kind: 'categorical', distinct: 7 });
  });
});

describe('dates', () => {
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const day = (row: number): number => 1 + (row % 28);
  const month = (row: number): number => row % 12;
  it.each([
    ['month names', (row: number) => `${day(row)} ${months[month(row)]} 2026`],
    ['month names first', (row: number) => `"${months[month(row)]} ${day(row)}, 2026"`],
    ['hyphens', (row: number) => `${String(day(row)).padStart(2, '0')}-${months[month(row)]}-2026`],
    [
      'several forms',
      (row: number) =>
        row % 3 === 0
          ? `2026-${String(month(row) + 1).padStart(2, '0')}-${String(day(row)).padStart(2, '0')}`
          : `${day(row)}${'./'[row % 2]}${month(row) + 1}${'./'[row % 2]}2026`,
    ],
  ])('with %s are read as dates', async (_, written) => {
    await workspace.write('t.csv', csv(60, { when: written, y: (row) => row % 2 }));
    expect(await column('t.csv', 'when')).toMatchObject({
      type: 'DATE',
      min: '2026-01-01',
      max: '2026-12-24',
    });
  });

  it('of which one has a time are moments', async () => {
    const written = (row: number): string => `${day(row)}/${month(row) + 1}/2026${row === 7 ? ' 10:30' : ''}`;
    await workspace.write('t.csv', csv(60, { when: written }));
    expect(await column('t.csv', 'when')).toMatchObject({ type: 'TIMESTAMP', max: '2026-12-24 00:00:00' });
  });
});

describe('whole numbers with the digits of a hash', () => {
  const hash = (row: number): string =>
    String(BigInt.asUintN(62, BigInt(row + 1) * 0x9e3779b97f4a7c15n) + 10n ** 17n);
  const prepare = (of: (row: number) => number, defaults: 1 | 2) =>
    workspace
      .write('t.csv', csv(60, { key: (row) => hash(of(row)), x: (row) => row % 9, y: (row) => row % 2 }))
      .then(() =>
        workspace.prepare({
          defaults,
          data: { source: 't.csv', validation: 0, test: 0 },
          tasks: [{ label: 'y' }],
        }),
      );

  it('are no feature where nearly every row has its own, and one where they repeat', async () => {
    const own = await prepare((row) => Math.min(row, 57), 2);
    expect([...own.encoder.numeric, ...own.encoder.categorical].map(({ name }) => name)).toEqual(['x']);
    const older = await prepare((row) => Math.min(row, 57), 1);
    expect(older.warnings.join('\n')).toContain('column "key" is a feature, and seems to be an id or a hash');
    const repeated = await prepare((row) => row % 8, 2);
    expect(repeated.encoder.categorical).toMatchObject([{ name: 'key' }]);
  });
});
