import * as vscode from 'vscode';
import { parseExperiment } from '../../../experiment/load.js';
import type { Experiment } from '../../../experiment/schema.js';
import type { Variant } from '../../../experiment/schema/variants.js';
import { readSetting } from '../../contributions/editor-names.js';
import { shortPath, type FoundExperiment } from '../../experiments/experiment-collection.js';
import { t } from '../../editor/localise.js';
import { openAt } from '../../editor/files.js';
import type { Command, Parts } from '../../parts.js';
import { openRunPage } from '../../run-page/run-editor.js';
import { chooseExperiment } from './choose-experiment.js';
import { mayTrain } from './may-train.js';
import { defaultRunName } from '../../../shared/names.js';

/** Trains an experiment; answers with the folder of its run. */
export const train: Command =
  (parts) =>
  async (...args) => {
    if (!mayTrain()) return undefined;
    const found = await chooseExperiment(parts, args, t('Which experiment to train?'));
    if (found === undefined) return undefined;
    const experiment = await soundExperiment(found.uri);
    return experiment === null
      ? undefined
      : startTraining(parts, found, { experiment, name: defaultRunName(experiment), sets: [] });
  };

/** Starts a run and shows it; answers with its folder. */
export async function startTraining(
  parts: Parts,
  found: FoundExperiment,
  { experiment, name, sets }: { experiment: Experiment; name: string; sets: readonly string[] },
): Promise<string> {
  const folder = await parts.trainer.train({
    file: found.uri.fsPath,
    workspace: found.workspace,
    path: found.path,
    name,
    seed: experiment.training.seed,
    sets,
  });
  await parts.announcements.follow(folder);
  if (readSetting('mmoe.openRunOnTrain')) await openRunPage(folder);
  void parts.runsView.reveal(folder);
  return folder;
}

/**
 * The experiment in a file; null where it has errors, which are said and shown at their place. `variants`: it
 * is to be trained as any of these that it can be, whatever it says itself.
 */
export async function soundExperiment(
  uri: vscode.Uri,
  variants: readonly Variant[] = [],
): Promise<Experiment | null> {
  const file = uri.fsPath;
  let text: string;
  try {
    text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  } catch {
    void vscode.window.showErrorMessage(
      t('{0} cannot be read: it is not there, or not a file.', shortPath(file)),
    );
    return null;
  }
  const plain = text.replace(/^\uFEFF/, '');
  const { experiment, problems } = parseExperiment(plain, file);
  for (const variant of experiment === null ? variants : []) {
    const other = parseExperiment(plain, file, [`model.variant=${variant}`]).experiment;
    if (other !== null) return other;
  }
  const error = problems.find(({ severity }) => severity === 'error');
  if (experiment !== null && error === undefined) return experiment;
  const open = t('Open Experiment');
  const where = typeof error?.line !== 'number' ? shortPath(file) : `${shortPath(file)}:${error.line}`;
  void vscode.window
    .showErrorMessage(
      t('This experiment cannot be trained: {0} ({1})', error?.message ?? t('it has errors'), where),
      open,
    )
    .then((answer) =>
      answer === open ? openAt(file, error?.line ?? undefined, error?.column ?? undefined) : undefined,
    );
  return null;
}
