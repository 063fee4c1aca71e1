import { RunHistory } from '../../../src/shared/run/run-history.js';
import {
  hostToRunPageSchema,
  type HostToRunPage,
  type RunContext,
} from '../../../src/shared/messages/run-protocol.js';
import { unpackedEvents } from '../../../src/shared/run/packed-events.js';
import type { RunManifest, RunStatus } from '../../../src/shared/run/run-manifest.js';
import type { RunEvent } from '../../../src/shared/run/run-events.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

/** The run as the page shows it. */
export interface ShownRun {
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  /** False in a workspace that is not trusted. */
  readonly canTrain: boolean;
  readonly history: RunHistory;
  /** Grows with every change, because the history is one object that fills up. */
  readonly revision: number;
}

export interface RunFeedOptions extends FeedOptions {
  /** Asks the host for everything after this seq. */
  ready(seq: number): void;
}

/**
 * Keeps the run up to date. Where events are missing, the feed asks for them again. The answer is all that
 * there is: a line of the log that nobody can read is missing there too, and is not asked for twice.
 */
export class RunFeed extends PageFeed<HostToRunPage> {
  run: ShownRun | null = null;
  /** Says why the run is no longer there; null while it is. */
  gone: string | null = null;
  /** What the run is among others; null: that is not known yet. */
  context: RunContext | null = null;
  private asking = false;

  constructor(private readonly options: RunFeedOptions) {
    super(hostToRunPageSchema, options);
  }

  protected override take(message: HostToRunPage): boolean {
    switch (message.type) {
      case 'gone':
        this.gone = message.reason;
        return true;
      case 'context':
        this.context = message.context;
        return true;
      case 'run': {
        const packed = this.unpacked(message);
        if (packed === null) return false;
        const history = message.from === 0 ? new RunHistory() : (this.run?.history ?? new RunHistory());
        this.asking = false;
        history.add(packed);
        history.add(message.events);
        if (message.means !== undefined) history.means = message.means;
        this.show(message.manifest, message, history);
        return true;
      }
      case 'update':
        this.update(message);
        return true;
    }
  }

  /** Returns the packed events of a message; null: they are none, and the message is dropped. */
  private unpacked({ packed }: Extract<HostToRunPage, { type: 'run' }>): RunEvent[] | null {
    try {
      return packed === undefined ? [] : unpackedEvents(packed);
    } catch (error) {
      this.options.dropped(error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  private update(message: Extract<HostToRunPage, { type: 'update' }>): void {
    if (!this.run) {
      this.askAgain(0);
      return;
    }
    const { history } = this.run;
    const next = message.events.find(({ seq }) => seq > history.seq);
    if (next && next.seq > history.seq + 1) this.askAgain(history.seq);
    else history.add(message.events);
    this.show(message.manifest ?? this.run.manifest, message, history);
  }

  private show(
    manifest: RunManifest,
    { status, canTrain }: Pick<ShownRun, 'status' | 'canTrain'>,
    history: RunHistory,
  ): void {
    this.gone = null;
    this.run = { manifest, status, canTrain, history, revision: (this.run?.revision ?? 0) + 1 };
  }

  private askAgain(seq: number): void {
    if (this.asking) return;
    this.asking = true;
    this.options.ready(seq);
  }
}
