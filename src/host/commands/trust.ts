import * as vscode from 'vscode';
import { t } from '../localise.js';

/** True where the workspace is trusted; else says why nothing is trained, and offers to change that. */
export async function mayTrain(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Trust');
  const message = t(
    'Training runs a program on the files of this workspace, which is not trusted. Runs can be looked at; trust the workspace to train.',
  );
  const answer = await vscode.window.showWarningMessage(message, manage);
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
