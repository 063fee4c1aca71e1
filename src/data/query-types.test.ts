import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeSource } from './decide/describe.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

/** More rows than DuckDB looks at to guess types. */
const many = 30_000;
const late = 25_000;

const hours = (row: number): number => (row % 7) + (row < late ? 0 : 0.75);
const day = (row: number): string => `2024-01-0${(row % 9) + 1}${row < late ? '' : ' 12:30:00'}`;

describe('a query changes no value that it reads:', () => {
  it.each([
    "from 'table.csv'",
    "from read_csv('table.csv')",
    "select * from read_csv(['table.csv'], header = true, quote = '\"') where day is not null -- )",
    "select t.* from read_csv_auto('table.csv', delim = ',') t join 'few.csv' using (key)",
    "with few as (from 'few.csv') select day, (hours)::double as hours from 'table.csv' where key in (from few)",
  ])('of text files, whose types a sample suggests: %s', async (sql) => {
    await workspace.write('table.csv', csv(many, { hours, day, key: () => 1 }));
    await workspace.write('few.csv', csv(1, { key: () => 1 }));
    const { columns, rows } = await describeSource({ sql }, workspace.options);
    expect(rows).toBe(many);
    const found = new Map(columns.map((one) => [one.name, one]));
    expect(found.get('hours')).toMatchObject({ type: 'DOUBLE', distinct: 14, max: '6.75' });
    expect(found.get('day')).toMatchObject({ type: 'TIMESTAMP', max: '2024-01-09 12:30:00' });
  });

  it('of parts, whose last one has fractions', async () => {
    for (const part of [0, 1, 2])
      await workspace.write(`parts/${part}.csv`, csv(many, { hours: part < 2 ? (row) => row % 7 : hours }));
    const { columns } = await describeSource({ sql: "from 'parts/*.csv'" }, workspace.options);
    expect(columns[0]).toMatchObject({ type: 'DOUBLE', distinct: 14 });
  });

  it.each(["from 'table.jsonl'", "from read_json('table.jsonl')", "from read_ndjson(['table.jsonl'])"])(
    'of JSON lines, whose keys and fractions come late: %s',
    async (sql) => {
      const line = (row: number): object => ({ hours: hours(row), ...(row >= late && { bonus: row }) });
      const lines = Array.from({ length: many }, (_, row) => JSON.stringify(line(row)));
      await workspace.write('table.jsonl', lines.join('\n'));
      const { columns } = await describeSource({ sql }, workspace.options);
      expect(columns).toMatchObject([
        { name: 'hours', type: 'DOUBLE', distinct: 14 },
        { name: 'bonus', type: 'BIGINT', distinct: many - late },
      ]);
    },
  );

  it.each([
    "from read_csv('table.csv', types = {'bonus': 'DOUBLE'})",
    "from read_csv(['table.csv'], header = true, dtypes := {bonus: 'VARCHAR'}, sample_size = 100)",
  ])('whose types it says for other columns: %s', async (sql) => {
    await workspace.write('table.csv', csv(many, { hours, day, bonus: () => 1 }));
    const { columns } = await describeSource({ sql }, workspace.options);
    expect(columns[0]).toMatchObject({ type: 'DOUBLE', distinct: 14, max: '6.75' });
    expect(columns[1]).toMatchObject({ type: 'TIMESTAMP', max: '2024-01-09 12:30:00' });
  });

  it.each([
    ["from 'ids.csv'", 'HUGEINT'],
    ["from 'ids.jsonl'", 'VARCHAR'],
  ])('whose whole numbers have more than 64 bits: %s', async (sql, type) => {
    const id = (row: number): string => `1844674407370955${200_000 + (row % 50)}`;
    await workspace.write('ids.csv', csv(200, { id, y: (row) => row % 2 }));
    const lines = Array.from({ length: 200 }, (_, row) => `{"id": ${id(row)}, "y": ${row % 2}}`);
    await workspace.write('ids.jsonl', lines.join('\n'));
    const { columns } = await describeSource({ sql }, workspace.options);
    expect(columns[0]).toMatchObject({ type, distinct: 50, min: id(0), max: id(49) });
    expect(columns[1]).toMatchObject({ type: 'BIGINT' });
  });

  it('of times with a zone that come late, and says which have none', async () => {
    const when = (row: number): string => `2024-01-0${(row % 9) + 1} 10:00:00${row < late ? '' : '+02:00'}`;
    await workspace.write('table.csv', csv(many, { when }));
    const { columns, notes } = await describeSource({ sql: "from 'table.csv'" }, workspace.options);
    expect(columns[0]).toMatchObject({ type: 'TIMESTAMP WITH TIME ZONE', distinct: 18 });
    expect(notes?.join()).toContain('column "when": 25,000 of 30,000 times have no time zone');
    expect(notes?.join()).toContain("read_csv(…, types = {'when': 'TIMESTAMPTZ'})");
  });

  it('and takes the types that it says itself', async () => {
    await workspace.write('table.csv', csv(many, { hours }));
    for (const types of ["types = {'hours': 'BIGINT'}", "columns = {'hours': 'BIGINT'}"]) {
      const sql = `from read_csv('table.csv', ${types})`;
      const { columns } = await describeSource({ sql }, workspace.options);
      expect(columns[0]).toMatchObject({ type: 'BIGINT', distinct: 8 });
    }
  });
});
