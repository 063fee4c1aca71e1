import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';
import type { Command } from '../../parts.js';
import { ComparisonNode, ListNode } from '../../runs-view/run-node.js';
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
    if (run !== undefined) await parts.runEditor.open(run.entry.folder);
  };

/**
 * Does what the preview key does on an item of the tree: runs and comparisons have been shown by being selected, and
 * lists are opened and closed, as in other trees.
 */
export const previewSelected: Command = (parts) => async () => {
  const [node] = parts.runsView.selected;
  if (node instanceof ListNode && !(node instanceof ComparisonNode))
    await vscode.commands.executeCommand('list.toggleExpand');
};

/** Opens the run that stands so many places below that of the active page in the tree, as it is filtered and sorted. */
const openNeighbour =
  (by: 1 | -1): Command =>
  (parts) =>
  async () => {
    const folder = parts.runEditor.activeFolder;
    if (folder === null) return;
    await parts.loaded();
    const next = await parts.runsView.neighbour(folder, by);
    if (next === undefined) {
      void vscode.window.showInformationMessage(
        by > 0
          ? t('There is no run below it in the Runs view.')
          : t('There is no run above it in the Runs view.'),
      );
      return;
    }
    await parts.runEditor.open(next.entry.folder, { preview: true });
    await parts.runsView.reveal(next.entry.folder);
  };

export const nextRun = openNeighbour(1);
export const previousRun = openNeighbour(-1);

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
  if (picked !== undefined) await parts.runEditor.open(picked.run.entry.folder);
};
