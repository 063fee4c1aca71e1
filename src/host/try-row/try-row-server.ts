import type { RowAnswer, RowRequest } from '../../shared/prediction/row-messages.js';
import {
  tryRowPageToHostSchema,
  type HostToTryRowPage,
  type TriedRun,
  type TryRowPageToHost,
} from '../../shared/messages/try-row-protocol.js';
import { PageServer, type PagePort, type PageServerOptions } from '../pages/page-server.js';

type Ready = Extract<TryRowPageToHost, { type: 'ready' }>;
type Message = Exclude<TryRowPageToHost, { type: 'ready' | 'error' }>;
/** What the server does not answer itself. */
export type TryRowRequest = Exclude<Message, { type: 'ask' | 'restart' }>;

/** What predicts; tests pass their own. */
export interface Predictor {
  ask(request: RowRequest): void;
  dispose(): void;
}

export interface TryRowOptions extends Omit<PageServerOptions<Message>, 'request'> {
  run(): TriedRun;
  predictor(hears: { answer(answer: RowAnswer): void; ended(why: string): void }): Predictor;
  request(message: TryRowRequest): void;
}

/** Serves the page on which a row of a run is tried: passes on what it asks, and what is answered. */
export class TryRowServer extends PageServer<Ready, Message, HostToTryRowPage> {
  private predictor: Predictor | null = null;
  /** What the process has said of itself and its table, and how it ended: told again to each new page. */
  private told: HostToTryRowPage[] = [];
  /** Answers that have not been posted yet. */
  private readonly answers: HostToTryRowPage[] = [];

  constructor(
    port: PagePort<HostToTryRowPage>,
    private readonly options: TryRowOptions,
  ) {
    super({ name: 'page of a row', messages: tryRowPageToHostSchema }, port, {
      log: (message) => options.log(message),
      request: (message) => this.take(message),
    });
  }

  override nudge(): void {
    this.look();
  }

  override dispose(): void {
    super.dispose();
    this.predictor?.dispose();
  }

  protected override async greet(): Promise<void> {
    this.answers.length = 0;
    await this.post({ type: 'run', run: this.options.run() });
    if (this.predictor === null) this.start();
    for (const message of this.told) await this.post(message);
  }

  protected override async sendNews(): Promise<void> {
    for (const message of this.answers.splice(0)) await this.post(message);
  }

  /** All news come from the process. */
  protected override afterTurn(): void {}

  private take(message: Message): void {
    if (message.type === 'ask') this.predictor?.ask(message.request);
    else if (message.type === 'restart') this.start();
    else this.options.request(message);
  }

  private start(): void {
    this.predictor?.dispose();
    this.told = [];
    this.predictor = this.options.predictor({
      answer: (answer) => {
        const message: HostToTryRowPage = { type: 'answer', answer };
        if (answer.is === 'ready' || answer.is === 'rows') this.told.push(message);
        this.answers.push(message);
        this.look();
      },
      ended: (why) => {
        const message: HostToTryRowPage = { type: 'ended', why };
        this.told = [message];
        this.answers.push(message);
        this.look();
      },
    });
  }
}
