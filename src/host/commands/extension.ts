import * as vscode from 'vscode';
import { walkthroughId } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import type { Command } from '../parts.js';
import { programEnvironmentOverrides } from '../program/program.js';
import { mayTrain } from '../editor/trust.js';

/** Commands about the extension as a whole. */

export const showOutput: Command = (parts) => () => parts.log.show();
export const refresh: Command = (parts) => () => parts.refresh();

export const openWalkthrough: Command = (parts) => () =>
  vscode.commands.executeCommand(
    'workbench.action.openWalkthrough',
    `${parts.context.extension.id}#${walkthroughId}`,
    false,
  );

/** Builds TensorFlow's binding in a terminal, where its progress and its errors can be read. */
export const installTensorflowBackend: Command = (parts) => async () => {
  if (!mayTrain()) return;
  const { node, script } = parts.program();
  const execution = new vscode.ProcessExecution(node, [script, 'install-tensorflow'], {
    env: programEnvironmentOverrides,
  });
  const name = t('Install TensorFlow Backend');
  const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, name, 'MMoE', execution, []);
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, focus: true, clear: true };
  await vscode.tasks.executeTask(task);
};
