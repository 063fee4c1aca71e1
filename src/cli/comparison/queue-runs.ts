import type { RunWriter } from '../../run/writer.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { endUntrained } from '../training/end-run.js';
import { experimentField } from '../training/manifest-fields.js';
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
        seed: experiment.training.seed,
        comparison: shared.comparison,
      });
      queued.push(writer);
      // Its trainer reads it there, and a run that never gets its turn can be resumed all the same.
      writer.update({ experiment: experimentField(experiment), git: shared.git });
    }
    return queued;
  } catch (error) {
    for (const writer of queued) endUntrained(writer);
    throw error;
  }
}
