import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRunFolder } from './create-run.js';
import { temporaryFolder } from './run-folder.fixture.js';

test('making a run removes what killed programs have left half made, and nothing that somebody makes', async () => {
  const runs = join(await temporaryFolder(), '.mmoe', 'runs');
  const gone = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => gone.once('exit', resolve));
  const make = async (name: string, hoursAgo = 0) => {
    const folder = join(runs, name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'log.txt'), '');
    const time = Date.now() / 1000 - hoursAgo * 3600;
    await utimes(folder, time, time);
  };
  await make(`.20260101-000000-dead~${gone.pid}@${hostname()}`);
  await make('.20260101-000000-oldv', 2);
  await make('.20260101-000000-far2~1@elsewhere', 2);
  const kept = [
    '.20260101-000000-far1~1@elsewhere',
    `.20260101-000000-live~${process.pid}@${hostname()}`,
    '.20260101-000000-newv',
    '20260101-000000-runs',
  ];
  for (const name of kept) await make(name);
  await make('.something else', 48);

  const { id } = await createRunFolder(runs, { name: 'a', experimentFile: null });
  expect((await readdir(runs)).sort()).toEqual([...kept, '.something else', id].sort());
});

test('the first run keeps runs out of git, unless somebody has decided about that', async () => {
  const folder = await temporaryFolder();
  const [fresh, own] = [join(folder, 'fresh', '.mmoe'), join(folder, 'own', '.mmoe')];
  await createRunFolder(join(fresh, 'runs'), { name: 'a', experimentFile: null });
  expect(await readFile(join(fresh, '.gitignore'), 'utf8')).toBe('*\n');
  await rm(join(fresh, '.gitignore'));
  await createRunFolder(join(fresh, 'runs'), { name: 'b', experimentFile: null });
  await expect(readFile(join(fresh, '.gitignore'))).rejects.toThrow('ENOENT');
  await mkdir(own, { recursive: true });
  await writeFile(join(own, '.gitignore'), 'checkpoints/\n');
  await createRunFolder(join(own, 'runs'), { name: 'a', experimentFile: null });
  expect(await readFile(join(own, '.gitignore'), 'utf8')).toBe('checkpoints/\n');
  await createRunFolder(join(folder, 'elsewhere'), { name: 'a', experimentFile: null });
  expect((await readdir(folder)).sort()).toEqual(['elsewhere', 'fresh', 'own']);
});
