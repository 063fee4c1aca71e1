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

  it('and takes the types that it says itself', async () => {
    await workspace.write('table.csv', csv(many, { hours }));
    for (const types of ["types = {'hours': 'BIGINT'}", "columns = {'hours': 'BIGINT'}"]) {
      const sql = `from read_csv('table.csv', ${types})`;
      const { columns } = await describeSource({ sql }, workspace.options);
      expect(columns[0]).toMatchObject({ type: 'BIGINT', distinct: 8 });
    }
  });
});
