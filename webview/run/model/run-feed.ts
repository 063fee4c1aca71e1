import * as v from 'valibot';
import { RunHistory } from '../../../src/shared/history.js';
import { hostToRunPageSchema, type HostToRunPage } from '../../../src/shared/run-protocol.js';
import type { RunManifest, RunStatus } from '../../../src/shared/run.js';

export interface ShownRun {
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  readonly canTrain: boolean;
  readonly history: RunHistory;
  /** Grows with every change: the history is one object that fills up. */
  readonly revision: number;
}

export interface RunFeedOptions {
  /** Everything after this seq is wanted. */
  ready(seq: number): void;
  /** A message was dropped. */
  dropped(reason: string): void;
  /** Something has changed. */
  changed(): void;
}

/**
 * Turns the host's messages into what there is to show. A bad message is dropped; where events are missing,
 * they are asked for again. The answer is all that there is: what is missing there, a line of the log that
 * nobody can read, is not asked for twice.
 */
export class RunFeed {
  view: ShownRun | null = null;
  /** Why the run is no longer there. */
  gone: string | null = null;
  private asking = false;

  constructor(private readonly options: RunFeedOptions) {}

  receive(raw: unknown): void {
    const parsed = v.safeParse(hostToRunPageSchema, raw);
    if (!parsed.success) {
      this.options.dropped(v.summarize(parsed.issues));
      return;
    }
    this.take(parsed.output);
    this.options.changed();
  }

  private take(message: HostToRunPage): void {
    switch (message.type) {
      case 'gone':
        this.gone = message.reason;
        return;
      case 'run': {
        const history = message.from === 0 ? new RunHistory() : (this.view?.history ?? new RunHistory());
        this.asking = false;
        history.add(message.events);
        this.show(message.manifest, message, history);
        return;
      }
      case 'update': {
        const manifest = message.manifest ?? this.view?.manifest;
        if (!manifest || !this.view) {
          this.askAgain(0);
          return;
        }
        const { history } = this.view;
        const next = message.events.find(({ seq }) => seq > history.seq);
        if (next && next.seq > history.seq + 1) this.askAgain(history.seq);
        else history.add(message.events);
        this.show(manifest, message, history);
      }
    }
  }

  private show(
    manifest: RunManifest,
    { status, canTrain }: { status: RunStatus; canTrain: boolean },
    history: RunHistory,
  ): void {
    this.gone = null;
    this.view = { manifest, status, canTrain, history, revision: (this.view?.revision ?? 0) + 1 };
  }

  private askAgain(seq: number): void {
    if (this.asking) return;
    this.asking = true;
    this.options.ready(seq);
  }
}
