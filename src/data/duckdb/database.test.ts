import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TempWorkspace } from '../temp-workspace.fixture.js';
import { Database } from './database.js';
import { itemsOf } from './vector.js';

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

it('tables are packed also while a statement runs beside, which ends as it would', async () => {
  await db.run('create table numbers as select range as x from range(100000)');
  const beside = await db.beside();
  let isRunning = true;
  const sum = beside
    .row('select sum(range % 7)::double as n from range(50000000)')
    .finally(() => (isRunning = false));
  while (isRunning) {
    await db.run('create or replace table other as select 1 as x');
    await db.pack();
  }
  expect((await sum)['n']).toBe(149_999_997);
  expect((await db.row('select count(*)::integer as n from numbers'))['n']).toBe(100_000);
});

it('no statement loads an extension, also one that lies in the workspace, nor takes the walls down', async () => {
  const planted = join(workspace.folder, 'planted.duckdb_extension');
  await writeFile(planted, 'no extension');
  for (const statement of [`load '${planted}'`, 'load httpfs', 'install httpfs'])
    await expect(db.run(statement), statement).rejects.toThrow(/disabled/);
  await expect(db.run('set enable_external_access = true')).rejects.toThrow(/locked/);
});

it.each([
  "city in ('c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7')",
  "upper(city) in ('C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7')",
])('rows come in their order, also those of many values: %s', async (condition) => {
  await db.run("create table visits as select range as x, 'c' || (range % 9) as city from range(500000)");
  await db.run(`create table kept as select x from visits where ${condition}`);
  for (const query of [`select x from visits where ${condition}`, 'select x from kept']) {
    const result = await db.stream(`select x::double as x from (${query})`);
    let last = -1;
    let rows = 0;
    for (
      let chunk;
      (chunk = await result.fetchChunk()) !== null && chunk.rowCount > 0;
      rows += chunk.rowCount
    ) {
      for (const x of itemsOf(chunk.getColumnVector(0))) {
        if (x < last) throw new Error(`row ${String(x)} comes after row ${String(last)}`);
        last = x;
      }
    }
    expect(rows).toBe(388_889);
  }
});
