import type { Experiment } from './schema.js';
import { valueAt } from './sense/methods-sense.js';
import { newerEpochs, newerPatience } from './schema/training.js';

/**
 * Returns an experiment with the defaults that `"defaults": 2` asks for. `written` is the experiment as the
 * person wrote it: what it says counts. A training goes on while it gets better, unless its length is written,
 * nothing can be judged, or its learning rate falls over all epochs.
 */
export function withNewerDefaults(experiment: Experiment, written: unknown): Experiment {
  const { defaults, training, data } = experiment;
  if (defaults === 1) return experiment;
  const { schedule, stopEarly } = training;
  const falls = typeof schedule === 'object' && (schedule.kind === 'cosine' || schedule.kind === 'linear');
  if (valueAt(written, ['training', 'epochs']) !== undefined || data.validation === 0 || falls)
    return experiment;
  const patience = stopEarly.patience ?? newerPatience;
  return {
    ...experiment,
    training: { ...training, epochs: newerEpochs, stopEarly: { ...stopEarly, patience } },
  };
}
