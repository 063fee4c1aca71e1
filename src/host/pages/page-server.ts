import * as v from 'valibot';

/** A page that is shown; its server does not know what shows it. */
export interface PagePort<ToPage> {
  /** Resolves to false if nobody was there to receive the message. */
  post(message: ToPage): PromiseLike<boolean>;
  isVisible(): boolean;
}

export interface PageServerOptions<Request> {
  log(message: string): void;
  /** Receives the messages that ask for something other than data. */
  request(message: Request): void;
}

/** A page and the messages that it sends. */
export interface PageKind<Ready extends PageMessage, Request extends PageMessage> {
  /** Names the page in the log: "run page". */
  readonly name: string;
  readonly messages: v.GenericSchema<unknown, Ready | PageError | Request>;
}

interface PageMessage {
  readonly type: string;
}

/** The page tells what went wrong in it. */
interface PageError extends PageMessage {
  readonly type: 'error';
  readonly message: string;
}

/**
 * The host's side of one page. The page says `ready` and is greeted with all that it lacks; from then on the
 * server looks for news, as long as the page is visible. A hidden page loses messages and is made anew when
 * it is shown again, so nothing is sent to it until it has said `ready` once more.
 */
export abstract class PageServer<
  Ready extends PageMessage & { readonly type: 'ready' },
  Request extends PageMessage,
  ToPage,
> {
  /** The state is true from the `ready` of a page until it is hidden. */
  private connected = false;
  private timer: NodeJS.Timeout | null = null;
  private working: Promise<void> = Promise.resolve();
  private disposed = false;

  protected constructor(
    private readonly page: PageKind<Ready, Request>,
    private readonly port: PagePort<ToPage>,
    private readonly requests: PageServerOptions<Request>,
  ) {}

  /** Takes a message as it came from the page; one that is malformed is logged and dropped. */
  receive(raw: unknown): void {
    const parsed = v.safeParse(this.page.messages, raw);
    if (!parsed.success) {
      const issues = v.summarize(parsed.issues);
      this.requests.log(`The ${this.page.name} sent a message that was dropped: ${issues}`);
      return;
    }
    const message = parsed.output;
    if (this.isReady(message)) {
      this.inTurn(() => {
        this.connected = true;
        return this.greet(message);
      });
    } else if (this.isError(message)) this.requests.log(`The ${this.page.name}: ${message.message}`);
    else this.requests.request(message);
  }

  /** Tells the server that something may have changed. */
  abstract nudge(): void;

  /** Tells the server that the page is gone until it says `ready` again. */
  hidden(): void {
    this.connected = false;
  }

  dispose(): void {
    this.disposed = true;
    this.hidden();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Resolves when all work that is under way is done. */
  idle(): Promise<void> {
    return this.working;
  }

  /** Sends the page everything that it lacks. */
  protected abstract greet(ready: Ready): Promise<void>;

  /** Sends the page what is new, if anything is. */
  protected abstract sendNews(): Promise<void>;

  /** Plans the next look, after each turn while a page is connected; `failed`: the turn ended in an error. */
  protected abstract afterTurn(failed: boolean): void;

  /** Looks for news when the work that is under way is done. */
  protected look(): void {
    this.inTurn(async () => {
      if (this.connected && this.port.isVisible()) await this.sendNews();
    });
  }

  /** Looks for news after a pause, in place of the look that was planned before. */
  protected lookAfter(milliseconds: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.look();
    }, milliseconds);
    this.timer.unref();
  }

  protected get isDisposed(): boolean {
    return this.disposed;
  }

  protected get isLookPlanned(): boolean {
    return this.timer !== null;
  }

  /**
   * Posts a message. One that was not delivered is lost, which does no harm: the page that comes next says
   * `ready` and is sent everything.
   */
  protected async post(message: ToPage): Promise<void> {
    if (!this.disposed && !(await this.port.post(message))) this.hidden();
  }

  /** Does one thing at a time, so that nothing is read or sent twice, or out of order. */
  private inTurn(work: () => Promise<void>): void {
    this.working = this.working.then(async () => {
      if (this.disposed) return;
      let failed = false;
      try {
        await work();
      } catch (error) {
        failed = true;
        const reason = error instanceof Error ? error.message : String(error);
        this.requests.log(`The ${this.page.name} could not be served: ${reason}`);
      }
      if (this.connected) this.afterTurn(failed);
    });
  }

  private isReady(message: Ready | PageError | Request): message is Ready {
    return message.type === 'ready';
  }

  private isError(message: Ready | PageError | Request): message is PageError {
    return message.type === 'error';
  }
}
