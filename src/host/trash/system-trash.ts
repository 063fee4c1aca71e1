import * as vscode from 'vscode';

/** Moves a folder to the system's trash. Rejects if the system has none, as on remote machines. */
export async function moveToSystemTrash(folder: string): Promise<void> {
  await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true, useTrash: true });
}
