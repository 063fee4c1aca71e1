import { homedir } from 'node:os';
import { relative } from 'node:path';
import * as vscode from 'vscode';
import { workspaceOf } from '../../experiment/load.js';
import { runsFolderFor } from '../../run/files/run-paths.js';
import { isExperimentFile } from '../../shared/names.js';

/** An experiment file of the workspace. */
export interface FoundExperiment {
  readonly uri: vscode.Uri;
  /** The folder that holds (or will hold) `.mmoe`, where the runs go. */
  readonly workspace: string;
  /** The path from `workspace`, with forward slashes, as manifests name it. */
  readonly path: string;
}

export const experimentGlob = '**/*.mmoe.json';
export const isExperimentUri = (uri: vscode.Uri): boolean => isExperimentFile(uri.path);
const maxFiles = 5000;

export function experimentAt(uri: vscode.Uri): FoundExperiment {
  const workspace = workspaceOf(uri.fsPath);
  return { uri, workspace, path: relative(workspace, uri.fsPath).replaceAll('\\', '/') };
}

/** The experiment files of all workspace folders, kept up to date by a watcher. */
export class ExperimentCollection implements vscode.Disposable {
  private found = new Map<string, FoundExperiment>();
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private readonly subscriptions: vscode.Disposable[] = [this.changes];
  private looking: Promise<void> | null = null;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(experimentGlob);
    this.subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => this.add(uri)),
      watcher.onDidDelete((uri) => {
        if (this.found.delete(uri.toString())) this.changes.fire();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.refresh()),
    );
  }

  /** The experiments by folder and name, complete when `ready` has resolved. */
  get experiments(): FoundExperiment[] {
    return [...this.found.values()].sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1));
  }

  /** Resolves after the first search. */
  ready(): Promise<void> {
    return (this.looking ??= this.search());
  }

  async refresh(): Promise<void> {
    await (this.looking = this.search());
  }

  /**
   * Returns the runs folders of the workspace: those of its folders, those of its experiments, and all others
   * that hold runs.
   */
  async runsFolders(): Promise<Set<string>> {
    await this.ready();
    const roots = (vscode.workspace.workspaceFolders ?? [])
      .map((folder) => folder.uri)
      .filter((uri) => uri.scheme === 'file');
    const runs = await vscode.workspace.findFiles(
      '**/.mmoe/runs/*/run.json',
      '**/{node_modules,.git}/**',
      maxFiles,
    );
    return new Set([
      ...roots.map((uri) => runsFolderFor(uri.fsPath)),
      ...this.experiments.map((experiment) => runsFolderFor(experiment.workspace)),
      ...runs.map((uri) => vscode.Uri.joinPath(uri, '../..').fsPath),
    ]);
  }

  private async search(): Promise<void> {
    const uris = await vscode.workspace.findFiles(
      experimentGlob,
      '**/{node_modules,.git,.mmoe}/**',
      maxFiles,
    );
    this.found = new Map(
      uris.filter((uri) => uri.scheme === 'file').map((uri) => [uri.toString(), experimentAt(uri)]),
    );
    this.changes.fire();
  }

  private add(uri: vscode.Uri): void {
    if (uri.scheme !== 'file' || /\/(node_modules|\.git|\.mmoe)\//.test(uri.path)) return;
    this.found.set(uri.toString(), experimentAt(uri));
    this.changes.fire();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Returns a path as it is shown: from the workspace folder, or from the home folder. */
export function shortPath(path: string): string {
  const shown = vscode.workspace.asRelativePath(path, (vscode.workspace.workspaceFolders?.length ?? 0) > 1);
  return shown === path && path.startsWith(homedir()) ? `~${path.slice(homedir().length)}` : shown;
}
