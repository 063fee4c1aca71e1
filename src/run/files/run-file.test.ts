import { execFileSync } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { link, mkdir, readFile, readdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { doLater, doNow, type FileWork } from './file-work.js';
import {
  isReadable,
  makeEmpty,
  openToAppend,
  openToChange,
  readBytes,
  readIfThere,
  readText,
  readTimedText,
  refuseLinkedRuns,
  removeFile,
  removeRun,
  renameFile,
  writeNew,
} from './run-file.js';
import { replaceFile } from './replace-file.js';
import { runPaths, type RunPaths } from './run-paths.js';
import { temporaryFolder } from '../run-folder.fixture.js';

let workspace: string;
let outside: string;
let paths: RunPaths;
const secret = 'what lies outside\n';

beforeEach(async () => {
  workspace = await temporaryFolder();
  outside = join(await temporaryFolder(), 'outside.txt');
  await writeFile(outside, secret);
  paths = runPaths(join(workspace, '.mmoe/runs/20260101-000000-aaaa'));
  await mkdir(paths.checkpoints, { recursive: true });
});

/** All ways to open a file. */
const openings: [string, (path: string) => FileWork<unknown>][] = [
  ['reading', readText],
  ['reading what may be missing', readIfThere],
  ['reading with its time', readTimedText],
  ['looking whether it can be read', isReadable],
  ['appending', openToAppend],
  ['changing', openToChange],
  ['making it', makeEmpty],
];
/** All ways to make, move and remove one. */
const others: [string, (path: string) => FileWork<unknown>][] = [
  ['writing', (path) => writeNew(path, 'new')],
  ['removing', removeFile],
  ['renaming', (path) => renameFile(`${path}.tmp`, path)],
];

describe.each(openings)('%s', (_, open) => {
  it('follows no link of a file, whatever runs it', async () => {
    for (const path of [paths.events, paths.lastCheckpoint]) {
      await symlink(outside, path);
      expect(() => doNow(open(path))).toThrow(/is a link/);
      await expect(doLater(open(path))).rejects.toMatchObject({ code: 'run.link', place: { file: path } });
    }
    expect(await readFile(outside, 'utf8')).toBe(secret);
  });

  it('makes nothing where a link leads nowhere', async () => {
    await symlink(join(workspace, 'made'), paths.stop);
    await expect(doLater(open(paths.stop))).rejects.toMatchObject({ code: 'run.link' });
    expect(await readdir(workspace)).toEqual(['.mmoe']);
  });

  it('waits for no pipe, and takes no folder', async () => {
    execFileSync('mkfifo', [paths.log]);
    await mkdir(paths.heartbeat);
    for (const path of [paths.log, paths.heartbeat]) {
      expect(() => doNow(open(path))).toThrow(/should be a file/);
      await expect(doLater(open(path))).rejects.toMatchObject({ code: 'run.no-file' });
    }
  });
});

describe.each([...openings, ...others])('%s', (_, work) => {
  /** Each folder on the way, moved out of the workspace, with a link left in its place. */
  const folders = ['.mmoe', '.mmoe/runs', '.mmoe/runs/20260101-000000-aaaa'];
  it.each([...folders, `${folders[2]}/checkpoints`])(
    'goes through no link in place of %s',
    async (folder) => {
      const file = folder.endsWith('checkpoints') ? paths.bestCheckpoint : paths.log;
      await writeFile(file, secret);
      await writeFile(`${file}.tmp`, 'another');
      const elsewhere = join(dirname(outside), 'elsewhere');
      await rename(join(workspace, folder), elsewhere);
      await symlink(elsewhere, join(workspace, folder));
      await expect(doLater(work(file))).rejects.toMatchObject({
        code: 'run.link',
        place: { file: join(workspace, folder) },
      });
      expect(await readFile(file, 'utf8')).toBe(secret);
      expect(await readFile(`${file}.tmp`, 'utf8')).toBe('another');
    },
  );
});

it('a folder of runs that a person names may be a link, but not the folder of a run in it', async () => {
  const named = join(workspace, 'disk');
  await symlink(join(workspace, '.mmoe/runs'), named);
  await doLater(refuseLinkedRuns(named));
  await writeFile(paths.log, 'a log\n');
  const run = join(named, '20260101-000000-aaaa');
  expect(await doLater(readText(join(run, 'log.txt')))).toBe('a log\n');
  await symlink(run, join(named, 'other'));
  await expect(doLater(readText(join(named, 'other/log.txt')))).rejects.toMatchObject({ code: 'run.link' });
});

it('a file with a second name is read, and not written', async () => {
  await link(outside, paths.events);
  expect(await doLater(readText(paths.events))).toBe(secret);
  for (const open of [openToAppend, openToChange])
    await expect(doLater(open(paths.events))).rejects.toMatchObject({ code: 'run.link' });
});

it('a link in place of a file is replaced, and what it leads to stays', async () => {
  await symlink(outside, paths.manifest);
  await replaceFile(paths.manifest, '{}');
  expect(await doLater(readText(paths.manifest))).toBe('{}');
  expect(await readFile(outside, 'utf8')).toBe(secret);
});

it('removing a run removes of a link only the link', async () => {
  const run = join(workspace, '.mmoe/runs/linked');
  await symlink(dirname(outside), run);
  await doLater(removeRun(run));
  expect(await readdir(join(workspace, '.mmoe/runs'))).not.toContain('linked');
  expect(await readFile(outside, 'utf8')).toBe(secret);
});

it('a file that is replaced all the time is read as one of those that it was', async () => {
  await writeFile(paths.manifest, 'text 0');
  let isReading = true;
  const replacing = (async () => {
    for (let at = 1; isReading; at++) await replaceFile(paths.manifest, `text ${at}`);
  })();
  for (let time = 0; time < 200; time++)
    expect(await doLater(readText(paths.manifest))).toMatch(/^text \d+$/);
  isReading = false;
  await replacing;
});

it('what is missing is made to append to, and not to read', async () => {
  expect(await doLater(readIfThere(paths.log))).toBeNull();
  expect(await doLater(isReadable(paths.log))).toBe(false);
  await expect(doLater(readText(paths.log))).rejects.toMatchObject({ code: 'ENOENT' });
  for (const text of ['one\n', 'two\n']) {
    const file = doNow(openToAppend(paths.log));
    appendFileSync(file, text);
    closeSync(file);
  }
  expect(await doLater(readText(paths.log))).toBe('one\ntwo\n');
});

it('a file that no buffer holds is refused by its name, without being read', async () => {
  await writeFile(paths.bestCheckpoint, '');
  await truncate(paths.bestCheckpoint, 5e9);
  for (const read of [
    () => doLater(readIfThere(paths.bestCheckpoint)),
    async () => doNow(readBytes(paths.bestCheckpoint)),
  ])
    await expect(read()).rejects.toMatchObject({
      code: 'run.too-large',
      message:
        'best.safetensors has 5.0 GB, and at most 4.0 GB are read; it is not what the trainer has written',
    });
});
