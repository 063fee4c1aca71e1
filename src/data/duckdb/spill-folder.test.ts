import { chmod, lstat, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Database } from './database.js';
import { spillFolder } from './spill-folder.js';

let temporary: string;
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'mmoe-spill-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});

it('DuckDB spills to a folder of its own, which nobody else can look into, and leaves nothing', async () => {
  const db = await Database.open(await mkdtemp(join(temporary, 'workspace-')));
  const { folder } = await db.row(`select current_setting('temp_directory') as folder`);
  db.close();
  const parent = dirname(String(folder));
  expect(dirname(parent)).toBe(temporary);
  expect(await readdir(parent)).toEqual([]);
  if (process.platform !== 'win32') expect((await lstat(parent)).mode & 0o777).toBe(0o700);
});

it('the file for very wide tables has no name while it is used, and nothing stays of it', async () => {
  const db = await Database.open(await mkdtemp(join(temporary, 'workspace-')));
  const parent = dirname(spillFolder());
  await db.makeRoom(1000);
  await db.run('create table numbers as select range as x from range(100000)');
  await db.pack();
  const { path } = await db.row("select path from duckdb_databases() where database_name = 'wide'");
  expect(dirname(String(path))).toBe(parent);
  if (process.platform !== 'win32') expect(await readdir(parent)).toEqual([]);
  expect(await db.row('select sum(x)::double as sum from numbers')).toEqual({ sum: 4_999_950_000 });
  db.close();
  expect(await readdir(parent)).toEqual([]);
});

it('takes the same parent each time, and another folder in it', () => {
  const [first, second] = [spillFolder(), spillFolder()];
  expect(dirname(first)).toBe(dirname(second));
  expect(first).not.toBe(second);
});

it.skipIf(process.platform === 'win32')(
  'goes through no link and into no folder that others may look into',
  async () => {
    const usual = dirname(spillFolder());
    const elsewhere = join(temporary, 'elsewhere');
    await rename(usual, elsewhere);
    await symlink(elsewhere, usual);
    expect(dirname(spillFolder())).not.toBe(usual);
    await rm(usual);
    await mkdir(usual);
    await chmod(usual, 0o755);
    expect(dirname(spillFolder())).not.toBe(usual);
  },
);
