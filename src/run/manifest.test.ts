import { execFile } from 'node:child_process';
import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { createRunFolder } from './create-run.js';
import {
  editComparison,
  editManifest,
  newManifest,
  parseManifest,
  readManifest,
  replaceManifestSync,
} from './manifest.js';
import { runPaths } from './files/run-paths.js';
import { temporaryFolder } from './run-folder.fixture.js';

const run = promisify(execFile);

async function newRun(): Promise<{ folder: string }> {
  return createRunFolder(join(await temporaryFolder(), '.mmoe', 'runs'), {
    name: 'census',
    experimentFile: 'census.mmoe.json',
  });
}

async function manifestOf(folder: string) {
  const reading = await readManifest(folder);
  if (reading.state !== 'ok') throw new Error(reading.state);
  return reading.manifest;
}

test('what a person changes survives the trainer, and the other way round', async () => {
  const { folder } = await newRun();
  const trainers = await manifestOf(folder);
  await editManifest(folder, { name: 'renamed', starred: true, archived: true, notes: 'good', tags: ['a'] });
  const written = replaceManifestSync(folder, { ...trainers, status: 'running', parameters: 7 });
  expect(written).toMatchObject({
    name: 'renamed',
    starred: true,
    archived: true,
    notes: 'good',
    tags: ['a'],
    status: 'running',
    parameters: 7,
  });
  await editManifest(folder, { starred: false });
  expect(await manifestOf(folder)).toEqual({ ...written, starred: false });
});

test('notes have a time of their own, later than the last by any clock; nothing else moves it', async () => {
  const { folder } = await newRun();
  const at = async () => Date.parse((await manifestOf(folder)).notesChanged ?? '');
  expect(await at()).toBeNaN();
  const clock = Date.parse('2030-01-01T00:00:00Z');
  await editManifest(folder, { notes: 'one' }, () => clock);
  expect(await at()).toBe(clock);
  await editManifest(folder, { notes: 'two' }, () => clock - 60_000);
  expect(await at()).toBe(clock + 1);
  await editManifest(folder, { notes: 'two', starred: true }, () => clock + 5000);
  replaceManifestSync(folder, {
    ...(await manifestOf(folder)),
    notesChanged: '2020-01-01T00:00:00Z',
    parameters: 8,
  });
  expect(await at()).toBe(clock + 1);
});

test('what a person writes of a comparison survives the trainer, which knows the rest of it', async () => {
  const { folder } = await newRun();
  await editComparison(folder, { name: 'of none' });
  expect((await manifestOf(folder)).comparison).toBeNull();
  const comparison = { id: 'c', name: 'films: mmoe, omoe', leftOut: [] };
  replaceManifestSync(folder, { ...(await manifestOf(folder)), comparison });
  const trainers = await manifestOf(folder);
  const path = runPaths(folder).manifest;
  await writeFile(path, (await readFile(path, 'utf8')).replace('"leftOut"', '"novelty": 1, "leftOut"'));
  await editComparison(folder, { name: 'Baselines', notes: 'wide' }, () =>
    Date.parse('2026-11-24T09:00:00Z'),
  );
  expect(await readFile(path, 'utf8')).toContain('"novelty": 1');
  replaceManifestSync(folder, { ...trainers, parameters: 7 });
  expect(await manifestOf(folder)).toMatchObject({
    parameters: 7,
    comparison: {
      ...comparison,
      name: 'Baselines',
      notes: 'wide',
    },
  });
  const changed = async () => Date.parse((await manifestOf(folder)).comparison?.notesChanged ?? '');
  const before = await changed();
  await editComparison(folder, { notes: 'wider' }, () => 0);
  expect(await changed()).toBe(before + 1);
});

test('two processes that change run.json at once lose nothing, and leave no files behind', async () => {
  const { folder } = await newRun();
  const work = await temporaryFolder();
  const bundle = async (name: string, code: string): Promise<string> => {
    const outfile = join(work, `${name}.mjs`);
    const contents = [
      "import { editManifest, readManifest, readManifestSync, replaceManifestSync } from './manifest.js';",
      `const folder = ${JSON.stringify(folder)};`,
      code,
    ].join('\n');
    await build({
      stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    return outfile;
  };
  const person = await bundle(
    'person',
    `for (let i = 1; i <= 60; i++) {
       await editManifest(folder, { notes: 'note ' + i });
       const { manifest } = await readManifest(folder);
       if (manifest.notes !== 'note ' + i) throw new Error('lost note ' + i);
     }`,
  );
  const trainer = await bundle(
    'trainer',
    `let { manifest } = readManifestSync(folder);
     for (let i = 1; i <= 60; i++) {
       manifest = replaceManifestSync(folder, { ...manifest, parameters: i });
       if (readManifestSync(folder).manifest.parameters !== i) throw new Error('lost ' + i);
     }`,
  );
  await Promise.all([person, trainer].map((file) => run(process.execPath, [file])));
  expect(await manifestOf(folder)).toMatchObject({ notes: 'note 60', parameters: 60 });
  expect((await readdir(folder)).sort()).toEqual(['log.txt', 'run.json']);
});

test('the lock of a process that is gone is taken away', async () => {
  const { folder } = await newRun();
  const { stdout } = await run(process.execPath, ['-p', 'process.pid']);
  await writeFile(
    runPaths(folder).lock,
    JSON.stringify({ pid: Number(stdout), host: hostname(), token: 'x' }),
  );
  await editManifest(folder, { notes: 'through' });
  expect((await manifestOf(folder)).notes).toBe('through');
});

test('the lock of a live process is waited for', async () => {
  const { folder } = await newRun();
  const { lock } = runPaths(folder);
  await writeFile(lock, JSON.stringify({ pid: process.pid, host: hostname(), token: 'x' }));
  let done = false;
  const edit = editManifest(folder, { notes: 'through' }).then(() => (done = true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(done).toBe(false);
  await rm(lock);
  await edit;
  expect((await manifestOf(folder)).notes).toBe('through');
});

test('fields of a newer program stay when an older one edits', async () => {
  const { folder } = await newRun();
  const path = runPaths(folder).manifest;
  const whole = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...whole, novelty: [1, 2] }));
  await editManifest(folder, { starred: true });
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ novelty: [1, 2], starred: true });
});

test('a broken run.json, one of a newer format and one of another shape each say what they are', () => {
  const good = newManifest({ id: 'a', name: 'a', experimentFile: null, created: new Date() });
  const reason = (text: string): string => {
    const reading = parseManifest(text);
    return reading.state === 'unreadable' ? reading.reason : reading.state;
  };
  expect(reason(JSON.stringify(good))).toBe('ok');
  expect(reason(JSON.stringify(good).slice(0, 50))).toMatch(/not whole/);
  expect(reason(JSON.stringify({ ...good, format: 2 }))).toMatch(/format 2.*newer version/);
  expect(reason(JSON.stringify({ ...good, status: 'dreaming' }))).toMatch(/"status"/);
  expect(reason('7')).toMatch(/not as expected/);
});

test('a run says which comparison it belongs to; one from before there were any belongs to none', () => {
  const comparison = { id: '20261124-083012-k3f9', name: 'census: mmoe, omoe, 3 seeds' };
  const { comparison: _, ...older } = newManifest({
    id: 'a',
    name: 'a',
    experimentFile: null,
    created: new Date(),
    comparison,
  });
  expect(parseManifest(JSON.stringify({ ...older, comparison }))).toMatchObject({
    state: 'ok',
    manifest: { comparison },
  });
  expect(parseManifest(JSON.stringify(older))).toMatchObject({ state: 'ok', manifest: { comparison: null } });
});

test('a run folder that is gone is no error to a reader, and one to an editor', async () => {
  const { folder } = await newRun();
  await rm(folder, { recursive: true });
  expect(await readManifest(folder)).toEqual({ state: 'gone' });
  await expect(editManifest(folder, { notes: 'x' })).rejects.toThrow();
});

test('a run.json of more than 16 MB is refused without being read', async () => {
  const { folder } = await newRun();
  await truncate(runPaths(folder).manifest, 20e6);
  expect(await readManifest(folder)).toEqual({
    state: 'unreadable',
    reason: expect.stringContaining('run.json has 20 MB, and at most 16 MB are read') as string,
  });
});
