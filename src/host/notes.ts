import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { readManifest } from '../run/manifest.js';
import { notesScheme } from './contributions.js';
import type { RunCollection } from './run-collection.js';

/**
 * A run's notes as a Markdown document: opened, edited and saved like a file, kept in run.json.
 * `mmoe-notes:/path/of/the/run/Notes of NAME.md`
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
    const { notes, created } = await this.read(uri);
    return { type: vscode.FileType.File, ctime: created, mtime: hashOf(notes), size: Buffer.byteLength(notes) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.read(uri)).notes);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
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

  private async read(uri: vscode.Uri): Promise<{ notes: string; created: number }> {
    const reading = await readManifest(runFolderOf(uri));
    if (reading.state !== 'ok') throw vscode.FileSystemError.FileNotFound(uri);
    return { notes: reading.manifest.notes, created: Date.parse(reading.manifest.times.created) };
  }
}

const runFolderOf = (uri: vscode.Uri): string => vscode.Uri.joinPath(uri, '..').with({ scheme: 'file' }).fsPath;

/** run.json changes with every epoch, the notes do not: their time is made of their text, so that no save is refused. */
function hashOf(text: string): number {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}
