import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { readManifest } from '../../run/manifest.js';
import { notesScheme } from '../contributions/contributions.js';
import type { RunCollection } from './run-collection.js';

/**
 * The notes of a run as a Markdown document, which is opened, edited and saved like a file and kept in
 * run.json. Its address is `mmoe-notes:/path/of/the/run/Notes of NAME.md`.
 */
export class RunNotes implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;

  constructor(private readonly runs: RunCollection) {}

  static uriOf(runFolder: string, fileName: string): vscode.Uri {
    return vscode.Uri.joinPath(vscode.Uri.file(runFolder), `${fileName}.md`).with({ scheme: notesScheme });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { notes, created, changed } = await this.read(uri);
    // The time of run.json itself grows with every epoch, and a save would be refused as if somebody else had
    // changed the notes.
    const facts = { ctime: created, mtime: changed, size: Buffer.byteLength(notes) };
    const readOnly = vscode.workspace.isTrusted ? {} : { permissions: vscode.FilePermission.Readonly };
    return { type: vscode.FileType.File, ...facts, ...readOnly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.read(uri)).notes);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    if (!vscode.workspace.isTrusted) throw vscode.FileSystemError.NoPermissions(uri);
    const folder = runFolderOf(uri);
    const store = await this.runs.storeOf(dirname(folder));
    await store.setNotes(basename(folder), Buffer.from(content).toString('utf8'));
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async read(uri: vscode.Uri): Promise<{ notes: string; created: number; changed: number }> {
    const reading = await readManifest(runFolderOf(uri));
    if (reading.state !== 'ok') throw vscode.FileSystemError.FileNotFound(uri);
    const { notes, times, notesChanged = times.created } = reading.manifest;
    return { notes, created: Date.parse(times.created), changed: Date.parse(notesChanged) };
  }
}

const runFolderOf = (uri: vscode.Uri): string =>
  vscode.Uri.joinPath(uri, '..').with({ scheme: 'file' }).fsPath;
