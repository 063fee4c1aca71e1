import { watch, type FSWatcher } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunManifest, RunStatus } from '../../shared/run/run-manifest.js';
import { createRunFolder, type NewRun } from '../create-run.js';
import { lastEvent } from '../event-log.js';
import { doLater, errorCode, isMissing } from '../files/file-work.js';
import { systemProbe, type ProcessProbe } from '../liveness.js';
import { editManifest, type UserFields } from '../manifest.js';
import { factsOf, makeEmpty, refuseLinkedRuns } from '../files/run-file.js';
import { experimentBase, runPaths } from '../files/run-paths.js';
import { readStatus } from '../reader.js';
import { fewestIndexed, readIndex, writeIndex, type IndexedRun } from './run-index.js';
import { SharedParts } from './shared-parts.js';
import { isLive } from '../../shared/run/run-status.js';
import { forEachInSlices, mergeInSlices, Slices, sortInSlices } from './slices.js';
import { systemRefusal } from '../../shared/system-error.js';
import type { TrainingProgress } from '../../shared/run/training-progress.js';

export type RunListEntry =
  | {
      readonly state: 'ok';
      readonly id: string;
      readonly folder: string;
      readonly manifest: RunManifest;
      /** The true status: `interrupted` if no trainer is alive. */
      readonly status: RunStatus;
      /** Null unless the run trains and has a first event. */
      readonly progress: TrainingProgress | null;
    }
  /** A run.json that this version cannot read; `id` is the folder's name. */
  | { readonly state: 'unreadable'; readonly id: string; readonly folder: string; readonly reason: string };

/** Why a runs folder shows no runs, or those of before, though there may be others. */
export type RunsTrouble =
  /** The folder is there and cannot be read; `reason` says why, and what to do. */
  | { readonly is: 'unreadable'; readonly reason: string }
  /** The folder that would hold `.mmoe` is no longer there. */
  | { readonly is: 'gone' };

/** With no runs at all, the trouble with the folder has changed. */
export interface RunStoreChange {
  /** Runs that are new, or whose manifest, status or events have changed. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

interface Known {
  readonly entry: RunListEntry;
  /** Identifies the state of run.json and events.jsonl, which are only read again when it differs. */
  readonly stamp: string;
  /** It stands in the index as it is. */
  isIndexed: boolean;
}

/** Runs that are looked at together. */
const atOnce = 16;
/**
 * Ended runs that a look by the clock takes: of more, each look takes the next ones. New, removed and live
 * runs are seen by every look, and all runs by a look that somebody has asked for.
 */
const endedPerLook = 1000;
/** A folder that was changed so shortly before it was listed may change again within the same time stamp. */
const coarseClockMilliseconds = 3000;
/** The share of the runs that may be missing from the index before it is written anew. */
const indexBehind = 0.05;

const watchDelayMilliseconds = 50;
/** How often files are looked at for news: while a run is live (queued or running), and otherwise. */
export const pollMilliseconds = { live: 500, idle: 2000 } as const;

/**
 * The runs of one folder, which may not exist yet. fs.watch tells of new and removed runs at once; everything
 * else (growing events, changes by other windows and machines, file systems that cannot be watched) is found
 * by looking.
 */
export class RunStore {
  private readonly known = new Map<string, Known>();
  /** The same, the newest first. */
  private ordered: readonly RunListEntry[] = [];
  private readonly live = new Set<string>();
  private readonly parts = new SharedParts();
  /** What the index says, until the first look has taken it in. */
  private index: ReadonlyMap<string, IndexedRun> | null = null;
  /** Folders without a run.json: one may be on its way. */
  private readonly empty = new Set<string>();
  /** Ended runs that are not looked at yet in this round. */
  private round: string[] = [];
  /** When the folder was changed that was listed last, or its permissions; null: it has to be listed. */
  private listed: number | null = null;
  private writing: Promise<void> | null = null;
  private currentTrouble: RunsTrouble | null = null;
  private readonly listeners = new Set<(change: RunStoreChange) => void>();
  private readonly probe: ProcessProbe;
  private readonly now: () => number;
  private watcher: FSWatcher | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** When the timer is due. */
  private due = 0;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private lastFullLook = -Infinity;
  /** What the next look must see, besides what every look sees. */
  private wanted: 'all' | Set<string> = new Set();
  private disposed = false;

  private readonly mayWrite: () => boolean;

  /**
   * `now`: milliseconds since 1970. `mayWriteIndex`: whether the index of very many runs may be written; it is
   * read in any case. Nothing is read before the first `list`, `refresh` or `onDidChange`.
   */
  constructor(
    readonly runsFolder: string,
    options: { probe?: ProcessProbe; now?: () => number; mayWriteIndex?: () => boolean } = {},
  ) {
    this.probe = options.probe ?? systemProbe();
    this.now = options.now ?? Date.now;
    this.mayWrite = options.mayWriteIndex ?? ((): boolean => false);
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
    return this.currentTrouble;
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

  setNotes(id: string, notes: string): Promise<void> {
    return this.edit(id, { notes });
  }

  setTags(id: string, tags: string[]): Promise<void> {
    return this.edit(id, { tags });
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
    this.watcher?.close();
    this.watcher = null;
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
    } else this.schedule(this.isAnyLive() ? pollMilliseconds.live : pollMilliseconds.idle);
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
    const troubleBefore = this.currentTrouble;
    if (isFull) {
      if (isFirst) this.index = await readIndex(this.runsFolder);
      await this.takeListing(due, removed, slices);
      await this.takeRound(due, wanted === 'all', slices);
    }
    for (const id of this.live) due.add(id);
    // Nothing is known of runs that cannot be read: they stay as they were.
    if (this.currentTrouble?.is === 'unreadable') due.clear();
    const changed = await this.lookAtAll(due, removed, slices);
    if (isFirst) this.index = null;
    for (const id of removed) {
      this.known.delete(id);
      this.live.delete(id);
    }
    const isTroubleNew = this.currentTrouble !== troubleBefore;
    if (this.disposed || (changed.length === 0 && removed.size === 0 && !isTroubleNew)) return;
    await this.order(changed, removed, slices);
    const change = { changed, removed: [...removed] };
    for (const listener of this.listeners)
      setImmediate(() => this.listeners.has(listener) && listener(change));
    if (isFull) this.keepIndex();
  }

  /** Adds new runs to what is due, and those that are gone to the removed ones. */
  private async takeListing(due: Set<string>, removed: Set<string>, slices: Slices): Promise<void> {
    const ids = await this.folders(slices);
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

  /** Writes the index anew where it is behind, after the look. */
  private keepIndex(): void {
    if (this.known.size < fewestIndexed || this.writing !== null || !this.mayWrite()) return;
    this.writing = this.writeIndex()
      // A folder that cannot be written to is looked at without an index.
      .catch(() => undefined)
      .finally(() => (this.writing = null));
  }

  private async writeIndex(): Promise<void> {
    const slices = new Slices();
    const runs: IndexableRun[] = [];
    let behind = 0;
    await forEachInSlices(this.known.values(), slices, (known) => {
      if (!isIndexable(known)) return;
      runs.push(known);
      if (!known.isIndexed) behind++;
    });
    if (behind < Math.max(fewestIndexed / 2, runs.length * indexBehind)) return;
    await writeIndex(this.runsFolder, indexed(runs));
    await forEachInSlices(runs, slices, (known) => void (known.isIndexed = true));
  }

  private async lookAt(id: string): Promise<'same' | 'changed' | 'removed' | 'none'> {
    const paths = runPaths(this.folderOf(id));
    const known = this.known.get(id);
    const [manifest, events] = await Promise.all([stampOf(paths.manifest), stampOf(paths.events)]);
    if (manifest === '') return known === undefined ? 'none' : 'removed';
    const stamp = `${manifest} ${events}`;
    const indexed = this.index?.get(id);
    if (indexed?.stamp === stamp && known === undefined) {
      const { status } = indexed.manifest;
      const kept = { state: 'ok', id, folder: paths.folder, manifest: indexed.manifest, status } as const;
      this.take({ ...kept, progress: null }, stamp, true);
      return 'changed';
    }
    // A live run must be looked at even when its files are as before: its trainer may be gone.
    if (known?.stamp === stamp && !mayChange(known.entry)) return 'same';
    const reading = await readStatus(paths.folder, this.probe, this.now());
    if (reading.state === 'gone') return known === undefined ? 'none' : 'removed';
    if (
      reading.state === 'ok' &&
      known?.stamp === stamp &&
      known.entry.state === 'ok' &&
      known.entry.status === reading.status
    )
      return 'same';
    const entry: RunListEntry =
      reading.state === 'unreadable'
        ? { ...reading, id, folder: paths.folder }
        : {
            ...reading,
            manifest: this.parts.share(reading.manifest),
            id,
            folder: paths.folder,
            progress: reading.status === 'running' ? await progressOf(reading.manifest, paths.events) : null,
          };
    this.take(entry, stamp, false);
    return 'changed';
  }

  private take(entry: RunListEntry, stamp: string, isIndexed: boolean): void {
    this.known.set(entry.id, { entry, stamp, isIndexed });
    if (mayChange(entry)) this.live.add(entry.id);
    else this.live.delete(entry.id);
  }

  /** Lists the folder; null: it is as it was when it was listed last, or cannot be read. */
  private async folders(slices: Slices): Promise<ReadonlySet<string> | null> {
    const ids = new Set<string>();
    try {
      await doLater(refuseLinkedRuns(this.runsFolder));
      const { ctimeMs } = await stat(this.runsFolder);
      this.startWatching();
      if (this.listed === ctimeMs) return null;
      this.listed = Date.now() - ctimeMs > coarseClockMilliseconds ? ctimeMs : null;
      for await (const item of await opendir(this.runsFolder, { bufferSize: 512 })) {
        // A link is listed, and refused by name when it is read.
        if ((item.isDirectory() || item.isSymbolicLink()) && !item.name.startsWith('.')) ids.add(item.name);
        if (slices.isOver) await slices.next();
      }
      this.currentTrouble = null;
    } catch (error) {
      this.listed = null;
      this.watcher?.close();
      this.watcher = null;
      const trouble = await troubleOf(error, this.runsFolder);
      // One object for as long as it is the same trouble.
      if (JSON.stringify(trouble) !== JSON.stringify(this.currentTrouble)) this.currentTrouble = trouble;
      if (this.currentTrouble?.is === 'unreadable') return null;
    }
    return ids;
  }

  private startWatching(): void {
    if (this.watcher !== null || this.listeners.size === 0 || this.disposed) return;
    try {
      this.watcher = watch(this.runsFolder, { persistent: false }, () => {
        this.listed = null;
        this.lastFullLook = Math.min(this.lastFullLook, performance.now() - pollMilliseconds.idle);
        this.schedule(watchDelayMilliseconds);
      });
      this.watcher.on('error', () => {
        this.watcher?.close();
        this.watcher = null;
      });
    } catch {
      // Out of watches, or a file system without them: looking finds it, later.
    }
  }

  private isAnyLive(): boolean {
    return this.live.size > 0;
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

const mayChange = (entry: RunListEntry | undefined): boolean => entry?.state === 'ok' && isLive(entry);

type IndexableRun = Known & { readonly entry: Extract<RunListEntry, { state: 'ok' }> };

/**
 * Returns whether nothing but a run's files can change what it is, and its stamp cannot hide that: files that
 * were changed just now may change again within the same time stamp.
 */
const isIndexable = (known: Known): known is IndexableRun =>
  known.entry.state === 'ok' &&
  !isLive(known.entry.manifest) &&
  known.entry.manifest.status === known.entry.status &&
  Date.now() - Number.parseFloat(known.stamp) > coarseClockMilliseconds;

function* indexed(runs: readonly IndexableRun[]): Generator<[id: string, run: IndexedRun]> {
  for (const { entry, stamp } of runs) yield [entry.id, { stamp, manifest: entry.manifest }];
}

function newestFirst(one: RunListEntry, other: RunListEntry): number {
  const [a, b] = [createdOf(one), createdOf(other)];
  return a < b ? 1 : a > b ? -1 : 0;
}

const createdOf = (entry: RunListEntry): string =>
  entry.state === 'ok' ? `${entry.manifest.times.created} ${entry.id}` : entry.id;

/** Returns for people why something cannot be read, and what to do. */
function whyUnread(error: unknown): string {
  const refusal = systemRefusal(error);
  if (refusal !== null) return `${refusal.what}; ${refusal.help}`;
  return error instanceof Error ? error.message : String(error);
}

/** Returns what an error of looking at a runs folder means; null: there is no such folder yet. */
async function troubleOf(error: unknown, runsFolder: string): Promise<RunsTrouble | null> {
  if (!isMissing(error)) return { is: 'unreadable', reason: whyUnread(error) };
  const isGone = await stat(experimentBase(runsFolder)).then(() => false, isMissing);
  return isGone ? { is: 'gone' } : null;
}

/** Returns what identifies the state of a file; '': there is no such file. */
async function stampOf(path: string): Promise<string> {
  try {
    const facts = await doLater(factsOf(path));
    return facts === null ? '' : `${facts.modified}:${facts.size}:${facts.id}`;
  } catch (error) {
    return isMissing(error) ? '' : errorCode(error);
  }
}

async function progressOf(manifest: RunManifest, events: string): Promise<TrainingProgress | null> {
  const event = await lastEvent(events);
  if (event === null) return null;
  const { epochs, stepsPerEpoch } = manifest;
  return {
    step: event.step,
    steps: epochs !== null && stepsPerEpoch !== null ? epochs * stepsPerEpoch : null,
    seconds: event.time,
  };
}
