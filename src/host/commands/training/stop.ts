import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command } from '../../parts.js';
import { statusLabel } from '../../runs/run-status-text.js';
import { chooseRuns } from '../runs/choose-run.js';
import { isLive } from '../../../shared/run/run-status.js';

/** Asks the trainers of runs to write a checkpoint and stop. */
export const stop: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    const runs = await chooseRuns(parts, args, {
      placeholder: t('Which run to stop?'),
      none: t('No run is training.'),
      refuse: (run) =>
        isLive(run.entry)
          ? null
          : t('{0} is not training: it is {1}.', parts.runs.names.full(run), statusLabel(run.entry.status)),
    });
    await Promise.all(runs.map((run) => run.store.requestStop(run.entry.id)));
  };
