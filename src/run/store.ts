import { watch, type FSWatcher } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunManifest, RunStatus } from '../shared/run/run-manifest.js';
import { createRunFolder, type NewRun } from './create-run.js';
import { lastEvent } from './event-log.js';
import { doLater } from './file-work.js';
import { systemProbe, type ProcessProbe } from './liveness.js';
import { editManifest, type UserFields } from './manifest.js';
import { factsOf, makeEmpty, refuseLinkedRuns } from './run-file.js';
import { runPaths } from './run-paths.js';
import { readStatus } from './reader.js';
import { isLive } from '../shared/run/run-status.js';
import type { TrainingProgress } from '../shared/run/training-progress.js';

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

export interface RunStoreChange {
  /** Runs that are new, or whose manifest, status or events have changed. */
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

interface Known {
  entry: RunListEntry;
  /** Identifies the state of run.json and events.jsonl, which are only read again when it differs. */
  stamp: string;
}

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
  private disposed = false;

  /** `now`: milliseconds since 1970. Nothing is read before the first `list`, `refresh` or `onDidChange`. */
  constructor(
    readonly runsFolder: string,
    options: { probe?: ProcessProbe; now?: () => number } = {},
  ) {
    this.probe = options.probe ?? systemProbe();
    this.now = options.now ?? Date.now;
  }

  /** The newest first. */
  async list(): Promise<RunListEntry[]> {
    await this.refresh();
    return this.entries;
  }

  /** The runs as of the last look, the newest first, for a listener that must not look at them all again. */
  get entries(): RunListEntry[] {
    return [...this.known.values()]
      .map((known) => known.entry)
      .sort((a, b) => (createdOf(a) < createdOf(b) ? 1 : -1));
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
    await this.refresh();
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
    this.lastFullLook = -Infinity;
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
    await this.refresh();
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
    const full = performance.now() - this.lastFullLook >= pollMilliseconds.idle;
    const ids = full
      ? await this.folders()
      : [...this.known.keys()].filter((id) => mayChange(this.known.get(id)?.entry));
    if (full) this.lastFullLook = performance.now();
    const changed: string[] = [];
    const removed = full ? [...this.known.keys()].filter((id) => !ids.includes(id)) : [];
    for (let from = 0; from < ids.length; from += 16) {
      await Promise.all(
        ids.slice(from, from + 16).map(async (id) => {
          const result = await this.lookAt(id);
          if (result === 'changed') changed.push(id);
          if (result === 'removed') removed.push(id);
        }),
      );
    }
    for (const id of removed) this.known.delete(id);
    if (this.disposed || (changed.length === 0 && removed.length === 0)) return;
    const change = { changed, removed };
    for (const listener of this.listeners)
      setImmediate(() => this.listeners.has(listener) && listener(change));
  }

  private async lookAt(id: string): Promise<'same' | 'changed' | 'removed' | 'none'> {
    const paths = runPaths(this.folderOf(id));
    const known = this.known.get(id);
    const [manifest, events] = await Promise.all([stampOf(paths.manifest), stampOf(paths.events)]);
    if (manifest === '') return known === undefined ? 'none' : 'removed';
    const stamp = `${manifest} ${events}`;
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
            id,
            folder: paths.folder,
            progress: reading.status === 'running' ? await progressOf(reading.manifest, paths.events) : null,
          };
    this.known.set(id, { entry, stamp });
    return 'changed';
  }

  private async folders(): Promise<string[]> {
    try {
      await doLater(refuseLinkedRuns(this.runsFolder));
      const items = await readdir(this.runsFolder, { withFileTypes: true });
      this.startWatching();
      return (
        items
          // A link is listed, and refused by name when it is read.
          .filter((item) => (item.isDirectory() || item.isSymbolicLink()) && !item.name.startsWith('.'))
          .map((item) => item.name)
      );
    } catch {
      this.watcher?.close();
      this.watcher = null;
      return [];
    }
  }

  private startWatching(): void {
    if (this.watcher !== null || this.listeners.size === 0 || this.disposed) return;
    try {
      this.watcher = watch(this.runsFolder, { persistent: false }, () => {
        this.lastFullLook = -Infinity;
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
    return [...this.known.values()].some((known) => mayChange(known.entry));
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

const createdOf = (entry: RunListEntry): string =>
  entry.state === 'ok' ? `${entry.manifest.times.created} ${entry.id}` : entry.id;

/** Returns what identifies the state of a file; '': there is no such file. */
async function stampOf(path: string): Promise<string> {
  const facts = await doLater(factsOf(path)).catch(() => null);
  return facts === null ? '' : `${facts.modified}:${facts.size}:${facts.id}`;
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
