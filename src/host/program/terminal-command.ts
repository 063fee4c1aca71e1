import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type * as vscode from 'vscode';
import { t } from '../editor/localise.js';
import type { Program } from './program.js';

/** Puts `mmoe` on the PATH of the editor’s terminals, where the editor’s own Node runs it. */
export function offerTerminalCommand(context: vscode.ExtensionContext, { node }: Program): void {
  const folder = join(context.extensionPath, 'dist', 'bin');
  const separator = process.platform === 'win32' ? ';' : ':';
  const variables = context.environmentVariableCollection;
  variables.persistent = true;
  variables.description = t('Makes the `mmoe` command available');
  variables.append('PATH', `${separator}${folder}`);
  variables.replace('MMOE_NODE', node);
  // The installed files may have lost their permissions.
  if (process.platform !== 'win32') void chmod(join(folder, 'mmoe'), 0o755).catch(() => undefined);
}
