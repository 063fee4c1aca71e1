import { mayTrain } from '../../editor/trust.js';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { hasWeights } from '../../runs/run-collection.js';
import { chooseRun } from '../runs/choose-run.js';
import { noWeights } from './with-weights.js';

/** Opens a form with one row's values, whose predictions and gates follow what is typed. */
export const tryRow: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    const run = await chooseRun(parts, args, {
      placeholder: t('Try a row with which run?'),
      none: t('No run has been trained yet.'),
      refuse: (one) => (hasWeights(one) ? null : noWeights(parts, one)),
    });
    if (run !== undefined) parts.tryRow.open(run);
  };
