import { dirname } from 'node:path';
import type { DataOptions } from '../../data/options.js';
import { prepareData } from '../../data/prepare.js';
import type { PreparedData } from '../../data/prepared.js';
import { ExperimentError, placed, type ExperimentText } from '../../experiment/experiment-error.js';
import { workspaceOf } from '../../experiment/load.js';
import type { Experiment } from '../../experiment/schema.js';

/**
 * An experiment's file: its absolute path and its text, with which errors name line and column. The text is
 * null when it is not known what the file says by now.
 */
export type ExperimentFile = ExperimentText | { readonly path: string; readonly text: null };

/** Returns the text of an experiment with its path; undefined: it is not known. */
export const knownText = (file: ExperimentFile): ExperimentText | undefined =>
  file.text === null ? undefined : file;

/** Reads and encodes an experiment's data. Throws InputError if it is not as the experiment says. */
export async function readData(
  experiment: Experiment,
  file: ExperimentFile,
  onProgress: (text: string) => void,
  more: Pick<DataOptions, 'onNote' | 'earlier'> = {},
): Promise<PreparedData> {
  if (experiment.training.from !== undefined && more.earlier === undefined) {
    const message = 'training.from is for mmoe train alone, which goes on with one run; leave it out here';
    throw placed(new ExperimentError('training.from', message, ['training', 'from']), knownText(file));
  }
  return prepareData(experiment, { ...dataOptions(file), onProgress, ...more });
}

/** Returns where an experiment's data is looked for. */
export function dataOptions(file: ExperimentFile): DataOptions {
  const known = knownText(file);
  return {
    folder: dirname(file.path),
    workspace: workspaceOf(file.path),
    ...(known !== undefined && { file: known }),
  };
}
