import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { shortPath } from '../../experiments/experiment-collection.js';
import { t } from '../../editor/localise.js';

const saveAttempts = 10;
const savePauseMilliseconds = 100;

/** Saves a file if it has unsaved changes. False: it could not be saved, and the person has been told. */
export async function saved(uri: vscode.Uri): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (document === undefined || (await isSaved(document))) return true;
  void vscode.window.showErrorMessage(
    t('{0} has unsaved changes and could not be saved.', shortPath(uri.fsPath)),
  );
  return false;
}

/**
 * Saves a document if it has unsaved changes. The editor refuses a save while its auto-save is at work on the
 * same document, so it is asked again for a moment.
 */
async function isSaved(document: vscode.TextDocument): Promise<boolean> {
  for (let attempt = 0; document.isDirty && attempt < saveAttempts; attempt++) {
    if (await document.save()) return true;
    await sleep(savePauseMilliseconds);
  }
  return !document.isDirty;
}
