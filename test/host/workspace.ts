import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { runsFolderFor } from '../../src/run/files/run-paths.js';
import { runManifestSchema, type RunManifest } from '../../src/shared/run/run-manifest.js';
import { runIdsIn } from '../run-ids.js';

/** The folder that the window has open. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return folder.uri.fsPath;
}

export async function write(path: string, text: string): Promise<vscode.Uri> {
  const file = join(workspaceFolder(), path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return vscode.Uri.file(file);
}

/** Ids of the run folders. */
export function runIds(): Promise<string[]> {
  return runIdsIn(runsFolderFor(workspaceFolder()));
}

export async function manifest(id: string): Promise<RunManifest> {
  return v.parse(
    runManifestSchema,
    JSON.parse(await readFile(join(runsFolderFor(workspaceFolder()), id, 'run.json'), 'utf8')),
  );
}

export async function removeRuns(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await rm(runsFolderFor(workspaceFolder()), { recursive: true, force: true });
}

/** A small experiment on the paper's synthetic data. */
export const smallExperiment = JSON.stringify({
  data: { source: { synthetic: { rows: 2000, dimensions: 20 } } },
  tasks: [
    { name: 'first', label: 'y1' },
    { name: 'second', label: 'y2' },
  ],
  training: { epochs: 20, learningRate: 0.01 },
});
