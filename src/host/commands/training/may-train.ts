import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';

/** True where the workspace is trusted; else says why nothing is trained, and offers to change that. */
export function mayTrain(): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Trust');
  const message = t(
    'Training runs a program on the files of this workspace, which is not trusted. Runs can be looked at; trust the workspace to train.',
  );
  void vscode.window
    .showWarningMessage(message, manage)
    .then((answer) =>
      answer === manage ? vscode.commands.executeCommand('workbench.trust.manage') : undefined,
    );
  return false;
}
