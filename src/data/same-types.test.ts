import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentInput, Source } from '../experiment/schema.js';
import { literal } from '../shared/sql.js';
import { Database } from './duckdb/database.js';
import type { Encoder } from './encode/encoder.js';
import { encodeSource } from './encode/encode-source.js';
import { Texts } from './texts/texts.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

/** New rows mean what the training rows meant, whatever types their table has; or are refused by name. */

const columns = {
  day: (row: number) => `2024-0${1 + (row % 9)}-1${row % 7}`,
  moment: (row: number) => `2024-0${1 + (row % 9)}-1${row % 7} 10:0${row % 6}:00.5`,
  count: (row: number) => row % 50,
  share: (row: number) => (row % 16) / 16,
  user_id: (row: number) => 100 + (row % 7),
  code: (row: number) => ['007', '012', 'A1'][row % 3]!,
  yes: (row: number) => (row % 2 ? 'true' : 'false'),
  y: (row: number) => Number(row % 5 > 1),
};
const table = csv(60, columns);

let workspace: TempWorkspace;
let encoder: Encoder;
let wanted: { numeric: number[]; categorical: number[] };
beforeAll(async () => {
  const fields = Object.fromEntries(
    Object.keys(columns).map((name) => [name, (row: number) => columns[name as keyof typeof columns](row)]),
  );
  const lines = Array.from({ length: 60 }, (_, row) =>
    JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value(row)]))),
  );
  workspace = await TempWorkspace.create({ 't.csv': table, 't.jsonl': lines.join('\n') });
  ({ encoder } = await workspace.prepare({
    data: { source: 't.csv', validation: 0, test: 0 },
    columns: { code: { kind: 'categorical' } },
    tasks: [{ label: 'y' }],
  }));
  expect(encoder.numeric.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'day DATE',
    'moment TIMESTAMP',
    'count BIGINT',
    'share DOUBLE',
  ]);
  expect(encoder.categorical.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'user_id BIGINT',
    'code VARCHAR',
    'yes BOOLEAN',
  ]);
  wanted = await encoded('t.csv');
});
afterAll(() => workspace.remove());

async function encoded(source: Source): Promise<{ numeric: number[]; categorical: number[] }> {
  const numeric: number[] = [];
  const categorical: number[] = [];
  for await (const { rows } of encodeSource(encoder, source, workspace.options)) {
    numeric.push(...rows.numeric);
    categorical.push(...rows.categorical);
  }
  return { numeric, categorical };
}
const replaced = (as: string): Source => ({ sql: `select * replace (${as}) from 't.csv'` });
const failure = (source: Source): Promise<string> =>
  encoded(source).then(
    () => 'no error',
    (error: unknown) => String(error),
  );

describe('the same values in other types are the same rows', () => {
  it.each([
    'day::timestamp as day',
    'day::timestamp_s as day, moment::timestamp_ms as moment',
    'day::timestamp_ns as day, moment::timestamp_ns as moment',
    "(day || ' 00:00:00Z')::timestamptz as day, (moment || 'Z')::timestamptz as moment",
    'day::varchar as day, moment::varchar as moment',
    "strftime(day, '%Y-%m-%dT%H:%M:%S.000Z') as day, strftime(moment, '%Y-%m-%dT%H:%M:%S.%f') as moment",
    "strftime(moment + interval 2 hour, '%Y-%m-%dT%H:%M:%S.%f+02:00') as moment",
    "strftime(moment - interval 330 minute, '%Y-%m-%d %H:%M:%S.%f-05:30') as moment",
    'count::tinyint as count, share::float as share',
    'count::double as count, share::decimal(10, 6) as share',
    'count::varchar as count, share::varchar as share',
    'count::decimal(38, 2)::varchar as count',
    'user_id::double as user_id',
    'user_id::integer as user_id',
    'user_id::varchar as user_id',
    "'0' || user_id as user_id",
    'user_id::decimal(9, 3) as user_id',
    'yes::integer as yes',
    'yes::double as yes',
    "case when yes then 'True' else 'False' end as yes",
    "case code when 'A1' then code else code::enum ('007', '012') end as code",
  ])('%s', async (as) => {
    expect(await encoded(replaced(as))).toEqual(wanted);
  });

  it('JSON lines, and CSV with whole numbers as pandas writes them', async () => {
    expect(await encoded('t.jsonl')).toEqual(wanted);
    const pandas = csv(60, {
      ...columns,
      user_id: (row) => `${columns.user_id(row)}.0`,
      yes: (row) => (row % 2 ? 1 : 0),
    });
    await workspace.write('pandas.csv', pandas);
    expect(await encoded('pandas.csv')).toEqual(wanted);
    const precise = csv(60, { ...columns, day: (row) => `${columns.day(row)} 00:00:00` });
    await workspace.write('precise.csv', precise);
    expect(await encoded('precise.csv')).toEqual(wanted);
  });

  it('codes of digits that have become numbers', async () => {
    const numbers = await encoded({
      sql: "select * replace (try_cast(code as integer) as code) from 't.csv' where code <> 'A1'",
    });
    const texts = await encoded({ sql: "select * from 't.csv' where code <> 'A1'" });
    expect(numbers).toEqual(texts);
  });

  it('a column in which nothing is known has any type', async () => {
    const nothing = await encoded(replaced('null::integer as day, null::date as count, null as code'));
    expect(nothing).toEqual(
      await encoded(replaced('null::date as day, null::bigint as count, null::varchar as code')),
    );
  });

  it('fractions where training had whole numbers are the same from a text file as from any other', async () => {
    const half = (row: number): number => (columns.count(row) === 3 ? 851.455 : columns.count(row));
    const halfId = (row: number): number => (columns.user_id(row) === 103 ? 100.5 : columns.user_id(row));
    await workspace.write('half.csv', csv(60, { ...columns, count: half, user_id: halfId }));
    const wanted = await encoded(
      replaced(
        'case when count = 3 then 851.455 else count end as count, ' +
          'case when user_id = 103 then 100.5 else user_id end as user_id',
      ),
    );
    expect(await encoded('half.csv')).toEqual(wanted);
    const own = await workspace.prepare({
      data: { source: 't.csv', validation: { source: 'half.csv' }, test: 0 },
      columns: { code: { kind: 'categorical' } },
      tasks: [{ label: 'y' }],
    });
    expect([...own.validation!.numeric]).toEqual(wanted.numeric);
    expect([...own.validation!.categorical]).toEqual(wanted.categorical);
  });

  it('a fraction is no known whole number, and is not rounded to one', async () => {
    const half = await encoded(replaced('case when user_id = 101 then 100.5 else user_id end as user_id'));
    const unseen = await encoded(replaced('case when user_id = 101 then 1 else user_id end as user_id'));
    expect(half).toEqual(unseen);
  });
});

describe('what means something else is refused by name', () => {
  it('also in a source of its own for validation, label and feature', async () => {
    const prepared = (sql: string, label: string): Promise<unknown> =>
      workspace.prepare({
        data: { source: 't.csv', validation: { source: { sql } }, test: 0 },
        columns: { code: { kind: 'categorical' } },
        tasks: [{ label, kind: label === 'y' ? 'binary' : 'regression' }],
      });
    await expect(prepared("select * replace (epoch_ms(day) as day) from 't.csv'", 'y')).rejects.toThrow(
      /column "day" is BIGINT here/,
    );
    await expect(prepared("select * replace (epoch_ms(day) as day) from 't.csv'", 'day')).rejects.toThrow(
      /label "day" is BIGINT in query on t\.csv and DATE in t\.csv/,
    );
    await prepared("select * replace (day::timestamp as day) from 't.csv'", 'day');
  });

  it.each([
    [
      'epoch_ms(day) as day',
      /column "day" is BIGINT here \(such as 17\d+\), and was DATE .*a number is no date.*epoch_ms/,
    ],
    ['epoch(moment)::bigint as moment', /column "moment" is BIGINT here.*to_timestamp/],
    ['epoch_us(moment)::double as moment', /column "moment" is DOUBLE here .*and was TIMESTAMP/],
    ['day as count', /column "count" is DATE here .*and was BIGINT when it was learned/],
    ['[share] as share', /column "share" is DOUBLE\[\] here .*and was DOUBLE/],
    ["'soon' as day", /"soon" is no DATE, as the column was when it was learned/],
    ["case when count = 7 then 'x' else count::varchar end as count", /"x" is not a number/],
    ['day as user_id', /column "user_id" is DATE here .*and was BIGINT/],
    ['yes as code', /column "code" is BOOLEAN here \(such as \w+\), and was VARCHAR/],
  ])('%s', async (as, says) => {
    expect(await failure(replaced(as))).toMatch(says);
  });
});

describe("a split's own source", () => {
  const text = (row: number): string => `row ${row}`;
  const prepare = async (columns: ExperimentInput['columns'], x: (row: number) => string | number) => {
    const y = (row: number): number => row % 2;
    await workspace.write('main.csv', csv(40, { a: (row) => row % 7, x, y }));
    await workspace.write('own.csv', csv(40, { a: (row) => row % 7, x: text, y }));
    return workspace.prepare({
      data: { source: 'main.csv', validation: { source: 'own.csv' }, test: 0 },
      columns,
      tasks: [{ label: 'y' }],
    });
  };

  it('may have anything in a column that is ignored, or has no value in the main source', async () => {
    expect((await prepare({ x: 'ignore' }, (row) => row)).validation?.rows).toBe(40);
    expect((await prepare({ X: 'ignore' }, (row) => row / 8)).validation?.rows).toBe(40);
    const nothing = workspace.path('nothing.parquet');
    const db = await Database.open(workspace.folder, [nothing]);
    await db.run(
      `copy (select i % 7 as a, null::integer as x, i % 2 as y from range(40) rows(i)) to ${literal(nothing)}`,
    );
    db.close();
    const { validation } = await workspace.prepare({
      data: { source: 'nothing.parquet', validation: { source: 'own.csv' }, test: 0 },
      tasks: [{ label: 'y' }],
    });
    expect(validation?.rows).toBe(40);
  });

  it('has texts where they are said to be categories, also if the main source has numbers late', async () => {
    const y = (row: number): number => row % 2;
    await workspace.write('late.csv', csv(9000, { x: (row) => (row < 8500 ? '' : row % 4), y }));
    await workspace.write('texts.csv', csv(40, { x: text, y }));
    const { encoder, validation } = await workspace.prepare({
      data: { source: 'late.csv', validation: { source: 'texts.csv' }, test: 0 },
      columns: { x: { kind: 'categorical' } },
      tasks: [{ label: 'y' }],
    });
    expect(encoder.categorical).toMatchObject([
      { name: 'x', type: 'VARCHAR', values: Texts.from(['0', '1', '2', '3']) },
    ]);
    expect(validation?.rows).toBe(40);
  });

  it('has what the main source has in every other column', async () => {
    await expect(prepare({}, (row) => row % 9)).rejects.toThrow('"row 0" is not a number');
  });
});
