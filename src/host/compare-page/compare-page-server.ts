import { EventLogReader } from '../../run/event-log.js';
import { runPaths } from '../../run/files/run-paths.js';
import type { RunListEntry } from '../../run/store/run-list-entry.js';
import {
  comparePageToHostSchema,
  type ComparedRun,
  type ComparePageToHost,
  type ComparisonSubject,
  type HostToComparePage,
} from '../../shared/messages/compare-protocol.js';
import { RunHistory } from '../../shared/run/run-history.js';
import type { HostRun, ReadableRun } from '../runs/run-collection.js';
import { PageServer, type PagePort, type PageServerOptions } from '../pages/page-server.js';
import { comparedRun } from './compared-run.js';
import { runsOfSubject } from './comparison-subject.js';

type Ready = Extract<ComparePageToHost, { type: 'ready' }>;
export type ComparePageRequest = Exclude<ComparePageToHost, { type: 'ready' | 'error' }>;

export interface ComparePageOptions extends PageServerOptions<ComparePageRequest> {
  /** Returns all runs that are known. */
  runs(): readonly HostRun[];
  /** Is told when the subject gets another title. */
  renamed(subject: ComparisonSubject): void;
}

interface Followed {
  readonly log: EventLogReader;
  readonly history: RunHistory;
  /** The entry for which the log was read last; a run that changes has another entry. */
  entry: RunListEntry | null;
  run: ComparedRun | null;
}

/** The events that curves and progress are made of; the rest, most of a log, is skipped without parsing. */
const wantedEvents = new Set(['start', 'epoch', 'resume', 'end'] as const);
const minMillisecondsBetweenLooks = 500;

/** Serves one page with the runs of a subject: all of them at first, then those that change. */
export class ComparePageServer extends PageServer<Ready, ComparePageRequest, HostToComparePage> {
  private readonly followed = new Map<string, Followed>();
  private lastLook = -Infinity;

  constructor(
    private about: ComparisonSubject,
    port: PagePort<HostToComparePage>,
    private readonly options: ComparePageOptions,
  ) {
    super({ name: 'compare page', messages: comparePageToHostSchema }, port, options);
  }

  get subject(): ComparisonSubject {
    return this.about;
  }

  /** The runs as they are known now, in the order in which they were made. */
  get runs(): ReadableRun[] {
    return runsOfSubject(this.about, this.options.runs());
  }

  /** Looks for news soon, at most twice a second. */
  override nudge(): void {
    if (this.isLookPlanned || this.isDisposed) return;
    this.lookAfter(Math.max(0, this.lastLook + minMillisecondsBetweenLooks - performance.now()));
  }

  override dispose(): void {
    super.dispose();
    this.followed.clear();
  }

  protected override async greet(): Promise<void> {
    await this.readAll();
    const runs = [...this.followed.values()].flatMap(({ run }) => (run === null ? [] : [run]));
    await this.post({ type: 'runs', subject: this.about, runs });
  }

  protected override async sendNews(): Promise<void> {
    const { changed, removed, renamed } = await this.readAll();
    if (changed.length === 0 && removed.length === 0 && !renamed) return;
    await this.post({ type: 'update', subject: this.about, changed, removed });
  }

  /** All runs' changes come from the collection, which nudges. */
  protected override afterTurn(): void {}

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
    // The entry was read before the log: a run that says it has ended has written all its events by then.
    followed.history.add(await followed.log.read());
    followed.entry = entry;
    return (followed.run = comparedRun(entry, followed.history));
  }

  /** Renames a comparison when its first run is there: it is the runs that know its name. */
  private rename(shown: readonly ReadableRun[]): boolean {
    const title = this.about.comparison === null ? undefined : shown[0]?.entry.manifest.comparison?.name;
    if (title === undefined || title === this.about.title) return false;
    this.about = { ...this.about, title };
    this.options.renamed(this.about);
    return true;
  }
}
