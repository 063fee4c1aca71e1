import { basename, dirname, join, resolve } from 'node:path';
import { readdir } from 'node:fs/promises';
import { workspaceOf } from '../../experiment/load.js';
import { didYouMean } from '../../experiment/near.js';
import { doLater, isMissing } from '../../run/files/file-work.js';
import { readManifest } from '../../run/manifest.js';
import { factsOf, refuseLinkedRuns } from '../../run/files/run-file.js';
import { runPaths, runsFolderFor } from '../../run/files/run-paths.js';
import { InputError } from '../../shared/errors.js';
import { runsCalled } from './derived-names.js';

/** Returns the workspace that the person works in: the one of the folder where the program was started. */
export const workspaceHere = (): string => workspaceOf(join(process.cwd(), 'here'));

/** The runs folder that a command without an experiment file looks at. */
export function runsFolderHere(given: string | undefined): string {
  return given !== undefined ? resolve(given) : runsFolderFor(workspaceHere());
}

/**
 * RUN: a folder (or its run.json), an id, a unique start of one, or a name that one run has, as run.json has it
 * or as the editor shows it. Returns its folder.
 */
export async function findRun(run: string, runsFolder: string): Promise<string> {
  const path = resolve(run);
  const folder = basename(path) === 'run.json' ? dirname(path) : path;
  if (await isThere(runPaths(folder).manifest)) return folder;
  const ids = await runIds(runsFolder);
  if (ids.includes(run)) return join(runsFolder, run);
  const starting = run === '' ? [] : ids.filter((id) => id.startsWith(run));
  const runs = await Promise.all(
    ids.map(async (id) => ({ id, reading: await readManifest(join(runsFolder, id)) })),
  );
  const named = runsCalled(
    run,
    runs.flatMap(({ reading }) => (reading.state === 'ok' ? [reading.manifest] : [])),
  ).map(({ id }) => id);
  const found = named.length > 0 ? named : starting;
  if (found.length === 1) return join(runsFolder, found[0]!);
  const label = (id: string): string => {
    const reading = runs.find((one) => one.id === id)?.reading;
    return reading?.state === 'ok' ? `${id} (${reading.manifest.name})` : id;
  };
  if (found.length > 1) {
    throw new InputError(
      'run.ambiguous',
      `${found.length} runs are called "${run}": ${listed(found.map(label))}; give more of the id`,
    );
  }
  const names = runs.flatMap(({ reading }) => (reading.state === 'ok' ? [reading.manifest.name] : []));
  const near = didYouMean(run, names);
  if (near !== '')
    throw new InputError('run.unknown', `there is no run "${run}"${near}`, { file: runsFolder });
  const recent = [...ids].sort().reverse().slice(0, 5).map(label);
  const known = recent.length === 0 ? 'there is none yet' : `the latest are ${listed(recent)}`;
  throw new InputError('run.unknown', `there is no run "${run}"; ${known}`, { file: runsFolder });
}

/** Names of the folders that hold a run.json. Throws InputError where a link leads to them. */
export async function runIds(runsFolder: string): Promise<string[]> {
  await doLater(refuseLinkedRuns(runsFolder));
  const items = await readdir(runsFolder, { withFileTypes: true }).catch((error: unknown) => {
    // None yet; what is there and cannot be read is another thing.
    if (isMissing(error)) return [];
    throw error;
  });
  const folders = items
    .filter((item) => (item.isDirectory() || item.isSymbolicLink()) && !item.name.startsWith('.'))
    .map((item) => item.name);
  const are = await Promise.all(folders.map((name) => isThere(runPaths(join(runsFolder, name)).manifest)));
  return folders.filter((_, index) => are[index]);
}

/** Returns whether something has this name; what it is shows when it is opened. */
const isThere = async (path: string): Promise<boolean> =>
  (await doLater(factsOf(path)).catch(() => null)) !== null;

/** Lists at most six. */
export const listed = (items: readonly string[]): string =>
  items.length > 6 ? `${items.slice(0, 6).join(', ')} …` : items.join(', ');
