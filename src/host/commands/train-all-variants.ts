import { variants } from '../../experiment/schema.js';
import { newRunId } from '../../run/id.js';
import { t } from '../localise.js';
import type { Command } from '../parts.js';
import { chooseExperiment } from './choose-experiment.js';
import { soundExperiment } from './train.js';
import { mayTrain } from './trust.js';

/** Trains an experiment with each variant, one after another, on the same rows. */
export const trainAllVariants: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const found = await chooseExperiment(parts, args, t('Which experiment to train with each variant?'));
    if (found === undefined || (await soundExperiment(found.uri)) === null) return;
    const id = newRunId(new Date());
    await parts.trainer.compare(
      { file: found.uri.fsPath, workspace: found.workspace },
      { id, variants, logFolder: parts.context.logUri.fsPath },
    );
    await parts.refresh();
  };
