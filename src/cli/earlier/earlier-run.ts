import { parseEncoder } from '../../data/encode/encoder.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import { doLater } from '../../run/files/file-work.js';
import { readIfThere } from '../../run/files/run-file.js';
import { runPaths, type RunPaths } from '../../run/files/run-paths.js';
import { InputError } from '../../shared/errors.js';
import { decodeOptimizer } from '../../training/checkpoint/checkpoint.js';
import { decodeEarlier, type Earlier } from '../../training/earlier/earlier.js';
import { joinedWeights } from '../../engine/members.js';
import { readModel } from '../prediction/model.js';
import { findRun } from '../runs/find-run.js';
import { readCheckpoint } from '../training/checkpoint-file.js';

/** Bytes of an encoder: no text of Node's is longer. */
const mostEncoderBytes = 5e8;

/**
 * Returns the run that an experiment starts from; null: none. Throws an ExperimentError where there is none of that
 * name among the runs of the folder, or it has no weights.
 */
export async function earlierRunOf(
  { training: { from } }: Experiment,
  runsFolder: string,
): Promise<Earlier | null> {
  if (from === undefined) return null;
  try {
    const paths = runPaths(await findRun(from, runsFolder));
    const { manifest, experiment, encoder, members, epoch } = await readModel(paths);
    const last = await readCheckpoint(paths.lastCheckpoint);
    return {
      ...{ id: manifest.id, name: manifest.name, epoch, model: experiment.model, members: members.length },
      encoder,
      weights: joinedWeights(members),
      optimizer: (last && decodeOptimizer(last)) ?? { step: 0, moments: new Map() },
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ExperimentError('training.from', `training.from: ${error.message}`, ['training', 'from']);
  }
}

/** Returns what a run that is gone on with had started from: its own copy, or, before there is one, the run. */
export async function earlierOfRun(
  experiment: Experiment,
  paths: RunPaths,
  runsFolder: string,
): Promise<Earlier | null> {
  if (experiment.training.from === undefined) return null;
  const bytes = await readCheckpoint(paths.earlierCheckpoint);
  const text = await doLater(readIfThere(paths.earlierEncoder, mostEncoderBytes));
  if (bytes === null || text === null) return earlierRunOf(experiment, runsFolder);
  return decodeEarlier(bytes, parseEncoder(text.toString('utf8')));
}
