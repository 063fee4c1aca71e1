import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newRunId } from './id.js';
import { newManifest, print } from './manifest.js';
import { runPaths } from './paths.js';
import { errorCode, replaceFile } from './replace-file.js';

export interface NewRun {
  readonly name: string;
  /** Relative to the folder that holds `.mmoe`, with forward slashes; null: none. */
  readonly experimentFile: string | null;
  readonly seed?: number;
  readonly created?: Date;
}

/** A new run folder below `runsFolder`: queued, with an empty log, waiting for a trainer to take it. */
export async function createRunFolder(runsFolder: string, run: NewRun): Promise<{ id: string; folder: string }> {
  const created = run.created ?? new Date();
  await mkdir(runsFolder, { recursive: true });
  for (let attempt = 0; ; attempt++) {
    const id = newRunId(created);
    const folder = join(runsFolder, id);
    try {
      await mkdir(folder);
    } catch (error) {
      if (errorCode(error) === 'EEXIST' && attempt < 20) continue;
      throw error;
    }
    try {
      await writeFile(runPaths(folder).log, '');
      await replaceFile(runPaths(folder).manifest, print(newManifest({ ...run, id, created })));
      return { id, folder };
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
}
