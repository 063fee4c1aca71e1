import { readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolders } from '../../run/create-run.js';
import { doLater } from '../../run/files/file-work.js';
import { readManifest } from '../../run/manifest.js';
import { refuseLinkedRuns, removeRun } from '../../run/files/run-file.js';

/**
 * Deleted runs lie in `.mmoe/trash` first. That is a move within one file system, which can be undone at once
 * and as a whole. From there they go to the system’s trash; if there is none (on remote machines), they stay
 * for a week.
 */

/** Matches the folder of a trashed run, `<id>~<milliseconds since 1970>`. */
const trashedName = /^(?<id>.+)~(?<at>\d{13})$/;
const secondMilliseconds = 1000;
/** For so long another window may still offer to undo a deletion. */
export const undoMilliseconds = 3600 * secondMilliseconds;
export const keptMilliseconds = 7 * 24 * 3600 * secondMilliseconds;

export interface TrashedRun {
  readonly folder: string;
  /** The folder that the run was in. */
  readonly runFolder: string;
  readonly deletedAt: number;
}

/** Studies have a trash of their own: they are no runs, and are not restored as such. */
const trashFolder = (runsFolder: string): string =>
  join(dirname(runsFolder), basename(runsFolder) === 'studies' ? 'trash-studies' : 'trash');

export async function moveToTrash(runFolder: string, now: number): Promise<TrashedRun> {
  const folder = trashFolder(dirname(runFolder));
  for (const one of [dirname(runFolder), folder]) await doLater(refuseLinkedRuns(one));
  await makeFolders(folder);
  const target = join(folder, `${basename(runFolder)}~${now}`);
  await rename(runFolder, target);
  return { folder: target, runFolder, deletedAt: now };
}

/** Moves a run back to where it was. Throws if there is a run again. */
export async function restore(trashed: TrashedRun): Promise<void> {
  for (const way of [trashed.folder, trashed.runFolder]) await doLater(refuseLinkedRuns(dirname(way)));
  await makeFolders(dirname(trashed.runFolder));
  if (await exists(trashed.runFolder)) throw new Error(`there is a run at ${trashed.runFolder}`);
  await rename(trashed.folder, trashed.runFolder);
}

/** Lists the trashed runs of a runs folder, the one deleted last first; none where a link leads to them. */
export async function trashedRuns(runsFolder: string): Promise<TrashedRun[]> {
  const folder = trashFolder(runsFolder);
  const names = await doLater(refuseLinkedRuns(folder))
    .then(() => readdir(folder))
    .catch(() => []);
  const found = names.flatMap((name) => {
    const groups = trashedName.exec(name)?.groups;
    if (groups?.['id'] === undefined || groups['at'] === undefined) return [];
    return [
      {
        folder: join(folder, name),
        runFolder: join(runsFolder, groups['id']),
        deletedAt: Number(groups['at']),
      },
    ];
  });
  return found.sort((a, b) => b.deletedAt - a.deletedAt);
}

/** Returns the name of a trashed run, or its id if it cannot be read. */
export async function nameOfTrashed({ folder, runFolder }: TrashedRun): Promise<string> {
  const reading = await readManifest(folder);
  return reading.state === 'ok' ? reading.manifest.name : basename(runFolder);
}

export interface Disposal {
  /** Moves a folder to the system’s trash; rejects if there is none. */
  readonly toSystemTrash: (folder: string) => Promise<void>;
  readonly now: number;
}

/** Discards the runs that were deleted before a time and can no longer be restored. */
export async function discardTrashed(
  trashed: readonly TrashedRun[],
  { toSystemTrash, now }: Disposal,
  before: number,
): Promise<void> {
  for (const run of trashed) {
    if (run.deletedAt > before) continue;
    try {
      await toSystemTrash(run.folder);
    } catch {
      if (now - run.deletedAt > keptMilliseconds) await doLater(removeRun(run.folder));
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
