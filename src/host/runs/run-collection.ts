import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { experimentBase } from '../../run/files/run-paths.js';
import type { RunListEntry } from '../../run/store/run-list-entry.js';
import type { RunsTrouble } from '../../run/store/runs-trouble.js';
import { RunStore } from '../../run/store/store.js';
import { RunNames } from './run-names.js';
import { forEachInSlices, mergeInSlices, Slices } from '../../run/files/slices.js';

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

/** Whether a run has weights that can predict, and that another one can start from. */
export const hasWeights = (run: ReadableRun): boolean =>
  (run.entry.manifest.summary?.bestEpoch ?? null) !== null;

/** A runs folder of the workspace whose runs cannot all be shown, and why. */
export interface FolderTrouble {
  /** The folder that holds `.mmoe`. */
  readonly workspace: string;
  readonly trouble: RunsTrouble;
}

/** With no runs at all, the troubles have changed. */
export interface RunsChange {
  /** The runs that are new or have changed; a new run has no `before`. */
  readonly changed: readonly { run: HostRun; before: RunListEntry | null }[];
  readonly removed: readonly HostRun[];
}

interface Lists {
  /** The newest first. */
  readonly all: readonly HostRun[];
  readonly byExperiment: ReadonlyMap<string, readonly ReadableRun[]>;
}

interface Watched {
  readonly store: RunStore;
  readonly subscription: { dispose(): void };
  /** The runs by id, as they were announced last. */
  readonly runs: Map<string, HostRun>;
  /** As it was announced last. */
  trouble: RunsTrouble | null;
  /** Resolves after the first look at the folder. */
  ready: Promise<void>;
  /** The folder belongs to the workspace, and was not only asked for. */
  ofWorkspace: boolean;
}

/** All runs of the runs folders that this window follows, as one list that is kept up to date. */
export class RunCollection implements vscode.Disposable {
  private readonly watched = new Map<string, Watched>();
  /** What the runs are called; shown instead of the names in run.json. */
  readonly names = new RunNames();
  private readonly changes = new vscode.EventEmitter<RunsChange>();
  readonly onDidChange = this.changes.event;
  private disposed = false;
  /** As of the last announcement. */
  private lists: Lists = { all: [], byExperiment: new Map() };
  /** What is announced next, when the lists are made; null: nothing. */
  private next: { changed: RunsChange['changed'][number][]; removed: HostRun[] } | null = null;
  private announcing: Promise<void> = Promise.resolve();

  /** All runs, the newest first. */
  get runs(): readonly HostRun[] {
    return this.lists.all;
  }

  /** What keeps runs from being shown. Folders that are gone count where they are open in this window. */
  get troubles(): readonly FolderTrouble[] {
    const open = new Set(vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath));
    return [...this.watched.values()].flatMap(({ store, trouble }) => {
      const workspace = experimentBase(store.runsFolder);
      return trouble === null || (trouble.is === 'gone' && !open.has(workspace))
        ? []
        : [{ workspace, trouble }];
    });
  }

  /** The runs of an experiment, the newest first. `path`: from the folder that holds `.mmoe`. */
  ofExperiment(workspace: string, path: string): readonly ReadableRun[] {
    return this.lists.byExperiment.get(experimentKey(workspace, path)) ?? [];
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
    const { store } = await this.follow(dirname(folder));
    await store.lookAgainAt(idOf(folder));
    const watched = this.watched.get(dirname(folder));
    if (watched !== undefined) await this.take(watched, [idOf(folder)], [idOf(folder)]);
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
    await this.announcing;
  }

  /** Looks at all folders now. */
  async refresh(): Promise<void> {
    await Promise.all(
      [...this.watched.values()].map(async (watched) => {
        await watched.store.refresh();
        await this.takeAll(watched);
      }),
    );
  }

  private async follow(runsFolder: string): Promise<Watched> {
    const known = this.watched.get(runsFolder);
    if (known !== undefined) {
      await known.ready;
      return known;
    }
    const store = new RunStore(runsFolder, { mayWriteIndex: () => vscode.workspace.isTrusted });
    const watched: Watched = {
      store,
      runs: new Map(),
      trouble: null,
      ready: Promise.resolve(),
      ofWorkspace: false,
      subscription: store.onDidChange(({ changed, removed }) => void this.take(watched, changed, removed)),
    };
    this.watched.set(runsFolder, watched);
    watched.ready = store.refresh().then(() => this.takeAll(watched));
    await watched.ready;
    return watched;
  }

  private forget(runsFolder: string, watched: Watched): void {
    this.watched.delete(runsFolder);
    watched.subscription.dispose();
    watched.store.dispose();
    for (const run of watched.runs.values()) {
      this.names.replace(run.workspace, run.entry, null);
      this.upcoming.removed.push(run);
    }
    void this.announce();
  }

  private async takeAll(watched: Watched): Promise<void> {
    const { store, runs } = watched;
    const ids: string[] = [];
    await forEachInSlices(store.entries, new Slices(), ({ id }) => void ids.push(id));
    await this.take(watched, ids, runs.keys());
  }

  /**
   * Compares these runs as they were read with what was announced last, and announces the difference.
   * `removed` may be gone. Returns when it is announced.
   */
  private async take(watched: Watched, ids: readonly string[], removed: Iterable<string>): Promise<void> {
    const { store, runs } = watched;
    const slices = new Slices();
    const workspace = experimentBase(store.runsFolder);
    const isOver = (): boolean => this.disposed || this.watched.get(store.runsFolder) !== watched;
    if (!isOver() && watched.trouble !== store.trouble) {
      watched.trouble = store.trouble;
      this.next ??= { changed: [], removed: [] };
    }
    await forEachInSlices(ids, slices, (id) => {
      const entry = store.entryOf(id);
      const before = runs.get(id)?.entry ?? null;
      if (isOver() || entry === undefined || entry === before) return;
      const run = { entry, store, workspace };
      runs.set(id, run);
      this.names.replace(workspace, before, entry);
      this.upcoming.changed.push({ run, before });
    });
    await forEachInSlices(removed, slices, (id) => {
      const run = runs.get(id);
      if (isOver() || run === undefined || store.entryOf(id) !== undefined) return;
      runs.delete(id);
      this.names.replace(workspace, run.entry, null);
      this.upcoming.removed.push(run);
    });
    await this.announce();
  }

  private get upcoming(): NonNullable<RunCollection['next']> {
    return (this.next ??= { changed: [], removed: [] });
  }

  /** Makes the lists, and tells what has changed, one after the other. */
  private announce(): Promise<void> {
    this.announcing = this.announcing.then(async () => {
      const change = this.next;
      this.next = null;
      if (change === null) return;
      this.lists = await this.makeLists();
      if (!this.disposed) this.changes.fire(change);
    });
    return this.announcing;
  }

  private async makeLists(): Promise<Lists> {
    const slices = new Slices();
    let all: HostRun[] = [];
    for (const { store, runs } of this.watched.values()) {
      const its: HostRun[] = [];
      await forEachInSlices(store.entries, slices, ({ id }) => {
        const run = runs.get(id);
        if (run !== undefined) its.push(run);
      });
      all = await mergeInSlices(all, its, newestFirst, slices);
    }
    const byExperiment = new Map<string, ReadableRun[]>();
    await forEachInSlices(all, slices, (run) => {
      if (!isReadable(run)) return;
      const key = experimentKey(run.workspace, run.entry.manifest.experimentFile ?? '');
      const known = byExperiment.get(key);
      if (known === undefined) byExperiment.set(key, [run]);
      else known.push(run);
    });
    return { all, byExperiment };
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

function newestFirst(a: HostRun, b: HostRun): number {
  const [one, other] = [createdAt(a.entry), createdAt(b.entry)];
  return one < other ? 1 : one > other ? -1 : 0;
}

const createdAt = (entry: RunListEntry): string =>
  entry.state === 'ok' ? `${entry.manifest.times.created} ${entry.id}` : entry.id;
const experimentKey = (workspace: string, path: string): string => `${workspace}\n${path}`;
const idOf = (folder: string): string => folder.slice(dirname(folder).length + 1);
