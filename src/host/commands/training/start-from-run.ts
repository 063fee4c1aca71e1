import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { experimentName, newExperimentFile } from '../../../shared/names.js';
import { fileNameOf } from '../../editor/file-name.js';
import { t } from '../../editor/localise.js';
import { plainText } from '../../editor/plain-text.js';
import { mayTrain } from '../../editor/trust.js';
import { experimentAt, shortPath } from '../../experiments/experiment-collection.js';
import { startFromEdit } from '../../experiment-file/document-syntax.js';
import type { Command, ExtensionParts } from '../../parts.js';
import { experimentOfRun, whyNoExperiment, whyNotHere } from '../../runs/experiment-of-run.js';
import { hasWeights, type ReadableRun } from '../../runs/run-collection.js';
import { noWeights } from '../predict/with-weights.js';
import { chooseRun } from '../runs/choose-run.js';

/** An experiment that is to start from a run. */
interface Target extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
  /** The experiment that it is a copy of; absent: it is there already. */
  readonly copyOf?: vscode.Uri;
}

/**
 * Lets an experiment of the same workspace start from a run: a copy of the run's experiment under a name of its own, or
 * one that is there. Its `training.from` is set as an edit of the open file, which the person can undo, change and save.
 */
export const startFromRun: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return undefined;
    await parts.loaded();
    const run = await chooseRun(parts, args, {
      placeholder: t('From which run to start?'),
      none: t('There is no run with weights yet.'),
      refuse: (one) => whyNotHere(parts.runs, one) ?? (hasWeights(one) ? null : noWeights(parts, one)),
    });
    if (run === undefined) return undefined;
    const name = parts.runs.names.full(run);
    const targets = await targetsFor(parts, run);
    if (targets.length === 0) {
      void vscode.window.showInformationMessage(
        whyNoExperiment(run) ?? t('There is no experiment in this workspace yet'),
      );
      return undefined;
    }
    const target = await vscode.window.showQuickPick(targets, {
      placeHolder: t('Which experiment is to start from the weights of {0}?', plainText(name)),
    });
    if (target === undefined) return undefined;
    const { uri, copyOf } = target;
    if (copyOf !== undefined) await vscode.workspace.fs.copy(copyOf, uri, { overwrite: false });
    const editor = await vscode.window.showTextDocument(uri);
    return setFrom(editor, run, copyOf === undefined ? null : parts.runs.names.short(run));
  };

/** Returns the experiments that may start from a run: those whose runs lie beside it. */
async function targetsFor(parts: ExtensionParts, run: ReadableRun): Promise<Target[]> {
  await parts.experiments.ready();
  const own = experimentOfRun(run);
  const others = parts.experiments.experiments
    .filter(({ workspace }) => workspace === run.workspace)
    .map(({ uri, path }) => ({
      label: `$(beaker) ${plainText(experimentName(path))}`,
      description: plainText(shortPath(uri.fsPath)),
      uri,
    }));
  if ('refusal' in own) return others;
  const { uri } = experimentAt(vscode.Uri.file(own.file));
  const folder = dirname(own.file);
  const stem = fileNameOf(`${experimentName(own.named)} from ${parts.runs.names.short(run)}`);
  const name = newExperimentFile(stem.replaceAll(/[\s·]+/g, '-'), (taken) => existsSync(join(folder, taken)));
  const copy = {
    label: `$(new-file) ${t('New: {0}', plainText(name))}`,
    description: t('a copy of {0}', plainText(experimentName(own.named))),
    uri: vscode.Uri.file(join(folder, name)),
    copyOf: uri,
  };
  const isOwn = (one: { readonly uri: vscode.Uri }): boolean => one.uri.toString() === uri.toString();
  return [copy, ...others.filter(isOwn), ...others.filter((one) => !isOwn(one))];
}

/** Sets `training.from` in an open file, and shows it. `named`: the run, in the name of an experiment that is new. */
async function setFrom(
  editor: vscode.TextEditor,
  { entry }: ReadableRun,
  named: string | null,
): Promise<boolean> {
  const { document } = editor;
  const edit = startFromEdit(document.getText(), {
    id: entry.id,
    variant: named === null ? null : (entry.manifest.network?.variant ?? null),
    named,
    tabSize: Number(editor.options.tabSize),
    insertSpaces: editor.options.insertSpaces !== false,
  });
  const isEdited =
    edit !== null &&
    (await editor.edit((builder) =>
      builder.replace(
        new vscode.Range(document.positionAt(edit.offset), document.positionAt(edit.offset + edit.length)),
        edit.content,
      ),
    ));
  if (!isEdited) {
    void vscode.window.showErrorMessage(
      t('{0} is no experiment that could be edited: it has errors.', shortPath(document.uri.fsPath)),
    );
    return false;
  }
  const at = document.getText().indexOf(JSON.stringify(entry.id));
  const place = new vscode.Range(document.positionAt(at), document.positionAt(at + entry.id.length + 2));
  editor.selection = new vscode.Selection(place.start, place.end);
  editor.revealRange(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return true;
}
