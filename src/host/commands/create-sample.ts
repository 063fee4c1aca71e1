import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../editor/localise.js';
import type { Command, ExtensionParts } from '../parts.js';
import { ask, errorsIn } from '../program/program.js';
import { mayTrain } from '../editor/trust.js';
import { isExperimentFile } from '../../shared/names.js';

/**
 * Writes sample experiments and a generated table to a new folder of the workspace, or of a folder that the
 * person picks.
 */
export const createSample: Command = (parts) => async () => {
  const folder = await sampleFolder();
  if (folder === undefined || !mayTrain()) return;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Creating sample files…') },
    () => writeSample(parts, folder),
  );
};

async function writeSample(parts: ExtensionParts, folder: vscode.Uri): Promise<void> {
  const existing = await readdir(folder.fsPath).catch(() => []);
  if (existing.length > 0)
    return void vscode.window.showErrorMessage(
      t('{0} is not empty. Sample files are written to a new folder only.', folder.fsPath),
    );
  await mkdir(folder.fsPath, { recursive: true });
  const { code, stdout, stderr } = await ask(parts.program(), ['sample', folder.fsPath], folder.fsPath);
  if (code !== 0) {
    parts.log.error(`${stdout}${stderr}`);
    return void vscode.window.showErrorMessage(
      t('The sample files could not be written: {0}', errorsIn(stderr) || stderr.trim()),
    );
  }
  if (vscode.workspace.getWorkspaceFolder(folder) === undefined) {
    await vscode.commands.executeCommand('vscode.openFolder', folder);
    return;
  }
  await parts.refresh();
  const [first] = (await readdir(folder.fsPath)).filter(isExperimentFile).sort();
  if (first !== undefined)
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(folder, first));
}

async function sampleFolder(): Promise<vscode.Uri | undefined> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  if (workspace !== undefined)
    return vscode.Uri.file(await unused(join(workspace.uri.fsPath, 'mmoe-sample')));
  const [parent] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: t('Create Here'),
      title: t('Where to create the folder with the sample files?'),
    })) ?? [];
  return parent === undefined ? undefined : vscode.Uri.file(await unused(join(parent.fsPath, 'mmoe-sample')));
}

async function unused(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? path : `${path}-${number}`;
    const found = await readdir(candidate).catch(() => null);
    if (found === null) return candidate;
  }
}
