import { basename, dirname, join } from 'node:path';

const dataFolder = '.mmoe';
const checkpointsFolder = 'checkpoints';

/** The files of a run folder (docs/formats.md). */
export interface RunPaths {
  readonly folder: string;
  readonly manifest: string;
  readonly events: string;
  readonly heartbeat: string;
  /** Exists: the trainer is asked to stop after a checkpoint. */
  readonly stop: string;
  readonly log: string;
  readonly encoder: string;
  readonly checkpoints: string;
  readonly lastCheckpoint: string;
  readonly bestCheckpoint: string;
  /** Of a run that has started from an earlier one: that one's weights and encoder. */
  readonly earlierCheckpoint: string;
  readonly earlierEncoder: string;
  /** Held while run.json is read, changed and replaced. */
  readonly lock: string;
}

export function runPaths(folder: string): RunPaths {
  const checkpoints = join(folder, checkpointsFolder);
  return {
    folder,
    manifest: join(folder, 'run.json'),
    events: join(folder, 'events.jsonl'),
    heartbeat: join(folder, 'heartbeat'),
    stop: join(folder, 'stop'),
    log: join(folder, 'log.txt'),
    encoder: join(folder, 'encoder.json'),
    checkpoints,
    lastCheckpoint: join(checkpoints, 'last.safetensors'),
    bestCheckpoint: join(checkpoints, 'best.safetensors'),
    earlierCheckpoint: join(checkpoints, 'earlier.safetensors'),
    earlierEncoder: join(checkpoints, 'earlier-encoder.json'),
    lock: join(folder, 'run.json.lock'),
  };
}

/** Returns where the runs of a workspace go; `workspace` is the folder that holds (or will hold) `.mmoe`. */
export function runsFolderFor(workspace: string): string {
  return join(workspace, dataFolder, 'runs');
}

/**
 * The folder that a run's `experimentFile` is relative to: the one that holds `.mmoe`, else the runs folder
 * itself.
 */
export function experimentBase(runsFolder: string): string {
  const parent = dirname(runsFolder);
  return basename(runsFolder) === 'runs' && basename(parent) === dataFolder ? dirname(parent) : runsFolder;
}

/**
 * Returns the folders on the way to a runs folder that must not be links: from `.mmoe` down. A folder that a
 * person names by `--runs` may be what they want it to be.
 */
export function foldersToRuns(runsFolder: string): string[] {
  const parent = dirname(runsFolder);
  if (basename(runsFolder) === dataFolder) return [runsFolder];
  return basename(parent) === dataFolder ? [parent, runsFolder] : [];
}

/** Returns the folders on the way to a run's folder that must not be links: also the run's own. */
export const foldersToRun = (folder: string): string[] => [...foldersToRuns(dirname(folder)), folder];

/** The index of a runs folder; while it is written, its name goes on. */
export const indexName = '.index.jsonl';

/** Returns the folders on the way to a file of a run, or to the index of runs, that must not be links. */
export function foldersToFile(path: string): string[] {
  const own = dirname(path);
  if (basename(path).startsWith(indexName)) return foldersToRuns(own);
  return basename(own) === checkpointsFolder ? [...foldersToRun(dirname(own)), own] : foldersToRun(own);
}
