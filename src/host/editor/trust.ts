import * as vscode from 'vscode';
import { t } from './localise.js';

/** Returns whether the workspace is trusted to be trained in. If it is not, the person is told. */
export const mayTrain = (): boolean =>
  isTrusted(
    t(
      'Training runs a program on the files of this workspace, which is not trusted. ' +
        'Runs can be looked at; trust the workspace to train.',
    ),
  );

/** Returns whether the workspace is trusted to be written to. If it is not, the person is told. */
export const mayChange = (): boolean =>
  isTrusted(
    t(
      'This would write to the files of this workspace, which is not trusted. ' +
        'Runs can be looked at; trust the workspace to change or stop them.',
    ),
  );

/** Returns whether the workspace is trusted; shows `message`, and offers to change that, if it is not. */
function isTrusted(message: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = t('Manage Trust');
  void vscode.window
    .showWarningMessage(message, manage)
    .then((answer) =>
      answer === manage ? vscode.commands.executeCommand('workbench.trust.manage') : undefined,
    );
  return false;
}
