import {
  hostToRunsTableSchema,
  type HostToRunsTable,
  type RunMetrics,
} from '../../../src/shared/messages/runs-table-protocol.js';
import { runsOfColumns } from '../../../src/shared/messages/runs-in-columns.js';
import type { TableRun } from '../../../src/shared/messages/table-run-schema.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

export type Found = Omit<Extract<HostToRunsTable, { type: 'found' }>, 'type'>;

/** What the page knows. */
export interface TableContent {
  /** The settings in which runs differ, as the runs' `settings` have them. */
  readonly paths: readonly string[];
  /** The newest first. */
  readonly runs: readonly TableRun[];
  /** How many runs are found and how many there are, where these are the newest only; null: these are all. */
  readonly newestOf: { readonly found: number; readonly all: number } | null;
  /** Null: nothing has been found yet. */
  readonly found: Found | null;
  /** All metrics of runs by their folders, as far as they were asked for. */
  readonly metrics: ReadonlyMap<string, RunMetrics>;
}

export interface TableFeedOptions extends FeedOptions {
  /** Asks the host for everything. */
  ready(): void;
  /** Takes what was kept when the table was last open. */
  kept(state: Readonly<Record<string, unknown>>): void;
  /** Returns whether the table begins with the newest runs, so that these can be shown before all are there. */
  beginsWithNewest(): boolean;
}

/** Keeps the runs of the table up to date. */
export class TableFeed extends PageFeed<HostToRunsTable> {
  content: TableContent | null = null;

  constructor(private readonly options: TableFeedOptions) {
    super(hostToRunsTableSchema, options);
  }

  protected override take(message: HostToRunsTable): boolean {
    if (message.type === 'runs') {
      const { paths, kept, newestOf = null } = message;
      const runs = this.runsOf(message);
      if (runs === null) return false;
      if (this.content === null && kept !== null) this.options.kept(kept);
      // A table that shows runs waits for all of them, and so does one in another order.
      if (newestOf !== null && (this.content !== null || !this.options.beginsWithNewest())) return false;
      this.content = { paths, runs, newestOf, found: this.content?.found ?? null, metrics: new Map() };
      return true;
    }
    if (this.content === null) {
      // These are changes of what the page has not been told yet.
      this.options.ready();
      return false;
    }
    if (message.type === 'found') {
      const { type: _, ...found } = message;
      this.content = { ...this.content, found };
    } else if (message.type === 'measured') {
      const metrics = new Map(this.content.metrics);
      for (const run of message.runs) metrics.set(run.folder, run.metrics);
      this.content = { ...this.content, metrics };
    } else
      this.content = {
        ...this.content,
        runs: updated(this.content.runs, message),
        metrics: withoutChanged(this.content.metrics, message),
      };
    return true;
  }

  /** Returns the runs of a message; null: they are none, and the message is dropped. */
  private runsOf({ runs }: Extract<HostToRunsTable, { type: 'runs' }>): readonly TableRun[] | null {
    try {
      return runsOfColumns(runs);
    } catch (error) {
      this.options.dropped(error instanceof Error ? error.message : String(error));
      return null;
    }
  }
}

type Update = Extract<HostToRunsTable, { type: 'update' }>;

/** Forgets the metrics of runs that have changed; they are asked for again. */
function withoutChanged(
  metrics: TableContent['metrics'],
  { changed, removed }: Update,
): TableContent['metrics'] {
  if (metrics.size === 0) return metrics;
  const left = new Map(metrics);
  for (const folder of [...removed, ...changed.map((run) => run.folder)]) left.delete(folder);
  return left;
}

/** Returns the runs after the changes, the newest first. */
function updated(runs: readonly TableRun[], { changed, removed }: Update): TableRun[] {
  const byFolder = new Map(runs.map((run) => [run.folder, run]));
  for (const folder of removed) byFolder.delete(folder);
  for (const run of changed) byFolder.set(run.folder, run);
  return [...byFolder.values()].sort((a, b) => (madeAt(a) < madeAt(b) ? 1 : -1));
}

const madeAt = ({ created, id }: TableRun): string => `${created} ${id}`;
