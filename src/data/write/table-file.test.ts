import { readdir, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeSource } from '../decide/describe.js';
import type { TableColumn } from '../duckdb/append-table.js';
import { writeTable } from './table-file.js';
import { TempWorkspace } from '../temp-workspace.fixture.js';

let workspace: TempWorkspace;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
});
afterEach(() => workspace.remove());

/**
 * Batches of 7 rows: numbers that count up, every fifth missing, and texts of which whole batches are
 * missing.
 */
async function* batches(rows: number): AsyncGenerator<TableColumn[]> {
  for (let from = 0; from < rows; from += 7) {
    await Promise.resolve();
    const at = Array.from({ length: Math.min(7, rows - from) }, (_, i) => from + i);
    yield [
      { name: 'n', values: Float64Array.from(at, (row) => (row % 5 === 0 ? NaN : row / 4)) },
      { name: 'say "it"', values: at.map((row) => (from % 2 === 0 ? null : `row, ${row}`)) },
    ];
  }
}

it.each([1, 6, 7, 8, 200])(
  'a table of %i rows is the same, however many of them are held at once',
  async (rows) => {
    const written: string[] = [];
    for (const atOnce of [1, 20, 1000]) {
      expect(await writeTable(batches(rows), workspace.path('out/t.csv'), { rowsAtOnce: atOnce })).toBe(rows);
      written.push(await readFile(workspace.path('out/t.csv'), 'utf8'));
    }
    const expected = Array.from({ length: rows }, (_, row) => {
      const text = (row - (row % 7)) % 2 === 0 ? '' : `"row, ${row}"`;
      return `${row % 5 === 0 ? '' : (row / 4).toFixed(2).replace(/0$/, '')},${text}`;
    });
    expect(new Set(written)).toEqual(new Set([`${['n,"say ""it"""', ...expected].join('\n')}\n`]));
    expect(await readdir(workspace.path('out'))).toEqual(['t.csv']);
  },
);

it('a Parquet file is put together of its parts, in order', async () => {
  expect(await writeTable(batches(100), workspace.path('out/t.parquet'), { rowsAtOnce: 10 })).toBe(100);
  expect(await readdir(workspace.path('out'))).toEqual(['t.parquet']);
  const wrong =
    'select count(*) as n, count(*) filter (where n <> position / 4) as wrong ' +
    'from (select *, file_row_number as position';
  const { columns } = await describeSource(
    { sql: `${wrong} from read_parquet('out/t.parquet', file_row_number = true))` },
    workspace.options,
  );
  expect(columns.map(({ max }) => max)).toEqual(['100', '0']);
});

it('what fails on the way leaves no parts behind', async () => {
  async function* broken(): AsyncGenerator<TableColumn[]> {
    yield* batches(30);
    throw new Error('the engine gave up');
  }
  await expect(writeTable(broken(), workspace.path('out/t.csv'), { rowsAtOnce: 10 })).rejects.toThrow(
    'the engine gave up',
  );
  expect(await readdir(workspace.path('out'))).toEqual([]);
});
