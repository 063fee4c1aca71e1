import {
  hostToComparePageSchema,
  type ComparedRun,
  type ComparisonSubject,
  type HostToComparePage,
} from '../../../src/shared/messages/compare-protocol.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

export interface Comparison {
  readonly subject: ComparisonSubject;
  /** The runs in the order in which they were made. */
  readonly runs: readonly ComparedRun[];
}

export interface CompareFeedOptions extends FeedOptions {
  /** Asks the host for everything. */
  ready(): void;
}

/** Keeps the compared runs up to date. */
export class CompareFeed extends PageFeed<HostToComparePage> {
  comparison: Comparison | null = null;

  constructor(private readonly options: CompareFeedOptions) {
    super(hostToComparePageSchema, options);
  }

  protected override take(message: HostToComparePage): boolean {
    const { subject } = message;
    switch (message.type) {
      case 'runs':
        this.comparison = { subject, runs: message.runs };
        return true;
      case 'update':
        if (this.comparison === null) {
          // These are changes of what the page has not been told yet.
          this.options.ready();
          return false;
        }
        this.comparison = { subject, runs: updated(this.comparison.runs, message) };
        return true;
    }
  }
}

/** Returns the runs after the changes, in the order in which they were made. */
function updated(
  runs: readonly ComparedRun[],
  { changed, removed }: Extract<HostToComparePage, { type: 'update' }>,
): ComparedRun[] {
  const byFolder = new Map(runs.map((run) => [run.folder, run]));
  for (const folder of removed) byFolder.delete(folder);
  for (const run of changed) byFolder.set(run.folder, run);
  return [...byFolder.values()].sort((a, b) => (madeAt(a) < madeAt(b) ? -1 : 1));
}

const madeAt = ({ manifest }: ComparedRun): string => `${manifest.times.created} ${manifest.id}`;
