import type { RunWriter } from '../../run/writer.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { endUntrained } from '../training/end-run.js';
import { createRun } from '../training/open-run.js';
import type { WantedRun } from './wanted-runs.js';

/** Makes all of the runs or none: those made are marked as stopped when another cannot be. */
export async function queueRuns(
  runsFolder: string,
  path: string,
  wanted: readonly WantedRun[],
  shared: Pick<RunManifest, 'comparison' | 'git'>,
): Promise<RunWriter[]> {
  const queued: RunWriter[] = [];
  try {
    for (const { experiment, name } of wanted) {
      const writer = await createRun(runsFolder, path, {
        name,
        experiment,
        comparison: shared.comparison,
      });
      queued.push(writer);
      writer.update({ git: shared.git });
    }
    return queued;
  } catch (error) {
    for (const writer of queued) endUntrained(writer);
    throw error;
  }
}
