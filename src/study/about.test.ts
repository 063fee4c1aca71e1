import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changeAbout, readAbout } from './about.js';
import { studyPaths, type StudyPaths } from './store.js';

let workspace: string;
let paths: StudyPaths;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'mmoe-about-'));
  paths = studyPaths(workspace, 'x');
  await mkdir(paths.folder, { recursive: true });
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

it('keeps a name and notes beside the study, each as it was where the other is changed', async () => {
  expect(await readAbout(paths)).toEqual({ name: '', notes: '', notesChanged: '' });
  await changeAbout(paths, { notes: '# why\n' });
  const { notesChanged } = await readAbout(paths);
  expect(Date.parse(notesChanged)).toBeGreaterThan(0);
  await changeAbout(paths, { name: 'rates, at last' });
  expect(await readAbout(paths)).toEqual({ name: 'rates, at last', notes: '# why\n', notesChanged });
  await changeAbout(paths, { notes: 'more' });
  expect(Date.parse((await readAbout(paths)).notesChanged)).toBeGreaterThan(Date.parse(notesChanged));
});

it('takes what is garbled for nothing, and writes through no link', async () => {
  await writeFile(join(paths.folder, 'about.json'), '{"name": 3, "notes": "n"}');
  expect(await readAbout(paths)).toMatchObject({ name: '', notes: 'n' });
  await writeFile(join(paths.folder, 'about.json'), '{');
  expect(await readAbout(paths)).toMatchObject({ name: '', notes: '' });
  const elsewhere = join(workspace, 'elsewhere.json');
  await writeFile(elsewhere, 'mine');
  await rm(join(paths.folder, 'about.json'));
  await symlink(elsewhere, join(paths.folder, 'about.json'));
  await expect(readAbout(paths)).rejects.toThrow();
  await expect(changeAbout(paths, { name: 'x' })).rejects.toThrow();
  expect(await readFile(elsewhere, 'utf8')).toBe('mine');
});
