import * as vscode from 'vscode';
import { t } from '../../editor/localise.js';

/**
 * Returns whether the workspace is trusted. If it is not, the person is told why nothing is trained, and is
 * offered to change that.
 */
export function mayTrain(): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Trust');
  const message = t(
    'Training runs a program on the files of this workspace, which is not trusted. ' +
      'Runs can be looked at; trust the workspace to train.',
  );
  void vscode.window
    .showWarningMessage(message, manage)
    .then((answer) =>
      answer === manage ? vscode.commands.executeCommand('workbench.trust.manage') : undefined,
    );
  return false;
}
