import * as vscode from 'vscode';
import { doLater } from '../../../run/files/file-work.js';
import { isReadable } from '../../../run/files/run-file.js';
import { runPaths } from '../../../run/files/run-paths.js';
import { t } from '../../editor/localise.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { experimentOfRun, whyNoExperiment } from '../../runs/experiment-of-run.js';
import type { HostRun } from '../../runs/run-collection.js';
import { chooseRun, namedRuns } from './choose-run.js';

/**
 * Commands that open the files of a run as text, or show where they are. Runs that cannot be read have files,
 * too.
 */
async function runFor(
  parts: ExtensionParts,
  args: readonly unknown[],
  placeholder: string,
): Promise<HostRun | undefined> {
  const [named] = await namedRuns(parts, args.slice(0, 1));
  return (
    named ??
    (await chooseRun(parts, [], { placeholder, none: t('There is no run yet.'), refuse: () => null }))
  );
}

export const openExperimentOfRun: Command =
  (parts) =>
  async (...args) => {
    const run = await chooseRun(parts, args, {
      placeholder: t('The experiment of which run?'),
      none: t('There is no run yet.'),
      refuse: whyNoExperiment,
    });
    const experiment = run && experimentOfRun(run);
    if (experiment !== undefined && 'file' in experiment)
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(experiment.file));
  };

export const openLog: Command =
  (parts) =>
  async (...args) => {
    const run = await runFor(parts, args, t('The log of which run?'));
    if (run === undefined) return;
    const { log } = runPaths(run.entry.folder);
    if (await doLater(isReadable(log)))
      await vscode.window.showTextDocument(vscode.Uri.file(log), { preview: true });
    else void vscode.window.showInformationMessage(t('This run has no log: its log.txt was deleted.'));
  };

export const openRunFolder: Command =
  (parts) =>
  async (...args) => {
    const run = await runFor(parts, args, t('The folder of which run?'));
    if (run === undefined) return;
    const uri = vscode.Uri.file(runPaths(run.entry.folder).manifest);
    const isRemote = vscode.env.remoteName !== undefined || vscode.env.uiKind === vscode.UIKind.Web;
    await vscode.commands.executeCommand(isRemote ? 'revealInExplorer' : 'revealFileInOS', uri);
  };

export const openRunJson: Command =
  (parts) =>
  async (...args) => {
    const run = await runFor(parts, args, t('The run.json of which run?'));
    if (run === undefined) return;
    const { manifest } = runPaths(run.entry.folder);
    if (await doLater(isReadable(manifest)))
      await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(manifest), 'default');
  };

export const copyRunId: Command =
  (parts) =>
  async (...args) => {
    const run = await runFor(parts, args, t('The id of which run?'));
    if (run !== undefined) await vscode.env.clipboard.writeText(run.entry.id);
  };
