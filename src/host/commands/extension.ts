import * as vscode from 'vscode';
import { walkthroughId } from '../contributions/contributions.js';
import { t } from '../editor/localise.js';
import type { Command } from '../parts.js';
import { runInTerminal } from '../program/in-terminal.js';
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
  await runInTerminal(parts.program(), {
    name: t('Install TensorFlow Backend'),
    args: ['install-tensorflow'],
  });
};
