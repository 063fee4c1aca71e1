import * as v from 'valibot';
import {
  hostToComparePageSchema,
  type ComparedRun,
  type ComparisonSubject,
} from '../../../src/shared/compare-protocol.js';

export interface Comparison {
  readonly subject: ComparisonSubject;
  /** In the order in which they were made. */
  readonly runs: readonly ComparedRun[];
}

/** Turns the host's messages into what there is to show; a bad message is dropped. */
export class CompareFeed {
  comparison: Comparison | null = null;

  constructor(private readonly options: { dropped(reason: string): void; ready(): void; changed(): void }) {}

  receive(raw: unknown): void {
    const parsed = v.safeParse(hostToComparePageSchema, raw);
    if (!parsed.success) {
      this.options.dropped(v.summarize(parsed.issues));
      return;
    }
    const message = parsed.output;
    if (message.type === 'runs') this.comparison = { subject: message.subject, runs: message.runs };
    else if (this.comparison === null) {
      // News of what the page has not been told yet: it asks for all.
      this.options.ready();
      return;
    } else {
      const runs = new Map(this.comparison.runs.map((run) => [run.folder, run]));
      for (const folder of message.removed) runs.delete(folder);
      for (const run of message.changed) runs.set(run.folder, run);
      this.comparison = {
        subject: message.subject,
        runs: [...runs.values()].sort((a, b) => (madeAt(a) < madeAt(b) ? -1 : 1)),
      };
    }
    this.options.changed();
  }
}

const madeAt = ({ manifest }: ComparedRun): string => `${manifest.times.created} ${manifest.id}`;
