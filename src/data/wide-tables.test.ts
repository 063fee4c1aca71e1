import { afterEach, beforeEach, expect, it } from 'vitest';
import { literal, quoted } from '../shared/sql.js';
import { describeSource } from './decide/describe.js';
import { Database, isWide } from './duckdb/database.js';
import type { HeldData } from './prepared.js';
import { loadSource } from './read/load-source.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

type Columns = Parameters<typeof csv>[1];

/** More rows than are stored together, and not a whole number of such groups. */
const rows = 11_000;
const few: Columns = {
  city: (row) => (row % 11 === 0 ? '' : row > 9000 && row % 4 === 1 ? 'late' : `c${(row * 7) % 13}`),
  size: (row) => (row < 10_000 ? row % 97 : row + 0.25),
  large: (row) => (row < 10_000 ? row % 5 : 3e9 + row),
  unseen: (row) => (row < 9000 ? '' : row),
  day: (row) => `${String(1 + (row % 28)).padStart(2, '0')}.0${1 + (row % 9)}.2024`,
  bought: (row) => row % 2,
  part: (row) => (row % 5 === 0 ? 'held out' : 'train'),
};
const fillers = Array.from({ length: 260 }, (_, column) => `x${column}`);
const filler = (row: number, column: number): number => (row * (column + 1)) % 1009;
const many: Columns = {
  ...few,
  ...Object.fromEntries(fillers.map((name, column) => [name, (row: number) => filler(row, column)])),
};

async function write(
  name: string,
  format: 'csv' | 'parquet',
  columns: Columns,
  count: number,
): Promise<string> {
  const file = await workspace.write(`${name}.csv`, csv(count, columns));
  if (format === 'csv') return `${name}.csv`;
  const target = workspace.path(`${name}.parquet`);
  const db = await Database.open(workspace.folder, [target]);
  await db.run(`copy (select * from read_csv(${literal(file)}, sample_size = -1)) to ${literal(target)}`);
  db.close();
  return `${name}.parquet`;
}

const prepare = (source: string, other: string): Promise<HeldData> =>
  workspace.prepare({
    data: {
      source,
      where: 'size <> 5',
      validation: { where: "part = 'held out'" },
      test: { source: other },
    },
    columns: Object.fromEntries(
      source.startsWith('many') ? fillers.map((name) => [name, { kind: 'numeric', scale: 'none' }]) : [],
    ),
    tasks: [{ label: 'bought' }, { label: 'size > 50', name: 'large' }],
  });

it.each(['csv', 'parquet'] as const)(
  'a table of very many columns keeps its rows in order, and is what its columns are in a narrow one: %s',
  async (format) => {
    expect([Object.keys(few).length, Object.keys(many).length].map(isWide)).toEqual([false, true]);
    const narrow = await prepare(
      await write('few', format, few, rows),
      await write('few-test', format, few, 3000),
    );
    const wide = await prepare(
      await write('many', format, many, rows),
      await write('many-test', format, many, 3000),
    );
    expect(wide.encoder.categorical).toEqual(narrow.encoder.categorical);
    expect(wide.encoder.numeric.slice(0, -fillers.length)).toEqual(narrow.encoder.numeric);
    const [fewer, more] = [narrow.input.numeric, wide.input.numeric];
    expect(more).toBe(fewer + fillers.length);
    const all = Array.from({ length: rows }, (_, row) => row).filter((row) => many['size']!(row) !== 5);
    const expected = {
      train: all.filter((row) => row % 5 !== 0),
      validation: all.filter((row) => row % 5 === 0),
      test: all.filter((row) => row < 3000),
    };
    for (const part of ['train', 'validation', 'test'] as const) {
      const [found, before] = [wide[part]!, narrow[part]!];
      expect(found.labels).toEqual(before.labels);
      expect(found.categorical).toEqual(before.categorical);
      expect(found.rows).toBe(expected[part].length);
      const wrong = expected[part].filter((row, i) => {
        const numbers = found.numeric.subarray(i * more, (i + 1) * more);
        const few = before.numeric.subarray(i * fewer, (i + 1) * fewer);
        return (
          few.some((value, column) => value !== numbers[column]) ||
          fillers.some((_, column) => numbers[fewer + column] !== filler(row, column))
        );
      });
      expect(wrong.slice(0, 3)).toEqual([]);
    }
  },
);

it.each(['csv', 'parquet'] as const)(
  'columns are described the same beside very many others: %s',
  async (format) => {
    const narrow = await describeSource(await write('few', format, few, rows), workspace.options);
    const wide = await describeSource(await write('many', format, many, rows), workspace.options);
    expect(wide.columns.slice(0, narrow.columns.length)).toEqual(narrow.columns);
    expect(wide.notes).toEqual(narrow.notes);
    const filled = wide.columns.slice(narrow.columns.length);
    expect(filled.map(({ name, min, max, distinct }) => [name, min, max, distinct])).toEqual(
      fillers.map((name, column) => {
        const values = new Set(Array.from({ length: rows }, (_, row) => filler(row, column)));
        return [name, String(Math.min(...values)), String(Math.max(...values)), values.size];
      }),
    );
  },
);

it('rows of Parquet that are in one large group are the same when they are read some columns at a time', async () => {
  const target = workspace.path('large.parquet');
  const writer = await Database.open(workspace.folder, [target]);
  // A fifth of the columns are whole numbers that become too large for their small type after the first rows.
  const columns = Array.from({ length: 400 }, (_, i) =>
    i % 5 === 0
      ? `case when range < 20000 then range % ${i + 2} else range * 100000 + ${i} end as x${i}`
      : `(hash(range * ${i + 1}) / 1e4)::double as x${i}`,
  );
  await writer.run(
    `copy (select ${columns.join(', ')}, 't' || (range % 7) as text from range(30000)) to ${literal(target)}`,
  );
  writer.close();
  const db = await Database.open(workspace.folder);
  try {
    const folders = { folder: workspace.folder, workspace: workspace.folder };
    const table = await loadSource(db, 'large', 'large.parquet', { folders, read: {}, types: new Map() });
    expect(table.columns.map(({ name }) => name)).toEqual([...columns.map((_, i) => `x${i}`), 'text']);
    expect(table.rows).toBe(30_000);
    for (const name of ['x0', 'x1', 'x199', 'x200', 'x395', 'x399', 'text']) {
      const other = await db.row(
        `select count(*) as n from (select ${quoted(name)} as found from ${quoted('large')})
         positional join (select ${quoted(name)} as written from read_parquet(${literal(target)}))
         where found is distinct from written`,
      );
      expect([name, Number(other['n'])]).toEqual([name, 0]);
    }
  } finally {
    db.close();
  }
});
