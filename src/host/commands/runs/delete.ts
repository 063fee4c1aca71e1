import * as vscode from 'vscode';
import { execute } from '../../contributions/editor-names.js';
import { t } from '../../editor/localise.js';
import { mayChange } from '../../editor/trust.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { isReadable, type HostRun } from '../../runs/run-collection.js';
import type { RunNames } from '../../runs/run-names.js';
import { moveToSystemTrash } from '../../trash/system-trash.js';
import { discardTrashed, moveToTrash, type TrashedRun } from '../../trash/trash.js';
import { undoDeletion } from '../../trash/undo-deletion.js';
import { selectedComparison } from '../comparisons/choose-comparison.js';
import { chooseRuns, namedRuns } from './choose-run.js';
import { isLive } from '../../../shared/run/run-status.js';

/** Moves runs to the trash, and offers to undo that. Live runs must be stopped first. */
export const deleteRuns: Command =
  (parts) =>
  async (...args) => {
    if (!mayChange()) return;
    if (selectedComparison(parts, args) !== null) {
      await execute('mmoe.deleteComparison', ...args);
      return;
    }
    const runs = await chosen(parts, args);
    const live = runs.filter(isReadable).filter(({ entry }) => isLive(entry));
    if (live.length > 0) {
      refuseLive(live, parts.runs.names);
      return;
    }
    if (runs.length === 0) return;
    const message =
      runs.length === 1
        ? t('{0} was moved to the trash.', parts.runs.names.full(runs[0]!))
        : t('{0} runs were moved to the trash.', runs.length);
    await trashRuns(parts, runs, message);
  };

/** Moves runs to the trash, their pages closed, says so, and offers to undo that. */
export async function trashRuns(
  parts: ExtensionParts,
  runs: readonly HostRun[],
  message: string,
): Promise<void> {
  const trashed: TrashedRun[] = [];
  for (const run of runs) {
    await parts.runEditor.close(run.entry.folder);
    trashed.push(await moveToTrash(run.entry.folder, Date.now()));
  }
  await parts.runs.refresh();
  const undo = t('Undo');
  // The message is not awaited: the command is done, and the offer stands until it is dismissed.
  void vscode.window.showInformationMessage(message, undo).then(async (answer) => {
    if (answer === undo) await undoDeletion(parts.runs, trashed);
    else await discardTrashed(trashed, { toSystemTrash: moveToSystemTrash, now: Date.now() }, Infinity);
  });
}

/** Returns the runs to delete. Runs that cannot be read can be deleted if they were named. */
async function chosen(parts: ExtensionParts, args: readonly unknown[]): Promise<HostRun[]> {
  const named = await namedRuns(parts, args);
  if (named.length > 0) return named;
  return chooseRuns(parts, args, {
    placeholder: t('Which run to delete?'),
    none: t('There is no run to delete.'),
    refuse: (run) => (isLive(run.entry) ? t('{0} is training.', parts.runs.names.full(run)) : null),
  });
}

function refuseLive(runs: readonly HostRun[], names: RunNames): void {
  const stop = t('Stop');
  const message =
    runs.length === 1
      ? t('{0} is training. Stop it before deleting it.', names.full(runs[0]!))
      : t('{0} of these runs are training. Stop them before deleting them.', runs.length);
  void vscode.window.showWarningMessage(message, stop).then(async (answer) => {
    if (answer === stop) for (const run of runs) await execute('mmoe.stop', run.entry.folder);
  });
}
