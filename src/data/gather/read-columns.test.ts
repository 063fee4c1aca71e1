import { afterEach, beforeEach, expect, it } from 'vitest';
import { Database } from '../duckdb/database.js';
import { loadSource } from '../read/load-source.js';
import { csv, TempWorkspace } from '../temp-workspace.fixture.js';
import { readBlocks } from './read-blocks.fixture.js';

let workspace: TempWorkspace;
let db: Database;
beforeEach(async () => {
  workspace = await TempWorkspace.create();
  db = await Database.open(workspace.folder);
});
afterEach(() => {
  db.close();
  return workspace.remove();
});

it('an expression that makes more rows than the table has is refused, and reading ends', async () => {
  await workspace.write('table.csv', csv(5000, { x: (row) => row }));
  const folders = { folder: workspace.folder, workspace: workspace.folder };
  const table = await loadSource(db, 'table', 'table.csv', { folders, read: {}, types: new Map() });
  const read = (sql: string) => readBlocks(db, table, [{ kind: 'number', sql }], null);
  expect((await read('x')).reduce((sum, { rows }) => sum + rows, 0)).toBe(5000);
  await expect(read('unnest([x, x])')).rejects.toThrow('makes more rows than the 5000 of');
});
