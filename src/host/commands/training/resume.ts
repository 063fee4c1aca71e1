import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { whyNotHere } from '../../runs/experiment-of-run.js';
import type { ReadableRun } from '../../runs/run-collection.js';
import { statusLabel } from '../../runs/run-status-text.js';
import { chooseRuns } from '../runs/choose-run.js';
import { mayTrain } from '../../editor/trust.js';
import { isLive } from '../../../shared/run/run-status.js';

/** Resumes runs from their last checkpoint. */
export const resume: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return;
    await parts.loaded();
    const runs = await chooseRuns(parts, args, {
      placeholder: t('Which run to resume?'),
      none: t('There is no run to resume: none was stopped or interrupted.'),
      refuse: (run) => whyNotHere(parts.runs, run) ?? refuse(run),
    });
    for (const run of runs) {
      await parts.announcements.follow(run.entry.folder);
      await parts.trainer.resume(run.entry.folder, run.workspace);
    }
  };

function refuse({ entry }: ReadableRun): string | null {
  const { name } = entry.manifest;
  if (entry.status === 'finished') return t('{0} has finished: there is nothing left to train.', name);
  if (isLive(entry)) return t('{0} is {1} already.', name, statusLabel(entry.status));
  return entry.manifest.experiment === null
    ? t('{0} never began to train: train its experiment instead.', name)
    : null;
}
