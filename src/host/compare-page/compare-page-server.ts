import * as v from 'valibot';
import { EventLogReader } from '../../run/event-log.js';
import { runPaths } from '../../run/run-paths.js';
import type { RunListEntry } from '../../run/store.js';
import {
  comparePageToHostSchema,
  type ComparedRun,
  type ComparePageToHost,
  type ComparisonSubject,
  type HostToComparePage,
} from '../../shared/compare-protocol.js';
import { RunHistory } from '../../shared/history.js';
import type { HostRun, ReadableRun } from '../runs/run-collection.js';
import { comparedRun } from './compared-run.js';
import { runsOf } from './comparison-subject.js';

/** A page that is shown; the server does not know what shows it. */
export interface ComparePagePort {
  /** False where nobody was there to receive it. */
  post(message: HostToComparePage): PromiseLike<boolean>;
  isVisible(): boolean;
}

export interface ComparePageOptions {
  /** All that are known. */
  runs(): readonly HostRun[];
  log(message: string): void;
  /** The messages that ask for something other than data. */
  request(message: Exclude<ComparePageToHost, { type: 'ready' | 'error' }>): void;
  /** It is called differently now. */
  entitled(subject: ComparisonSubject): void;
}

interface Followed {
  readonly log: EventLogReader;
  readonly history: RunHistory;
  /** As last read; a run that changes has another entry. */
  entry: RunListEntry | null;
  run: ComparedRun | null;
}

/**
 * What a curve and its progress need; steps, routes and experts, by far most of a log, are passed over
 * unparsed.
 */
const wantedEvents = new Set(['start', 'epoch', 'resume', 'end'] as const);
const leastMilliseconds = 500;

/**
 * Serves one page with the runs of a subject: all of them when it says ready, then what changes, at most
 * twice a second, while it is visible.
 */
export class ComparePageServer {
  private readonly followed = new Map<string, Followed>();
  /** A page has said ready and has not been hidden since. */
  private connected = false;
  private timer: NodeJS.Timeout | null = null;
  private lastLook = -Infinity;
  private working: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor(
    private about: ComparisonSubject,
    private readonly port: ComparePagePort,
    private readonly options: ComparePageOptions,
  ) {}

  get subject(): ComparisonSubject {
    return this.about;
  }

  /** The runs as they are known now, in the order in which they were made. */
  get runs(): ReadableRun[] {
    return runsOf(this.about, this.options.runs());
  }

  /** A message as it came from the page. */
  receive(raw: unknown): void {
    const parsed = v.safeParse(comparePageToHostSchema, raw);
    if (!parsed.success) {
      this.options.log(`The compare page sent a message that was dropped: ${v.summarize(parsed.issues)}`);
      return;
    }
    const message = parsed.output;
    if (message.type === 'ready') {
      this.connected = true;
      this.inTurn(() => this.greet());
    } else if (message.type === 'error') this.options.log(`The compare page: ${message.message}`);
    else this.options.request(message);
  }

  /** Something may have changed: look soon. */
  nudge(): void {
    if (this.timer !== null || this.disposed) return;
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.inTurn(() => this.look());
      },
      Math.max(0, this.lastLook + leastMilliseconds - performance.now()),
    );
  }

  /** The page is gone until it says ready again. */
  hidden(): void {
    this.connected = false;
  }

  dispose(): void {
    this.disposed = true;
    this.connected = false;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.followed.clear();
  }

  /** Resolves when what is under way is done. */
  idle(): Promise<void> {
    return this.working;
  }

  /** One thing at a time, so that no log is read twice at once. */
  private inTurn(work: () => Promise<void>): void {
    this.working = this.working
      .then(() => (this.disposed ? undefined : work()))
      .catch((error: unknown) =>
        this.options.log(
          `The compare page could not be served: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
  }

  private async greet(): Promise<void> {
    await this.readAll();
    const runs = [...this.followed.values()].flatMap(({ run }) => (run === null ? [] : [run]));
    await this.post({ type: 'runs', subject: this.about, runs });
  }

  private async look(): Promise<void> {
    if (!this.connected || !this.port.isVisible()) return;
    const { changed, removed, renamed } = await this.readAll();
    if (changed.length === 0 && removed.length === 0 && !renamed) return;
    await this.post({ type: 'update', subject: this.about, changed, removed });
  }

  /** Reads what is new of each run. */
  private async readAll(): Promise<{ changed: ComparedRun[]; removed: string[]; renamed: boolean }> {
    this.lastLook = performance.now();
    const shown = this.runs;
    const renamed = this.rename(shown);
    const folders = new Set(shown.map(({ entry }) => entry.folder));
    const removed = [...this.followed.keys()].filter((folder) => !folders.has(folder));
    for (const folder of removed) this.followed.delete(folder);
    const read = await Promise.all(shown.map((run) => this.readOne(run)));
    return { changed: read.filter((run) => run !== null), removed, renamed };
  }

  private async readOne({ entry }: ReadableRun): Promise<ComparedRun | null> {
    const paths = runPaths(entry.folder);
    const followed = this.followed.get(entry.folder) ?? {
      log: new EventLogReader(paths.events, wantedEvents),
      history: new RunHistory(),
      entry: null,
      run: null,
    };
    this.followed.set(entry.folder, followed);
    if (followed.entry === entry) return null;
    // The entry is older than the log: a run that says it has ended has written all its events before.
    followed.history.add(await followed.log.read());
    followed.entry = entry;
    return (followed.run = comparedRun(entry, followed.history));
  }

  /** A comparison is named by its runs, which come after it. */
  private rename(shown: readonly ReadableRun[]): boolean {
    const title = this.about.comparison === null ? undefined : shown[0]?.entry.manifest.comparison?.name;
    if (title === undefined || title === this.about.title) return false;
    this.about = { ...this.about, title };
    this.options.entitled(this.about);
    return true;
  }

  /** What was not delivered is lost: the page that comes next says ready and gets everything. */
  private async post(message: HostToComparePage): Promise<void> {
    if (!this.disposed && !(await this.port.post(message))) this.hidden();
  }
}
