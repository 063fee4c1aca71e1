import { pollMilliseconds } from '../../run/store/store.js';
import { RunReader } from '../../run/reader.js';
import {
  runPageToHostSchema,
  type HostToRunPage,
  type RunContext,
  type RunPageToHost,
} from '../../shared/messages/run-protocol.js';
import { unpackedEvents } from '../../shared/run/packed-events.js';
import type { RunError, RunManifest, RunStatus } from '../../shared/run/run-manifest.js';
import { t } from '../editor/localise.js';
import { PageServer, type PagePort, type PageServerOptions } from '../pages/page-server.js';
import { eventsForPage } from './page-events.js';
import { isLive } from '../../shared/run/run-status.js';

type Ready = Extract<RunPageToHost, { type: 'ready' }>;
export type RunPageRequest = Exclude<RunPageToHost, { type: 'ready' | 'error' }>;

export interface RunPageOptions extends PageServerOptions<RunPageRequest> {
  canTrain(): boolean;
  /** Returns why the trainer has ended, where run.json says only that it is gone; null: nobody knows. */
  told(): RunError | null;
  /** Returns whether somebody else watches the run’s folder and nudges the server when it changes. */
  isWatched(): boolean;
  /** Returns what the run is among others; null: it is not known there. */
  context(): RunContext | null;
  /** Receives the run's state before each message with news; null: the run is gone. */
  state(state: { manifest: RunManifest; status: RunStatus } | null): void;
}

/** So many events are packed. */
const longLog = 300;

/** The state that the page was sent last, to find what is new. */
interface Sent {
  readonly manifest: string;
  readonly status: RunStatus;
  readonly canTrain: boolean;
}

/** Serves one page with one run: all events after the seq that `ready` names, then what is new. */
export class RunPageServer extends PageServer<Ready, RunPageRequest, HostToRunPage> {
  /** Follows the run for the page that said `ready` last. */
  private reader: RunReader | null = null;
  /** Null before the page was sent the run, and while the run is gone. */
  private sent: Sent | null = null;
  private gone = false;
  /** The context that the page was sent last. */
  private context = '';

  constructor(
    private readonly folder: string,
    port: PagePort<HostToRunPage>,
    private readonly options: RunPageOptions,
  ) {
    super({ name: 'run page', messages: runPageToHostSchema }, port, options);
  }

  /** Looks for news at once. */
  override nudge(): void {
    this.look();
  }

  protected override async greet({ seq }: Ready): Promise<void> {
    this.gone = false;
    this.context = '';
    await this.sendRun(seq);
    await this.sendContext();
  }

  /** Sends what the run is among others, should that have changed. */
  private async sendContext(): Promise<void> {
    const context = this.sent === null ? null : this.options.context();
    const text = JSON.stringify(context);
    if (context === null || text === this.context) return;
    this.context = text;
    await this.post({ type: 'context', context });
  }

  protected override async sendNews(): Promise<void> {
    await this.sendRunNews();
    await this.sendContext();
  }

  private async sendRunNews(): Promise<void> {
    const { reader, sent } = this;
    // The run may be back: a deletion can be undone.
    if (reader === null || sent === null) return this.sendRun(0);
    const reading = await reader.read();
    if (reading.state !== 'ok') return this.sendGone(reading);
    const { status, events } = reading;
    const manifest = this.completed(reading);
    // A resume undoes events that the page holds, so the page starts afresh.
    if (events.some(({ type }) => type === 'resume')) return this.sendRun(0);
    const text = JSON.stringify(manifest);
    const canTrain = this.options.canTrain();
    const isNew = text !== sent.manifest;
    if (!isNew && events.length === 0 && status === sent.status && canTrain === sent.canTrain) return;
    this.options.state({ manifest, status });
    this.sent = { manifest: text, status, canTrain };
    await this.post({
      type: 'update',
      ...(isNew && { manifest }),
      status,
      canTrain,
      events: [...events],
    });
  }

  /** The server polls only if nobody else watches the folder, or if the page lacks the run. */
  protected override afterTurn(failed: boolean): void {
    if (!failed && this.sent !== null && this.options.isWatched()) return;
    const live = this.sent !== null && isLive(this.sent);
    this.lookAfter(live ? pollMilliseconds.live : pollMilliseconds.idle);
  }

  /** Sends the run with its events after `seq`. */
  private async sendRun(seq: number): Promise<void> {
    this.reader = new RunReader(this.folder);
    this.sent = null;
    const reading = await this.reader.readPacked();
    if (reading.state !== 'ok') return this.sendGone(reading);
    this.gone = false;
    const log = reading.events;
    const last = log.length === 0 ? 0 : log.head(log.length - 1).seq;
    // A page that holds more events than there are holds another run's: it starts afresh.
    const from = seq <= last ? seq : 0;
    const { status } = reading;
    const manifest = this.completed(reading);
    const canTrain = this.options.canTrain();
    this.options.state({ manifest, status });
    this.sent = { manifest: JSON.stringify(manifest), status, canTrain };
    const common = { type: 'run', from, manifest, status, canTrain } as const;
    // A page that holds some events lacks few.
    if (from > 0) return this.post({ ...common, events: log.after(from) });
    const { packed, means } = await eventsForPage(log, manifest.summary?.bestEpoch ?? null);
    if (packed.shapeOf.length < longLog)
      await this.post({ ...common, events: unpackedEvents(packed), means });
    else await this.post({ ...common, events: [], packed, means });
  }

  private completed({ manifest, status }: { manifest: RunManifest; status: RunStatus }): RunManifest {
    const told = status === 'interrupted' && manifest.error === null ? this.options.told() : null;
    return told === null ? manifest : { ...manifest, error: told };
  }

  private async sendGone(
    reading: { state: 'gone' } | { state: 'unreadable'; reason: string },
  ): Promise<void> {
    this.sent = null;
    if (this.gone) return;
    this.gone = true;
    const reason =
      reading.state === 'gone' ? t('This run is no longer there: it was deleted or moved.') : reading.reason;
    this.options.state(null);
    await this.post({ type: 'gone', reason });
  }
}
