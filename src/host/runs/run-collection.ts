import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { experimentBase } from '../../run/run-paths.js';
import { RunStore, type RunListEntry } from '../../run/store.js';

/** A run as the trees and the commands know it. */
export interface HostRun {
  readonly entry: RunListEntry;
  readonly store: RunStore;
  /** The folder that holds `.mmoe`. */
  readonly workspace: string;
}

/** A run that can be read. */
export type ReadableRun = HostRun & { readonly entry: Extract<RunListEntry, { state: 'ok' }> };
export const isReadable = (run: HostRun): run is ReadableRun => run.entry.state === 'ok';

export interface RunsChange {
  /** The runs that are new or have changed; a new run has no `before`. */
  readonly changed: readonly { run: HostRun; before: RunListEntry | null }[];
  readonly removed: readonly HostRun[];
}

interface Watched {
  readonly store: RunStore;
  readonly subscription: { dispose(): void };
  /** The runs by id, as they were announced last. */
  runs: Map<string, HostRun>;
  /** Resolves after the first look at the folder. */
  ready: Promise<void>;
  /** The folder belongs to the workspace, and was not only asked for. */
  ofWorkspace: boolean;
}

/** All runs of the runs folders that this window follows, as one list that is kept up to date. */
export class RunCollection implements vscode.Disposable {
  private readonly watched = new Map<string, Watched>();
  private readonly changes = new vscode.EventEmitter<RunsChange>();
  readonly onDidChange = this.changes.event;
  private disposed = false;

  /** All runs, the newest first. */
  get runs(): HostRun[] {
    const all = [...this.watched.values()].flatMap((watched) => [...watched.runs.values()]);
    return all.sort((a, b) => (createdAt(a.entry) < createdAt(b.entry) ? 1 : -1));
  }

  /** Returns the run in a folder, if a runs folder that is followed holds it. */
  at(folder: string): HostRun | undefined {
    return this.watched.get(dirname(folder))?.runs.get(idOf(folder));
  }

  /** Returns whether the folder of a run is looked at for news, which `onDidChange` then tells. */
  isFollowed(runFolder: string): boolean {
    return this.watched.has(dirname(runFolder));
  }

  /** Returns whether the folder of a run belongs to the workspace, and was not only asked for. */
  isOfWorkspace(runFolder: string): boolean {
    return this.watched.get(dirname(runFolder))?.ofWorkspace === true;
  }

  /** Returns the store of a runs folder, and follows that folder from now on. */
  async storeOf(runsFolder: string): Promise<RunStore> {
    return (await this.follow(runsFolder)).store;
  }

  /**
   * Reads the run in a folder anew, for a command that must know its state now. Its runs folder is followed
   * from now on.
   */
  async lookAt(folder: string): Promise<HostRun | undefined> {
    const watched = await this.follow(dirname(folder));
    this.take(watched, await watched.store.list());
    return this.at(folder);
  }

  /**
   * Follows the runs folders of the workspace, which need not exist, besides those that were asked for one by
   * one. Folders that have left the workspace are forgotten.
   */
  async followAll(runsFolders: ReadonlySet<string>): Promise<void> {
    for (const [folder, watched] of this.watched) {
      const isHere =
        runsFolders.has(folder) || vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder)) !== undefined;
      if (watched.ofWorkspace && !isHere) this.forget(folder, watched);
    }
    await Promise.all(
      [...runsFolders].map(async (folder) => {
        (await this.follow(folder)).ofWorkspace = true;
      }),
    );
  }

  /** Looks at all folders now. */
  async refresh(): Promise<void> {
    await Promise.all(
      [...this.watched.values()].map(async (watched) => this.take(watched, await watched.store.list())),
    );
  }

  private async follow(runsFolder: string): Promise<Watched> {
    const known = this.watched.get(runsFolder);
    if (known !== undefined) {
      await known.ready;
      return known;
    }
    const store = new RunStore(runsFolder);
    const watched: Watched = {
      store,
      runs: new Map(),
      ready: Promise.resolve(),
      ofWorkspace: false,
      subscription: store.onDidChange(() => this.take(watched, store.entries)),
    };
    this.watched.set(runsFolder, watched);
    watched.ready = store.list().then((entries) => this.take(watched, entries));
    await watched.ready;
    return watched;
  }

  private forget(runsFolder: string, watched: Watched): void {
    this.watched.delete(runsFolder);
    watched.subscription.dispose();
    watched.store.dispose();
    const removed = [...watched.runs.values()];
    if (removed.length > 0) this.changes.fire({ changed: [], removed });
  }

  /** Compares what was read with what was announced last, and announces the difference. */
  private take(watched: Watched, entries: readonly RunListEntry[]): void {
    if (this.disposed || this.watched.get(watched.store.runsFolder) !== watched) return;
    const before = watched.runs;
    const workspace = experimentBase(watched.store.runsFolder);
    watched.runs = new Map(entries.map((entry) => [entry.id, { entry, store: watched.store, workspace }]));
    const changed = [...watched.runs.values()]
      .filter((run) => before.get(run.entry.id)?.entry !== run.entry)
      .map((run) => ({ run, before: before.get(run.entry.id)?.entry ?? null }));
    const removed = [...before.values()].filter((run) => !watched.runs.has(run.entry.id));
    if (changed.length > 0 || removed.length > 0) this.changes.fire({ changed, removed });
  }

  dispose(): void {
    this.disposed = true;
    for (const { store, subscription } of this.watched.values()) {
      subscription.dispose();
      store.dispose();
    }
    this.watched.clear();
    this.changes.dispose();
  }
}

const createdAt = (entry: RunListEntry): string =>
  entry.state === 'ok' ? `${entry.manifest.times.created} ${entry.id}` : entry.id;
const idOf = (folder: string): string => folder.slice(dirname(folder).length + 1);
