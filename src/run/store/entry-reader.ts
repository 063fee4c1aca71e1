import { lastEvent } from '../event-log.js';
import { doLater, errorCode, isMissing } from '../files/file-work.js';
import { factsOf } from '../files/run-file.js';
import { runPaths } from '../files/run-paths.js';
import type { ProcessProbe } from '../liveness.js';
import { readStatus } from '../reader.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import type { TrainingProgress } from '../../shared/run/training-progress.js';
import { mayChange, type RunListEntry } from './run-list-entry.js';
import { readIndex, type IndexedRun } from './run-index.js';
import { SharedParts } from './shared-parts.js';

/** A run as it was looked at. */
export interface KnownRun {
  readonly entry: RunListEntry;
  /** Identifies the state of run.json and events.jsonl, which are only read again when it differs. */
  readonly stamp: string;
  /** It stands in the index as it is. */
  isIndexed: boolean;
}

/** Looks at runs of one folder; of two with equal parts, the second one gets those of the first. */
export class EntryReader {
  private readonly parts = new SharedParts();
  /** What the index says, while runs are looked at for the first time. */
  private index: ReadonlyMap<string, IndexedRun> | null = null;

  /** `now`: milliseconds since 1970. */
  constructor(
    private readonly probe: ProcessProbe,
    private readonly now: () => number,
  ) {}

  /** Takes what the index of a runs folder says of runs that are not known yet, until `forgetIndex`. */
  async takeIndex(runsFolder: string): Promise<void> {
    this.index = await readIndex(runsFolder);
  }

  forgetIndex(): void {
    this.index = null;
  }

  /** Looks at a run's folder. `known`: the run as of the last look. `gone`: there is no run.json. */
  async look(id: string, folder: string, known: KnownRun | undefined): Promise<KnownRun | 'same' | 'gone'> {
    const paths = runPaths(folder);
    const [manifest, events] = await Promise.all([stampOf(paths.manifest), stampOf(paths.events)]);
    if (manifest === '') return 'gone';
    const stamp = `${manifest} ${events}`;
    const indexed = this.index?.get(id);
    if (indexed?.stamp === stamp && known === undefined) {
      const { status } = indexed.manifest;
      const entry = { state: 'ok', id, folder, manifest: indexed.manifest, status, progress: null } as const;
      return { entry, stamp, isIndexed: true };
    }
    // A live run must be looked at even when its files are as before: its trainer may be gone.
    if (known?.stamp === stamp && !mayChange(known.entry)) return 'same';
    const reading = await readStatus(folder, this.probe, this.now());
    if (reading.state === 'gone') return 'gone';
    if (reading.state === 'unreadable') return { entry: { ...reading, id, folder }, stamp, isIndexed: false };
    if (known?.stamp === stamp && known.entry.state === 'ok' && known.entry.status === reading.status)
      return 'same';
    const progress = reading.status === 'running' ? await progressOf(reading.manifest, paths.events) : null;
    const entry = { ...reading, manifest: this.parts.share(reading.manifest), id, folder, progress };
    return { entry, stamp, isIndexed: false };
  }
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
