import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError, WorkError } from '../shared/errors.js';
import type { RunManifest } from '../shared/run/run-manifest.js';
import { systemRefusal } from '../shared/system-error.js';
import { newRunId } from './id.js';
import { isGone } from './files/is-gone.js';
import { newManifest, print } from './manifest.js';
import { runPaths } from './files/run-paths.js';
import { doLater, errorCode } from './files/file-work.js';
import { replaceFile } from './files/replace-file.js';
import { makeEmpty, refuseLinkedRuns } from './files/run-file.js';

export interface NewRun {
  readonly name: string;
  /** Relative to the folder that holds `.mmoe`, with forward slashes; null: none. */
  readonly experimentFile: string | null;
  readonly seed?: number;
  /** As run.json keeps it; absent: its trainer reads the file. With it, a resume can begin the training. */
  readonly experiment?: RunManifest['experiment'];
  readonly created?: Date;
  readonly comparison?: RunManifest['comparison'];
}

/** Throws an InputError where there can be none. */
export async function makeRunsFolder(runsFolder: string): Promise<void> {
  await doLater(refuseLinkedRuns(resolve(runsFolder)));
  try {
    const isFirst = (await stat(resolve(runsFolder)).catch(() => null)) === null;
    await makeFolders(resolve(runsFolder));
    if (isFirst) await keepOutOfGit(dirname(resolve(runsFolder)));
  } catch (error) {
    const refusal = systemRefusal(error);
    if (refusal !== null)
      throw new WorkError(
        'run.folder',
        `the folder for runs cannot be made: ${refusal.what}; ${refusal.help}, or name another one with --runs`,
      );
    const message =
      `the folder for runs cannot be made: ${errorCode(error)}; ` +
      'make room for it, or name another one with --runs';
    throw new InputError('run.folder', message, { file: runsFolder });
  }
}

/**
 * Keeps runs out of git, unless somebody has decided about that: checkpoints are large. Of a folder that is not
 * `.mmoe` nothing is known. It is no reason to make no run where this cannot be done.
 */
async function keepOutOfGit(folder: string): Promise<void> {
  if (basename(folder) === '.mmoe')
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
}

/**
 * A new run folder below `runsFolder`: queued, with an empty log, waiting for a trainer to take it. It is
 * made under a hidden name first, so that nobody sees it half done.
 */
export async function createRunFolder(
  runsFolder: string,
  run: NewRun,
): Promise<{ id: string; folder: string }> {
  const created = run.created ?? new Date();
  await makeRunsFolder(runsFolder);
  for (let attempt = 0; ; attempt++) {
    const id = newRunId(created);
    const folder = join(runsFolder, id);
    const hidden = join(runsFolder, unfinishedName(id));
    try {
      await mkdir(hidden);
      await removeAbandoned(runsFolder, hidden);
      await doLater(makeEmpty(runPaths(hidden).log));
      await replaceFile(runPaths(hidden).manifest, print(newManifest({ ...run, id, created })));
      await rename(hidden, folder);
      return { id, folder };
    } catch (error) {
      // ENOENT: it took so long that somebody has taken the hidden folder for an abandoned one.
      const taken = ['EEXIST', 'ENOTEMPTY', 'EPERM', 'ENOENT'].includes(errorCode(error));
      // EEXIST: a hidden folder of another program, which made the same id.
      if (errorCode(error) !== 'EEXIST') await rm(hidden, { recursive: true, force: true });
      const refusal = taken ? null : systemRefusal(error, runsFolder);
      if (refusal !== null)
        throw new WorkError(
          'run.folder',
          `a run cannot be made: ${refusal.what}; ${refusal.help}, and do it again`,
        );
      if (!taken || attempt >= 20) throw error;
    }
  }
}

/** While it is made, a run's folder is hidden, and its name says by which process of which machine. */
const unfinishedName = (id: string): string => `.${id}~${process.pid}@${hostname()}`;
const unfinishedPattern = /^\.\d{8}-\d{6}-[0-9a-z]{4}(?:~(\d+)@(.+))?$/;

/** Making a folder takes milliseconds. */
const abandonedAfterMinutes = 60;

/**
 * Removes the hidden folders that killed programs have left: those of processes of this machine that are gone,
 * and any that is old, by the clock of the file system, which has just made `own`. Should its maker live all
 * the same, it begins anew.
 */
async function removeAbandoned(runsFolder: string, own: string): Promise<void> {
  const { mtimeMs: now } = await stat(own);
  for (const name of await readdir(runsFolder)) {
    const match = unfinishedPattern.exec(name);
    const path = join(runsFolder, name);
    if (match === null || path === own) continue;
    const [, pid, host] = match;
    const info = await lstat(path).catch(() => null);
    if (info?.isDirectory() !== true) continue;
    const isOld = now - info.mtimeMs > abandonedAfterMinutes * 60_000;
    if (isOld || (host === hostname() && isGone(Number(pid))))
      await rm(path, { recursive: true, force: true });
  }
}

/**
 * Makes a folder and those above it. Node's `recursive` never returns where an existing folder takes no new
 * one, as /proc does, and says ENOENT of a disk that is read-only.
 */
export async function makeFolders(folder: string): Promise<void> {
  const way = [folder];
  while (dirname(way[0]!) !== way[0]) way.unshift(dirname(way[0]!));
  for (const part of way) {
    try {
      await mkdir(part);
    } catch (error) {
      const isFolder = await stat(part).then(
        (info) => info.isDirectory(),
        () => false,
      );
      // A file on the way is told by the next one, as ENOTDIR.
      if (!isFolder && (part === folder || errorCode(error) !== 'EEXIST')) throw error;
    }
  }
}
