import * as vscode from 'vscode';
import { isInside, realPath } from '../../experiment/inside.js';

/** Opens a file at a place; lines and columns count from 1. */
export async function openAt(file: string, line?: number, column?: number): Promise<void> {
  const position = new vscode.Position(Math.max(0, (line ?? 1) - 1), Math.max(0, (column ?? 1) - 1));
  const options = line === undefined ? {} : { selection: new vscode.Range(position, position) };
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), options);
}

/** Returns whether a file lies in one of the folders that are open, with links followed. */
export const isInOpenFolder = (file: string): boolean =>
  (vscode.workspace.workspaceFolders ?? []).some(
    ({ uri }) => uri.scheme === 'file' && isInside(realPath(uri.fsPath), realPath(file)),
  );
