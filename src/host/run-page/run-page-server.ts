import * as v from 'valibot';
import { RunReader } from '../../run/reader.js';
import { runPageToHostSchema, type HostToRunPage, type RunPageToHost } from '../../shared/run-protocol.js';
import type { RunManifest, RunStatus } from '../../shared/run.js';
import { t } from '../localise.js';
import { eventsForPage } from './page-events.js';
import { isLive } from '../../shared/run-status.js';

/** A page that is shown; the server does not know what shows it. */
export interface RunPagePort {
  /** False where nobody was there to receive it. */
  post(message: HostToRunPage): PromiseLike<boolean>;
  isVisible(): boolean;
}

export interface RunPageOptions {
  canTrain(): boolean;
  log(message: string): void;
  /** The messages that ask for something other than data. */
  request(message: Exclude<RunPageToHost, { type: 'ready' | 'error' }>): void;
  /** Before each message with news. */
  state(state: { manifest: RunManifest; status: RunStatus } | null): void;
}

interface Sent {
  readonly manifest: string;
  readonly status: RunStatus;
  readonly canTrain: boolean;
}

const livePollMilliseconds = 500;
const idlePollMilliseconds = 2000;

/**
 * Serves one page with one run: everything after the seq that `ready` names, then what is new, as long as the
 * page is visible. A hidden page loses messages and is made anew when it is shown, so it is sent nothing and
 * says `ready` again.
 */
export class RunPageServer {
  /** Of the page that has said ready; null: there is none to talk to. */
  private reader: RunReader | null = null;
  private sent: Sent | null = null;
  private gone = false;
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();
  private disposed = false;

  constructor(
    private readonly folder: string,
    private readonly port: RunPagePort,
    private readonly options: RunPageOptions,
  ) {}

  /** A message as it came from the page. */
  receive(raw: unknown): void {
    const parsed = v.safeParse(runPageToHostSchema, raw);
    if (!parsed.success) {
      this.options.log(`The run page sent a message that was dropped: ${v.summarize(parsed.issues)}`);
      return;
    }
    const message = parsed.output;
    if (message.type === 'ready') {
      this.gone = false;
      this.inTurn(() => this.greet(message.seq));
    } else if (message.type === 'error') this.options.log(`The run page: ${message.message}`);
    else this.options.request(message);
  }

  /** Something has changed: look now. */
  nudge(): void {
    this.inTurn(() => this.look());
  }

  /** The page is gone until it says ready again. */
  hidden(): void {
    this.reader = null;
    this.sent = null;
  }

  dispose(): void {
    this.disposed = true;
    this.hidden();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Resolves when what is under way is done. */
  idle(): Promise<void> {
    return this.working;
  }

  /** One thing at a time, so that no event is sent twice or out of order. */
  private inTurn(work: () => Promise<void>): void {
    this.working = this.working
      .then(() => (this.disposed ? undefined : work()))
      .catch((error: unknown) =>
        this.options.log(
          `The run page could not be served: ${error instanceof Error ? error.message : String(error)}`,
        ),
      )
      .then(() => this.schedule());
  }

  private async greet(seq: number): Promise<void> {
    const reader = new RunReader(this.folder);
    this.reader = reader;
    const reading = await reader.read();
    if (reading.state !== 'ok') return this.sayGone(reading);
    this.gone = false;
    const last = reading.events.at(-1)?.seq ?? 0;
    // A page that holds more than there is holds another run's events: it starts afresh.
    const from = seq <= last ? seq : 0;
    const { manifest, status } = reading;
    const canTrain = this.options.canTrain();
    this.options.state({ manifest, status });
    const events = eventsForPage(reading.events).filter((event) => event.seq > from);
    await this.post(
      { type: 'run', from, manifest, status, canTrain, events },
      { manifest: JSON.stringify(manifest), status, canTrain },
    );
  }

  private async look(): Promise<void> {
    const { reader, sent } = this;
    if (reader === null || !this.port.isVisible()) return;
    // It may be back: a deletion can be undone.
    if (this.gone || sent === null) return this.greet(0);
    const reading = await reader.read();
    if (reading.state !== 'ok') return this.sayGone(reading);
    const { manifest, status, events } = reading;
    // What is drawn after the epochs that a resume has undone, the page may not hold.
    if (events.some(({ type }) => type === 'resume')) return this.greet(0);
    const text = JSON.stringify(manifest);
    const canTrain = this.options.canTrain();
    const isNew = text !== sent.manifest;
    if (!isNew && events.length === 0 && status === sent.status && canTrain === sent.canTrain) return;
    this.options.state({ manifest, status });
    await this.post(
      { type: 'update', ...(isNew && { manifest }), status, canTrain, events: [...events] },
      { manifest: text, status, canTrain },
    );
  }

  private async sayGone(reading: { state: 'gone' } | { state: 'unreadable'; reason: string }): Promise<void> {
    if (this.gone) return;
    this.gone = true;
    const reason =
      reading.state === 'gone' ? t('This run is no longer there: it was deleted or moved.') : reading.reason;
    this.options.state(null);
    await this.post({ type: 'gone', reason }, null);
  }

  /** What was not delivered is lost: the page that comes next asks for everything that it lacks. */
  private async post(message: HostToRunPage, sent: Sent | null): Promise<void> {
    if (this.disposed) return;
    if (await this.port.post(message)) this.sent = sent;
    else this.hidden();
  }

  private schedule(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.disposed || this.reader === null) return;
    const live = this.sent != null && isLive(this.sent);
    this.timer = setTimeout(() => this.nudge(), live ? livePollMilliseconds : idlePollMilliseconds);
    this.timer.unref();
  }
}
