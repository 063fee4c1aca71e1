import { defaultRunName } from '../../../shared/names.js';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { chooseExperiment } from './choose-experiment.js';
import { mayTrain } from '../../editor/trust.js';
import { readSoundExperiment } from './sound-experiment.js';
import { startTraining } from './start-training.js';

/** Trains an experiment, and returns the folder of its run. */
export const trainExperiment: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return undefined;
    const found = await chooseExperiment(parts, args, t('Which experiment to train?'));
    if (found === undefined) return undefined;
    const experiment = await readSoundExperiment(found.uri);
    return experiment === null
      ? undefined
      : startTraining(parts, found, { experiment, name: defaultRunName(experiment), sets: [] });
  };
