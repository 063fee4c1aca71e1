import { join } from 'node:path';
import { createRunFolder, type NewRun } from '../create-run.js';
import { doLater } from '../files/file-work.js';
import { makeEmpty } from '../files/run-file.js';
import { runPaths } from '../files/run-paths.js';
import { systemProbe, type ProcessProbe } from '../liveness.js';
import { editComparison, editManifest, type ComparisonFields, type UserFields } from '../manifest.js';
import { EntryReader, type KnownRun } from './entry-reader.js';
import { FolderListing } from './folder-listing.js';
import { IndexKeeper } from './index-keeper.js';
import { mayChange, newestFirst, type RunListEntry } from './run-list-entry.js';
import type { RunsTrouble } from './runs-trouble.js';
import { forEachInSlices, mergeInSlices, Slices, sortInSlices } from '../files/slices.js';

/** With no runs at all, the trouble with the folder has changed. */
export interface RunStoreChange {
  /** Runs that are new, or whose manifest, status or events have changed. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** Runs that are looked at together. */
const atOnce = 16;
/**
 * Ended runs that a look by the clock takes: of more, each look takes the next ones. New, removed and live
 * runs are seen by every look, and all runs by a look that somebody has asked for.
 */
const endedPerLook = 1000;
const watchDelayMilliseconds = 50;
/** How often files are looked at for news: while a run is live (queued or running), and otherwise. */
export const pollMilliseconds = { live: 500, idle: 2000 } as const;

/**
 * The runs of one folder, which may not exist yet. fs.watch tells of new and removed runs at once; everything
 * else (growing events, changes by other windows and machines, file systems that cannot be watched) is found
 * by looking.
 */
export class RunStore {
  private readonly known = new Map<string, KnownRun>();
  /** The same, the newest first. */
  private ordered: readonly RunListEntry[] = [];
  private readonly live = new Set<string>();
  /** Folders without a run.json: one may be on its way. */
  private readonly empty = new Set<string>();
  /** Ended runs that are not looked at yet in this round. */
  private round: string[] = [];
  private readonly listeners = new Set<(change: RunStoreChange) => void>();
  private readonly listing: FolderListing;
  private readonly reader: EntryReader;
  private readonly indexKeeper: IndexKeeper;
  private timer: NodeJS.Timeout | null = null;
  /** When the timer is due. */
  private due = 0;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private lastFullLook = -Infinity;
  /** What the next look must see, besides what every look sees. */
  private wanted: 'all' | Set<string> = new Set();
  private disposed = false;

  /**
   * `now`: milliseconds since 1970. `mayWriteIndex`: whether the index of very many runs may be written; it is
   * read in any case. Nothing is read before the first `list`, `refresh` or `onDidChange`.
   */
  constructor(
    readonly runsFolder: string,
    options: { probe?: ProcessProbe; now?: () => number; mayWriteIndex?: () => boolean } = {},
  ) {
    this.reader = new EntryReader(options.probe ?? systemProbe(), options.now ?? Date.now);
    this.indexKeeper = new IndexKeeper(runsFolder, options.mayWriteIndex ?? ((): boolean => false));
    this.listing = new FolderListing(runsFolder, () => {
      this.lastFullLook = Math.min(this.lastFullLook, performance.now() - pollMilliseconds.idle);
      this.schedule(watchDelayMilliseconds);
    });
  }

  /** The newest first. */
  async list(): Promise<readonly RunListEntry[]> {
    await this.refresh();
    return this.entries;
  }

  /** The runs as of the last look, the newest first, for a listener that must not look at them all again. */
  get entries(): readonly RunListEntry[] {
    return this.ordered;
  }

  /** Null: as of the last look the folder could be read, or there is none yet. */
  get trouble(): RunsTrouble | null {
    return this.listing.trouble;
  }

  /** A run as of the last look. */
  entryOf(id: string): RunListEntry | undefined {
    return this.known.get(id)?.entry;
  }

  /** Called after something has changed, never within the call that changed it. Starts the watching. */
  onDidChange(listener: (change: RunStoreChange) => void): { dispose(): void } {
    this.listeners.add(listener);
    this.schedule(0);
    return { dispose: () => this.listeners.delete(listener) };
  }

  rename(id: string, name: string): Promise<void> {
    return this.edit(id, { name });
  }

  star(id: string, starred: boolean): Promise<void> {
    return this.edit(id, { starred });
  }

  archive(id: string, archived: boolean): Promise<void> {
    return this.edit(id, { archived });
  }

  setNotes(id: string, notes: string): Promise<void> {
    return this.edit(id, { notes });
  }

  setTags(id: string, tags: string[]): Promise<void> {
    return this.edit(id, { tags });
  }

  /** Changes what its runs say of a comparison. */
  async changeComparison(ids: readonly string[], change: ComparisonFields): Promise<void> {
    for (const id of ids) {
      await editComparison(this.folderOf(id), change);
      await this.lookAgainAt(id);
    }
  }

  async createQueued(run: NewRun): Promise<{ id: string; folder: string }> {
    const created = await createRunFolder(this.runsFolder, run);
    await this.lookAgainAt(created.id);
    return created;
  }

  /** Asks the trainer, wherever it runs, to write a checkpoint and stop. */
  async requestStop(id: string): Promise<void> {
    await doLater(makeEmpty(runPaths(this.folderOf(id)).stop));
  }

  folderOf(id: string): string {
    return join(this.runsFolder, id);
  }

  /** Looks at every run now. */
  async refresh(): Promise<void> {
    this.wanted = 'all';
    await this.look();
  }

  /** Looks at one run now, whatever the others do. */
  async lookAgainAt(id: string): Promise<void> {
    if (typeof this.wanted !== 'string') this.wanted.add(id);
    await this.look();
  }

  dispose(): void {
    this.disposed = true;
    this.listeners.clear();
    this.listing.unwatch();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async edit(id: string, edit: Partial<UserFields>): Promise<void> {
    await editManifest(this.folderOf(id), edit);
    await this.lookAgainAt(id);
  }

  /** One look at a time; a call during a look gets another one after it. */
  private async look(): Promise<void> {
    while (this.looking !== null) {
      this.lookAgain = true;
      await this.looking;
    }
    this.looking = this.lookOnce().finally(() => {
      this.looking = null;
    });
    await this.looking;
    if (this.lookAgain) {
      this.lookAgain = false;
      this.schedule(0);
    } else this.schedule(this.live.size > 0 ? pollMilliseconds.live : pollMilliseconds.idle);
  }

  private async lookOnce(): Promise<void> {
    const { wanted } = this;
    const isFirst = this.lastFullLook === -Infinity && this.known.size === 0;
    const isFull = wanted === 'all' || performance.now() - this.lastFullLook >= pollMilliseconds.idle;
    this.wanted = new Set();
    if (isFull) this.lastFullLook = performance.now();
    const slices = new Slices();
    const removed = new Set<string>();
    const due = new Set(wanted === 'all' ? [] : wanted);
    const troubleBefore = this.trouble;
    if (isFull) {
      if (isFirst) await this.reader.takeIndex(this.runsFolder);
      await this.takeListing(due, removed, slices);
      await this.takeRound(due, wanted === 'all', slices);
    }
    for (const id of this.live) due.add(id);
    // Nothing is known of runs that cannot be read: they stay as they were.
    if (this.trouble?.is === 'unreadable') due.clear();
    const changed = await this.lookAtAll(due, removed, slices);
    if (isFirst) this.reader.forgetIndex();
    for (const id of removed) {
      this.known.delete(id);
      this.live.delete(id);
    }
    const isTroubleNew = this.trouble !== troubleBefore;
    if (this.disposed || (changed.length === 0 && removed.size === 0 && !isTroubleNew)) return;
    await this.order(changed, removed, slices);
    const change = { changed, removed: [...removed] };
    for (const listener of this.listeners)
      setImmediate(() => this.listeners.has(listener) && listener(change));
    if (isFull) this.indexKeeper.keep(this.known);
  }

  /** Adds new runs to what is due, and those that are gone to the removed ones. */
  private async takeListing(due: Set<string>, removed: Set<string>, slices: Slices): Promise<void> {
    const ids = await this.listing.list(slices, this.listeners.size > 0 && !this.disposed);
    if (ids === null) return;
    await forEachInSlices(ids, slices, (id) => {
      if (!this.known.has(id) && !this.empty.has(id)) due.add(id);
    });
    for (const id of this.empty) if (!ids.has(id)) this.empty.delete(id);
    await forEachInSlices(this.known.keys(), slices, (id) => {
      if (!ids.has(id)) removed.add(id);
    });
  }

  /** Adds ended runs to what is due: all, or those whose turn it is. */
  private async takeRound(due: Set<string>, all: boolean, slices: Slices): Promise<void> {
    if (this.round.length === 0 || all) {
      const round: string[] = [];
      for (const ids of [this.empty, this.known.keys()])
        await forEachInSlices(ids, slices, (id) => void round.push(id));
      this.round = round;
    }
    const now = this.round.splice(all ? 0 : Math.max(0, this.round.length - endedPerLook));
    await forEachInSlices(now, slices, (id) => void due.add(id));
  }

  /** Returns the runs that have changed; adds those that are gone to `removed`. */
  private async lookAtAll(
    due: ReadonlySet<string>,
    removed: Set<string>,
    slices: Slices,
  ): Promise<readonly string[]> {
    const changed: string[] = [];
    const next = due.values();
    const lane = async (): Promise<void> => {
      for (let id = next.next(); id.done !== true; id = next.next()) {
        if (removed.has(id.value)) continue;
        const result = await this.lookAt(id.value);
        if (result === 'changed') changed.push(id.value);
        if (result === 'removed') removed.add(id.value);
        if (result === 'none') this.empty.add(id.value);
        else this.empty.delete(id.value);
        if (slices.isOver) await slices.next();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    return changed;
  }

  /** Puts what has changed in its place. */
  private async order(
    changed: readonly string[],
    removed: ReadonlySet<string>,
    slices: Slices,
  ): Promise<void> {
    const isNew = new Set(changed);
    const others: RunListEntry[] = [];
    await forEachInSlices(this.ordered, slices, (entry) => {
      if (!isNew.has(entry.id) && !removed.has(entry.id)) others.push(entry);
    });
    const news: RunListEntry[] = [];
    await forEachInSlices(changed, slices, (id) => {
      const entry = this.known.get(id)?.entry;
      if (entry !== undefined) news.push(entry);
    });
    const young = await sortInSlices(news, newestFirst, slices);
    this.ordered = await mergeInSlices(young, others, newestFirst, slices);
  }

  private async lookAt(id: string): Promise<'same' | 'changed' | 'removed' | 'none'> {
    const known = this.known.get(id);
    const seen = await this.reader.look(id, this.folderOf(id), known);
    if (seen === 'gone') return known === undefined ? 'none' : 'removed';
    if (seen === 'same') return 'same';
    this.known.set(id, seen);
    if (mayChange(seen.entry)) this.live.add(id);
    else this.live.delete(id);
    return 'changed';
  }

  /** The next look is after `delay`, or sooner if one is due sooner. */
  private schedule(delay: number): void {
    if (this.disposed || this.listeners.size === 0) return;
    const due = performance.now() + delay;
    if (this.timer !== null && this.due <= due) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.look().catch(() => this.schedule(pollMilliseconds.idle));
    }, delay);
    this.timer.unref();
  }
}
