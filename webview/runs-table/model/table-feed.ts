import {
  hostToRunsTableSchema,
  type HostToRunsTable,
  type TableRun,
} from '../../../src/shared/messages/runs-table-protocol.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

export type Found = Omit<Extract<HostToRunsTable, { type: 'found' }>, 'type'>;

/** What the page knows. */
export interface TableContent {
  /** The settings in which runs differ, as the runs' `settings` have them. */
  readonly paths: readonly string[];
  /** The newest first. */
  readonly runs: readonly TableRun[];
  /** Null: nothing has been found yet. */
  readonly found: Found | null;
}

export interface TableFeedOptions extends FeedOptions {
  /** Asks the host for everything. */
  ready(): void;
  /** Takes what was kept when the table was last open. */
  kept(state: Readonly<Record<string, unknown>>): void;
}

/** Keeps the runs of the table up to date. */
export class TableFeed extends PageFeed<HostToRunsTable> {
  content: TableContent | null = null;

  constructor(private readonly options: TableFeedOptions) {
    super(hostToRunsTableSchema, options);
  }

  protected override take(message: HostToRunsTable): boolean {
    if (message.type === 'runs') {
      const { paths, runs, kept } = message;
      if (this.content === null && kept !== null) this.options.kept(kept);
      this.content = { paths, runs, found: this.content?.found ?? null };
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
    } else this.content = { ...this.content, runs: updated(this.content.runs, message) };
    return true;
  }
}

/** Returns the runs after the changes, the newest first. */
function updated(
  runs: readonly TableRun[],
  { changed, removed }: Extract<HostToRunsTable, { type: 'update' }>,
): TableRun[] {
  const byFolder = new Map(runs.map((run) => [run.folder, run]));
  for (const folder of removed) byFolder.delete(folder);
  for (const run of changed) byFolder.set(run.folder, run);
  return [...byFolder.values()].sort((a, b) => (madeAt(a) < madeAt(b) ? 1 : -1));
}

const madeAt = ({ created, id }: TableRun): string => `${created} ${id}`;
