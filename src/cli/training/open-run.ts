import { join, relative, sep } from 'node:path';
import type { Experiment } from '../../experiment/schema.js';
import { createRunFolder } from '../../run/create-run.js';
import { isRunId } from '../../run/id.js';
import { experimentBase } from '../../run/files/run-paths.js';
import { RunWriter } from '../../run/writer.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { experimentField } from './manifest-fields.js';

/** Reading the data beats now and then only, and large tables take their time. */
const dataDeadlineSeconds = 1800;

/** Opens a run whose data is still to be read. `from` is the process that holds it for this one. */
export const openRunToTrain = (folder: string, from: number | null = null): Promise<RunWriter> =>
  RunWriter.open(folder, dataDeadlineSeconds, from);

/** Makes a run of the experiment in `file` and opens it. */
export async function createRun(
  runsFolder: string,
  file: string,
  { experiment, ...run }: { name: string; experiment: Experiment; comparison?: RunManifest['comparison'] },
): Promise<RunWriter> {
  const { folder } = await createRunFolder(runsFolder, {
    ...run,
    experimentFile: relative(experimentBase(runsFolder), file).split(sep).join('/'),
    seed: experiment.training.seed,
    // From the first moment on: a run that is killed before it trains can be resumed.
    experiment: experimentField(experiment),
  });
  return openRunToTrain(folder);
}

/** Opens a run that waits for its trainer. Throws InputError if it does not. */
export async function openQueuedRun(runsFolder: string, id: string): Promise<RunWriter> {
  if (!isRunId(id)) throw new InputError('run.id', `"${id}" is not the id of a run`);
  const writer = await openRunToTrain(join(runsFolder, id));
  if (writer.manifest.status === 'queued') return writer;
  writer.close();
  throw new InputError('run.not-queued', `run ${id} has been trained already; use mmoe resume`, {
    file: writer.paths.folder,
  });
}
