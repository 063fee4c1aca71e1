import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { execute } from '../../contributions/editor-names.js';
import {
  experimentAt,
  isExperimentUri,
  shortPath,
  type FoundExperiment,
} from '../../experiments/experiment-collection.js';
import { ExperimentNode } from '../../experiments/experiments-view.js';
import { t } from '../../editor/localise.js';
import type { ExtensionParts } from '../../parts.js';
import { fileInWorkspace } from '../../runs/experiment-of-run.js';
import { GroupNode } from '../../runs-view/run-node.js';
import { saved } from './saved.js';
import { experimentName } from '../../../shared/names.js';
import { plainText } from '../../editor/plain-text.js';

/**
 * Returns the experiment that a command is about: the one that it was called on, the one in the active
 * editor, or one of the workspace that the person picks. If there are none, ways to make one are offered.
 * Unsaved changes are saved first.
 */
export async function chooseExperiment(
  parts: ExtensionParts,
  args: readonly unknown[],
  placeholder: string,
): Promise<FoundExperiment | undefined> {
  const experiment =
    namedExperiment(args[0]) ?? activeExperiment() ?? (await pickExperiment(parts, placeholder));
  if (experiment === undefined) return undefined;
  return (await saved(experiment.uri)) ? experiment : undefined;
}

function namedExperiment(argument: unknown): FoundExperiment | undefined {
  if (argument instanceof ExperimentNode) return argument.experiment;
  if (argument instanceof vscode.Uri) return experimentAt(argument);
  if (!(argument instanceof GroupNode) || argument.group.experimentFile === null) return undefined;
  const { workspace, experimentFile } = argument.group;
  const file = fileInWorkspace(workspace, experimentFile);
  if (file !== null) return experimentAt(vscode.Uri.file(file));
  throw new Error(
    t('The experiment of these runs lies outside of the folder {0}, at {1}.', workspace, experimentFile),
  );
}

/**
 * Returns the experiment in front. The tab counts as well: the active editor can be that of a panel, and is
 * not known at once for a file that was just opened.
 */
function activeExperiment(): FoundExperiment | undefined {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uris = [
    vscode.window.activeTextEditor?.document.uri,
    tab instanceof vscode.TabInputText ? tab.uri : undefined,
  ];
  const uri = uris.find((one) => one !== undefined && one.scheme === 'file' && isExperimentUri(one));
  return uri && experimentAt(uri);
}

async function pickExperiment(
  parts: ExtensionParts,
  placeholder: string,
): Promise<FoundExperiment | undefined> {
  await parts.experiments.ready();
  const { experiments } = parts.experiments;
  const make = { label: `$(new-file) ${t('New Experiment from Data…')}`, experiment: undefined };
  const sample = { label: `$(beaker) ${t('Create Sample Files…')}`, experiment: undefined };
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator, experiment: undefined };
  const items = experiments.map((experiment) => ({
    label: `$(beaker) ${plainText(experimentName(experiment.path))}`,
    description: plainText(shortPath(dirname(experiment.uri.fsPath))),
    experiment,
  }));
  const picked = await vscode.window.showQuickPick<
    vscode.QuickPickItem & { experiment: FoundExperiment | undefined }
  >(items.length === 0 ? [make, sample] : [...items, separator, make], {
    placeHolder: items.length === 0 ? t('There is no experiment in this workspace yet') : placeholder,
    matchOnDescription: true,
  });
  if (picked === make) await execute('mmoe.newExperiment');
  if (picked === sample) await execute('mmoe.createSample');
  return picked?.experiment;
}
