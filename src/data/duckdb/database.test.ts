import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TempWorkspace } from '../temp-workspace.fixture.js';
import { Database } from './database.js';

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
