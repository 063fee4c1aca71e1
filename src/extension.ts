import * as vscode from 'vscode';
import { createParts, type OwnedParts } from './host/create-parts.js';
import { useTranslation } from './host/editor/localise.js';

let parts: OwnedParts | undefined;

export function activate(context: vscode.ExtensionContext): void {
  useTranslation(vscode.l10n.t);
  parts = createParts(context);
  context.subscriptions.push(parts);
}

/** Training outlives the window, unless the person has said otherwise. */
export async function deactivate(): Promise<void> {
  await parts?.closing();
  parts = undefined;
}
