import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentInput } from '../../../experiment/schema.js';
import { Database } from '../../duckdb/database.js';
import { literal } from '../../../shared/sql.js';
import { numericNames } from '../../encode/encoder.js';
import { csv, TempWorkspace } from '../../temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

const rows = 20_000;
const cityOf = (row: number): string => (row < 12_000 ? `c${row % 5}` : ` d${row % 700} `);
const shopOf = (row: number): string => (row < 9000 ? '' : row % 4 === 0 ? '-' : `shop ${row % 9}`);
const mealOf = (row: number): string => ['soup', 'pie', '', "chef's"][row % 4]!;

/** Columns whose texts come at once, late and never, or are too many to be coded. */
const table = csv(rows, {
  city: cityOf,
  shop: shopOf,
  meal: mealOf,
  person: (row) => `p${(row * 7919) % 5000}`,
  grade: (row) => (row < 15_000 ? 'low' : row % 3 === 0 ? 'high' : 'middle'),
  town: (row) => `${cityOf(row)}t`,
  size: (row) => row % 17,
  visits: (row) => (row < 12_000 ? row % 9 : 3 * row),
  paid: (row) => (row < 12_000 ? 1000 * row : 600_000 * row),
  bought: (row) => row % 2,
});

const experiment = (source: ExperimentInput['data']['source']): ExperimentInput => ({
  data: { source, validation: { where: "shop = 'shop 3'" }, test: 0.1 },
  tasks: [{ label: 'bought' }, { label: 'grade' }, { name: 'far', label: "city like 'd%'" }],
});

describe('a table whose texts are stored as codes, and small numbers in small types', () => {
  it('is encoded as the same table without codes, from CSV and from Parquet', async () => {
    await workspace.write('late.csv', table);
    // A query's rows are stored as they come.
    const plain = await workspace.prepare(experiment({ sql: "select * from 'late.csv'" }));
    expect((await workspace.prepare(experiment('late.csv'))).fingerprint).toBe(plain.fingerprint);
    const db = await Database.open(workspace.folder);
    const [csv, parquet] = ['late.csv', 'late.parquet'].map((name) => literal(workspace.path(name)));
    await db.run(`copy (select * from ${csv}) to ${parquet}`);
    db.close();
    const fromParquet = await workspace.prepare(experiment('late.parquet'));
    expect(fromParquet.fingerprint).toBe(plain.fingerprint);
  });

  it('computes with small numbers as with any', async () => {
    await workspace.write(
      'small.csv',
      csv(500, { size: (row) => row % 17, paid: (row) => 1000 * row, bought: (row) => row % 2 }),
    );
    const tasks: ExperimentInput['tasks'] = [
      { label: 'bought' },
      { name: 'large', label: 'size * 20000 > 100000' },
      { label: 'paid * paid', kind: 'regression' },
    ];
    const found = await workspace.prepare({ data: { source: 'small.csv' }, tasks });
    const plain = await workspace.prepare({ data: { source: { sql: "select * from 'small.csv'" } }, tasks });
    expect(found.fingerprint).toBe(plain.fingerprint);
  });

  it('keeps texts that only come late, and missing ones, with their rows', async () => {
    await workspace.write('late.csv', table);
    const data = await workspace.prepare({
      data: { source: 'late.csv', validation: 0, test: { source: 'late.csv' }, read: { null: ['-'] } },
      tasks: [{ label: 'bought' }],
      columns: { city: { kind: 'categorical', minCount: 1 }, shop: { kind: 'categorical', minCount: 1 } },
    });
    expect(numericNames(data.encoder)).toEqual(['size', 'visits', 'paid']);
    const fields = data.encoder.categorical;
    expect(fields.map(({ name, values }) => [name, values.length])).toEqual([
      ['city', 705],
      ['shop', 9],
      ['meal', 3],
      ['person', 5000],
      ['grade', 3],
      ['town', 705],
    ]);
    for (const part of [data.train, data.test!]) {
      const textAt = (row: number, field: number): string =>
        fields[field]!.values.at(part.categorical[row * fields.length + field]! - 1) ?? '';
      const wrong = Array.from({ length: rows }, (_, row) => row).filter(
        (row) =>
          textAt(row, 0) !== cityOf(row).trim() ||
          textAt(row, 1) !== (shopOf(row) === '-' ? '' : shopOf(row)) ||
          textAt(row, 2) !== mealOf(row),
      );
      expect(wrong).toEqual([]);
    }
  });
});
