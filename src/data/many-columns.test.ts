import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from './duckdb/database.js';
import { numberFacts } from './decide/column-facts.js';
import { describeSource } from './decide/describe.js';
import { narrowed } from './gather/narrow.js';
import { loadSource } from './read/load-source.js';
import type { Wanted } from './read/table/wanted.js';
import { csv, TempWorkspace } from './temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

/** More than one statement asks for, and not a whole number of statements. */
const columns = Array.from({ length: 250 }, (_, column) => `x${column}`);
const rows = 40;
/** Bytes, shorts and fractions by turns, each column with a least value of its own. */
const valueOf = (row: number, column: number): number =>
  [row % 7, 300 + row, row + 0.1][column % 3]! + (column % 3 === 0 ? column % 200 : column);
const table = (change: (row: number, column: number) => string | number = valueOf): string =>
  csv(rows, Object.fromEntries(columns.map((name, column) => [name, (row: number) => change(row, column)])));

it('every column of a table with very many keeps its own facts and the smallest type of its values', async () => {
  await workspace.write('wide.csv', table());
  const db = await Database.open(workspace.folder);
  try {
    const folders = { folder: workspace.folder, workspace: workspace.folder };
    const source = await loadSource(db, 'wide', 'wide.csv', { folders, read: {}, types: new Map() });
    const facts = await numberFacts(db, source, source.columns);
    expect(facts.map(({ name, min, whole }) => [name, Number(min), whole])).toEqual(
      columns.map((name, column) => [name, valueOf(0, column), column % 3 !== 2]),
    );
    const wanted = columns.map((name): Wanted => ({ kind: 'number', sql: `"${name}"` }));
    const narrow = await narrowed(db, source, wanted, null);
    expect(narrow.map((one) => one.kind === 'number' && one.as)).toEqual(
      columns.map((_, column) => ['utinyint', 'usmallint', 'double'][column % 3]),
    );
  } finally {
    db.close();
  }
});

it('a value that is not finite is found in whichever of very many columns it is', async () => {
  const wrong = (row: number, column: number): string | number =>
    row === 30 && column === 242 ? 'inf' : valueOf(row, column);
  await workspace.write('wide.csv', table(wrong));
  const prepared = workspace.prepare({
    data: { source: 'wide.csv' },
    tasks: [{ label: 'x1' }, { label: 'x2' }],
  });
  await expect(prepared).rejects.toMatchObject({
    message: expect.stringContaining('"inf" is not a finite number') as unknown,
    place: { row: 31, columnName: 'x242' },
  });
});

it('a table of few rows has the same values and counts as one of many', async () => {
  const cells: Record<string, readonly (string | number)[]> = {
    whole: [3, 1, 3, '', 2, 900],
    large: ['9007199254740993', '9007199254740992', 5, 5, '', 5],
    fraction: [0.5, '-0.0', '0.0', '', 1e300, 0.5],
    text: ['b', 'a', 'b', '', 'ä', '007'],
    day: ['2024-01-02', '2024-01-01', '2024-01-02', '', '2024-02-01', '1999-12-31'],
    truth: ['true', 'false', 'true', '', 'true', 'true'],
    empty: ['', '', '', '', '', ''],
  };
  const times = 2000;
  const table = (repeated: number): string =>
    csv(
      6 * repeated,
      Object.fromEntries(
        Object.entries(cells).map(([name, values]) => [name, (row: number) => values[row % 6]!]),
      ),
    );
  await workspace.write('few.csv', table(1));
  await workspace.write('many.csv', table(times));
  const few = await describeSource('few.csv', workspace.options);
  const many = await describeSource('many.csv', workspace.options);
  const counted = (report: typeof few, by: number): unknown =>
    report.columns.map(({ name, type, distinct, missing, top }) => ({
      ...{ name, type, distinct, missing: missing * by },
      top: top.map(({ value, count }) => ({ value: value.replace('-0.0', '0.0'), count: count * by })),
    }));
  expect(counted(few, times)).toEqual(counted(many, 1));
  expect(few.columns.map(({ distinct }) => distinct)).toEqual([4, 3, 3, 4, 4, 2, 0]);
});
