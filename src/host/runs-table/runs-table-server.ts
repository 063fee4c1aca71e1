import { completionsOf, queryKeys } from '../../shared/query/completion.js';
import { parseQuery } from '../../shared/query/query.js';
import type { QueriedRun } from '../../shared/query/run-facts.js';
import { RunColumns, type RunsInColumns } from '../../shared/messages/runs-in-columns.js';
import {
  runsTableToHostSchema,
  type HostToRunsTable,
  type RunsTableToHost,
} from '../../shared/messages/runs-table-protocol.js';
import type { TableRun } from '../../shared/messages/table-run-schema.js';
import { forEachInSlices, Slices } from '../../run/files/slices.js';
import { PageServer, type PagePort, type PageServerOptions } from '../pages/page-server.js';
import { isReadable, type HostRun, type ReadableRun } from '../runs/run-collection.js';
import { runsByRows } from '../runs/runs-by-rows.js';
import { arrangeRuns } from '../runs-view/runs-arrangement.js';
import { tableRun } from './table-run.js';

type Ready = Extract<RunsTableToHost, { type: 'ready' }>;
type Message = Exclude<RunsTableToHost, { type: 'ready' | 'error' }>;
/** What the server does not answer itself. */
export type RunsTableRequest = Exclude<Message, { type: 'find' | 'measure' }>;

export interface RunsTableOptions extends Omit<PageServerOptions<Message>, 'request'> {
  /** Returns all runs that are known, the newest first. */
  runs(): readonly HostRun[];
  /** Returns the settings in which the runs differ. */
  paths(): readonly string[];
  /** Returns what a run is called among the others. */
  nameOf(run: HostRun): string;
  /** Returns what was kept when the table was last open; null: nothing. */
  kept(): Record<string, unknown> | null;
  request(message: RunsTableRequest): void;
}

interface Sent {
  readonly entry: ReadableRun['entry'];
  readonly row: TableRun;
}

const minMillisecondsBetweenLooks = 500;
/** More runs than these are sent in two goes, of which the first has what a screen shows. */
const manyRuns = 1000;
const firstRuns = 100;
/** Names and values are offered of so many of the newest runs. */
const mostLookedAt = 1000;

/** Serves the page with all runs: everything at first, then what changes, and what a query finds. */
export class RunsTableServer extends PageServer<Ready, Message, HostToRunsTable> {
  private readonly sent = new Map<string, Sent>();
  private paths: readonly string[] = [];
  private query = '';
  /** The query of the last answer is to be answered again. */
  private isAsked = false;
  private lastLook = -Infinity;

  constructor(
    port: PagePort<HostToRunsTable>,
    private readonly options: RunsTableOptions,
  ) {
    super({ name: 'table of runs', messages: runsTableToHostSchema }, port, {
      log: (message) => options.log(message),
      request: (message) => this.take(message),
    });
  }

  /** Looks for news soon, at most twice a second. */
  override nudge(): void {
    if (this.isLookPlanned || this.isDisposed) return;
    this.lookAfter(Math.max(0, this.lastLook + minMillisecondsBetweenLooks - performance.now()));
  }

  private take(message: Message): void {
    switch (message.type) {
      case 'find':
        this.query = message.query;
        this.isAsked = true;
        this.look();
        return;
      case 'measure':
        void this.sendMetrics(new Set(message.folders));
        return;
      default:
        this.options.request(message);
    }
  }

  protected override async greet({ query }: Ready): Promise<void> {
    this.query = query;
    await this.sendAll();
  }

  protected override async sendNews(): Promise<void> {
    this.lastLook = performance.now();
    const slices = new Slices();
    const runs = this.readable();
    if (!isSame(this.options.paths(), this.paths)) return this.sendAll();
    const changed: TableRun[] = [];
    const present = new Set<string>();
    await forEachInSlices(runs, slices, (run) => {
      const { entry } = run;
      present.add(entry.folder);
      const before = this.sent.get(entry.folder);
      const name = this.options.nameOf(run);
      if (before?.entry === entry && before.row.name === name) return;
      changed.push(this.keep(run, name));
    });
    const removed = [...this.sent.keys()].filter((folder) => !present.has(folder));
    for (const folder of removed) this.sent.delete(folder);
    const hasNews = changed.length > 0 || removed.length > 0;
    if (hasNews) await this.post({ type: 'update', changed, removed });
    if (hasNews || this.isAsked) await this.sendFound(runs, slices);
  }

  /** All runs' changes come from the collection, which nudges. */
  protected override afterTurn(): void {}

  private readable(): ReadableRun[] {
    return this.options.runs().filter(isReadable);
  }

  private async sendAll(): Promise<void> {
    this.lastLook = performance.now();
    const slices = new Slices();
    const runs = this.readable();
    this.paths = this.options.paths();
    this.sent.clear();
    const common = { type: 'runs' as const, paths: [...this.paths], kept: this.options.kept() };
    // Of very many runs the first lines are there long before all are.
    if (runs.length > manyRuns && this.query === '') {
      const found = runs.filter(({ entry }) => entry.manifest.archived !== true);
      const first = await this.inColumns(found.slice(0, firstRuns), slices);
      await this.post({ ...common, runs: first, newestOf: { found: found.length, all: runs.length } });
      await slices.next();
    }
    await this.post({ ...common, runs: await this.inColumns(runs, slices) });
    await this.sendFound(runs, slices);
  }

  private async inColumns(runs: readonly ReadableRun[], slices: Slices): Promise<RunsInColumns> {
    const rows = new RunColumns(this.paths.length);
    await forEachInSlices(runs, slices, (run) => rows.add(this.keep(run, this.options.nameOf(run))));
    return rows.columns;
  }

  private async sendMetrics(folders: ReadonlySet<string>): Promise<void> {
    const runs = this.readable().flatMap(({ entry: { folder, manifest } }) =>
      manifest.summary === null || !folders.has(folder)
        ? []
        : [{ folder, metrics: { validation: manifest.summary.validation, test: manifest.summary.test } }],
    );
    await this.post({ type: 'measured', runs });
  }

  private keep(run: ReadableRun, name: string): TableRun {
    const row = tableRun(run, name, this.paths);
    this.sent.set(run.entry.folder, { entry: run.entry, row });
    return row;
  }

  private async sendFound(runs: readonly ReadableRun[], slices: Slices): Promise<void> {
    this.isAsked = false;
    const { query } = this;
    const parsed = parseQuery(query);
    const found = await arrangeRuns(
      runs,
      { order: { by: 'time' }, filter: { query } },
      (run) => this.options.nameOf(run),
      slices,
    );
    const some: QueriedRun[] = runs.slice(0, mostLookedAt).map((run) => ({
      manifest: run.entry.manifest,
      status: run.entry.status,
      name: this.options.nameOf(run),
    }));
    await this.post({
      type: 'found',
      query,
      folders: found.map(({ entry }) => entry.folder),
      rowSets: (await runsByRows(found, slices)).map(({ label, keys }) => ({ label, keys: [...keys] })),
      problem: 'problem' in parsed ? parsed.problem : null,
      completions: completionsOf(query, queryKeys(some, this.paths), some).slice(0, mostCompletions),
    });
  }
}

const mostCompletions = 40;

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((path, index) => path === other[index]);
