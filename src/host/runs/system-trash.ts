import * as vscode from 'vscode';

/** Rejects where the system has no trash, as on remote machines. */
export async function toSystemTrash(folder: string): Promise<void> {
  await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash: true });
}
