import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { doLater } from '../../../run/file-work.js';
import { isReadable } from '../../../run/run-file.js';
import { runPaths } from '../../../run/run-paths.js';
import { t } from '../../editor/localise.js';
import type { Command, ExtensionParts } from '../../parts.js';
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
  const [named] = await namedRuns(parts, args);
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
      refuse: ({ entry, workspace }) => {
        const { name, experimentFile } = entry.manifest;
        if (experimentFile === null) return t('{0} does not say which experiment it belongs to.', name);
        return existsSync(join(workspace, experimentFile))
          ? null
          : t('The experiment of {0} is no longer at {1}.', name, experimentFile);
      },
    });
    const file = run?.entry.manifest.experimentFile;
    if (run !== undefined && typeof file === 'string')
      await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(run.workspace, file)));
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
