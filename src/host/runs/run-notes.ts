import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { readManifest } from '../../run/manifest.js';
import { changeAbout, readAbout } from '../../study/about.js';
import { readStudyRecord, studiesFolderFor, studyPathsIn } from '../../study/store.js';
import type { RunStore } from '../../run/store/store.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { notesScheme } from '../contributions/contributions.js';
import { DocumentProvider } from '../editor/document-provider.js';
import type { RunCollection } from './run-collection.js';

/**
 * The notes of a run as a Markdown document, which is opened, edited and saved like a file and kept in
 * run.json. Its address is `mmoe-notes:/path/of/the/run/Notes of NAME.md`. The notes of a comparison are in all its
 * runs; their address has the comparison's id behind that of one of them, `?ID`. Those of a study are in its folder,
 * which their address begins with.
 */
export class RunNotes extends DocumentProvider {
  constructor(private readonly runs: RunCollection) {
    super();
  }

  /** `comparison`: the id of the run's comparison, whose notes are meant. */
  static uriOf(runFolder: string, fileName: string, comparison = ''): vscode.Uri {
    return vscode.Uri.joinPath(vscode.Uri.file(runFolder), `${fileName}.md`).with({
      scheme: notesScheme,
      query: comparison,
    });
  }

  override async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { notes, created, changed } = await this.read(uri);
    // The time of run.json itself grows with every epoch, and a save would be refused as if somebody else had
    // changed the notes.
    const facts = { ctime: created, mtime: changed, size: Buffer.byteLength(notes) };
    const readOnly = vscode.workspace.isTrusted ? {} : { permissions: vscode.FilePermission.Readonly };
    return { type: vscode.FileType.File, ...facts, ...readOnly };
  }

  override async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.read(uri)).notes);
  }

  override async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    if (!vscode.workspace.isTrusted) throw vscode.FileSystemError.NoPermissions(uri);
    const folder = runFolderOf(uri);
    if (isStudyFolder(folder)) {
      await changeAbout({ folder }, { notes: Buffer.from(content).toString('utf8') });
      this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      return;
    }
    const store = await this.runs.storeOf(dirname(folder));
    const notes = Buffer.from(content).toString('utf8');
    if (uri.query === '') await store.setNotes(basename(folder), notes);
    else await store.changeComparison(runsOfComparison(store, uri), { notes });
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  private async read(uri: vscode.Uri): Promise<{ notes: string; created: number; changed: number }> {
    const folder = runFolderOf(uri);
    if (isStudyFolder(folder)) return notesOfStudy(uri, folder);
    const manifest = await this.manifestOf(uri);
    if (manifest === null) throw vscode.FileSystemError.FileNotFound(uri);
    const { times, comparison } = manifest;
    const { notes = '', notesChanged = times.created } = uri.query === '' ? manifest : (comparison ?? {});
    return { notes, created: Date.parse(times.created), changed: Date.parse(notesChanged) };
  }

  /** Returns the run that has the notes, or another one of the comparison; null: it is gone. */
  private async manifestOf(uri: vscode.Uri): Promise<RunManifest | null> {
    const folder = runFolderOf(uri);
    const reading = await readManifest(folder);
    if (reading.state === 'ok') return reading.manifest;
    if (uri.query === '') return null;
    const store = await this.runs.storeOf(dirname(folder));
    const [other] = runsOfComparison(store, uri);
    const entry = other === undefined ? undefined : store.entryOf(other);
    return entry?.state === 'ok' ? entry.manifest : null;
  }
}

/** Returns the ids of the runs of the comparison whose notes these are. */
const runsOfComparison = ({ entries }: RunStore, { query }: vscode.Uri): string[] =>
  entries.flatMap((entry) =>
    entry.state === 'ok' && entry.manifest.comparison?.id === query ? [entry.id] : [],
  );

/** Whether a folder is one of those in which studies lie. */
const isStudyFolder = (folder: string): boolean =>
  dirname(folder) === studiesFolderFor(dirname(dirname(dirname(folder))));

async function notesOfStudy(
  uri: vscode.Uri,
  folder: string,
): Promise<{ notes: string; created: number; changed: number }> {
  const record = await readStudyRecord(studyPathsIn(folder));
  if (record === null) throw vscode.FileSystemError.FileNotFound(uri);
  const { notes, notesChanged } = await readAbout({ folder });
  // The record's own times change whenever it is trained.
  return { notes, created: 0, changed: Date.parse(notesChanged) || 0 };
}

const runFolderOf = (uri: vscode.Uri): string =>
  vscode.Uri.joinPath(uri, '..').with({ scheme: 'file', query: '' }).fsPath;
