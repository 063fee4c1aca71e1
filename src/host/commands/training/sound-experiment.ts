import * as vscode from 'vscode';
import { parseExperiment } from '../../../experiment/load.js';
import type { Experiment } from '../../../experiment/schema.js';
import type { Variant } from '../../../experiment/schema/variants.js';
import type { Problem } from '../../../shared/messages/reports.js';
import { openAt } from '../../editor/files.js';
import { t } from '../../editor/localise.js';
import { shortPath } from '../../experiments/experiment-collection.js';

/**
 * Reads the experiment in a file. Returns null if it has errors, which the person is told and can be shown.
 * With `variants`, the experiment is to be trained as each of these, and is sound if any of them fits it,
 * whatever variant it names itself.
 */
export async function readSoundExperiment(
  uri: vscode.Uri,
  variants: readonly Variant[] = [],
): Promise<Experiment | null> {
  const file = uri.fsPath;
  const text = await textOf(uri);
  if (text === null) {
    void vscode.window.showErrorMessage(
      t('{0} cannot be read: it is not there, or not a file.', shortPath(file)),
    );
    return null;
  }
  const { experiment, problems } = parseExperiment(text, file);
  for (const variant of experiment === null ? variants : []) {
    const other = parseExperiment(text, file, [`model.variant=${variant}`]).experiment;
    if (other !== null) return other;
  }
  const error = problems.find(({ severity }) => severity === 'error');
  if (experiment !== null && error === undefined) return experiment;
  void showError(file, error);
  return null;
}

/** Returns null if there is no such file. */
async function textOf(uri: vscode.Uri): Promise<string | null> {
  try {
    const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    return text.replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}

async function showError(file: string, error: Problem | undefined): Promise<void> {
  const { line = null, column = null, message = t('it has errors') } = error ?? {};
  const open = t('Open Experiment');
  const where = line === null ? shortPath(file) : `${shortPath(file)}:${line}`;
  const answer = await vscode.window.showErrorMessage(
    t('This experiment cannot be trained: {0} ({1})', message, where),
    open,
  );
  if (answer === open) await openAt(file, line ?? undefined, column ?? undefined);
}
