import { ExperimentError, placed } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import { InputError } from '../../shared/errors.js';
import { knownText, type ExperimentFile } from './read-data.js';

/**
 * The settings that a mistake is about, by the code of an error that only shows when the network has been
 * made for the data.
 */
const places: Readonly<Record<string, JsonPath>> = {
  'network.interactions': ['model', 'interactions'],
  'training.nothing-shared': ['training', 'lossWeighting'],
  'training.stop-early-metric': ['training', 'stopEarly', 'metric'],
};

/** Does the work. An error that it throws names its place in the experiment. */
export function withPlaces<Made>(file: ExperimentFile, work: () => Made): Made {
  try {
    return work();
  } catch (error) {
    const path = error instanceof InputError ? places[error.code] : undefined;
    const about =
      error instanceof InputError && path !== undefined
        ? new ExperimentError(error.code, error.message, path)
        : error;
    throw placed(about, knownText(file));
  }
}
