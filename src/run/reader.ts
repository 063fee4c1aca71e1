import type { RunManifest, RunStatus } from '../shared/run/run-manifest.js';
import type { RunEvent } from '../shared/run/run-events.js';
import { EventLogReader } from './event-log.js';
import { systemProbe, trueStatus, type ProcessProbe } from './liveness.js';
import { readManifest } from './manifest.js';
import { runPaths } from './files/run-paths.js';
import type { PackedLog } from './packed/packed-log.js';

export type RunReading<Events = readonly RunEvent[]> =
  | {
      readonly state: 'ok';
      readonly manifest: RunManifest;
      /** The manifest's, but `interrupted` where no trainer is alive. */
      readonly status: RunStatus;
      /** New since the last call. */
      readonly events: Events;
      /** Garbled lines so far. */
      readonly skippedLines: number;
    }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'gone' };

/** Follows one run folder. Everything that shows a run reads it through this, live or finished. */
export class RunReader {
  private readonly log: EventLogReader;
  private readonly probe: ProcessProbe;
  private readonly now: () => number;
  private reading: Promise<unknown> = Promise.resolve();

  /** `now`: milliseconds since 1970. */
  constructor(
    readonly folder: string,
    options: { probe?: ProcessProbe; now?: () => number } = {},
  ) {
    this.log = new EventLogReader(runPaths(folder).events);
    this.probe = options.probe ?? systemProbe();
    this.now = options.now ?? Date.now;
  }

  /** Reads what is new. Calls wait for each other, so every event is handed out once. */
  read(): Promise<RunReading> {
    return this.inTurn(() => this.log.read());
  }

  /** As `read`, with the events packed: of a long log that takes a fraction of the time. */
  readPacked(): Promise<RunReading<PackedLog>> {
    return this.inTurn(() => this.log.readPacked());
  }

  private inTurn<Events>(readEvents: () => Promise<Events>): Promise<RunReading<Events>> {
    const reading = this.reading.then(() => this.readOnce(readEvents));
    this.reading = reading.catch(() => undefined);
    return reading;
  }

  private async readOnce<Events>(readEvents: () => Promise<Events>): Promise<RunReading<Events>> {
    const current = await readStatus(this.folder, this.probe, this.now());
    if (current.state !== 'ok') return current;
    // Events are read after the manifest: a run that says it has ended has written all its events before.
    const events = await readEvents();
    return { ...current, events, skippedLines: this.log.skippedLines };
  }
}

export type StatusReading =
  | { readonly state: 'ok'; readonly manifest: RunManifest; readonly status: RunStatus }
  | { readonly state: 'unreadable'; readonly reason: string }
  | { readonly state: 'gone' };

/** Reads run.json with the run's true status. */
export async function readStatus(folder: string, probe: ProcessProbe, now: number): Promise<StatusReading> {
  const first = await readManifest(folder);
  if (first.state !== 'ok') return first;
  const status = await trueStatus(folder, first.manifest, probe, now);
  if (status !== 'interrupted') return { ...first, status };
  // The trainer may have ended well between the two looks.
  const second = await readManifest(folder);
  if (second.state !== 'ok') return second;
  return { ...second, status: await trueStatus(folder, second.manifest, probe, now) };
}
