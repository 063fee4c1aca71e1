import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { openRunPage } from '../../run-page/run-editor.js';
import { liveRuns } from '../../runs/training-status.js';
import { chooseRun, pickRun } from './choose-run.js';
import { runDescription } from '../../runs/run-description.js';
import { plainText } from '../../editor/plain-text.js';

/**
 * Opens the charts of a run. Without an argument it asks which one: the run whose page is active is open
 * already.
 */
export const openRun: Command =
  (parts) =>
  async (...args) => {
    const choice = {
      placeholder: t('Which run to open?'),
      none: t('There is no run yet. Train an experiment first.'),
      refuse: () => null,
    };
    const run = args.length > 0 ? await chooseRun(parts, args, choice) : await pickRun(parts, choice);
    if (run !== undefined) await openRunPage(run.entry.folder);
  };

/** Opens the run that trains; if there are several, the person picks one. */
export const showRunning: Command = (parts) => async () => {
  await parts.loaded();
  const live = liveRuns(parts.runs);
  if (live.length === 0) return void vscode.window.showInformationMessage(t('No run is training.'));
  const items = live.map((run) => ({
    label: plainText(parts.runs.names.full(run)),
    description: runDescription(run.entry),
    run,
  }));
  const picked =
    live.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, { placeHolder: t('Which run to open?') });
  if (picked !== undefined) await openRunPage(picked.run.entry.folder);
};
