import {
  predictionsPageToHostSchema,
  type HostToPredictionsPage,
  type Predictions,
  type PredictionsPageToHost,
} from '../../shared/messages/predictions-protocol.js';
import { PageServer, type PagePort, type PageServerOptions } from '../pages/page-server.js';

type Ready = Extract<PredictionsPageToHost, { type: 'ready' }>;
export type PredictionsRequest = Exclude<PredictionsPageToHost, { type: 'ready' | 'error' }>;

/** Serves one page with predictions that have been written. */
export class PredictionsServer extends PageServer<Ready, PredictionsRequest, HostToPredictionsPage> {
  /** Null: they are no longer kept. */
  constructor(
    private readonly predictions: (Predictions & { readonly kept: string | null }) | null,
    port: PagePort<HostToPredictionsPage>,
    options: PageServerOptions<PredictionsRequest>,
  ) {
    super({ name: 'page of predictions', messages: predictionsPageToHostSchema }, port, options);
  }

  /** What has been predicted does not change. */
  override nudge(): void {}

  protected override async greet(): Promise<void> {
    await this.post(
      this.predictions === null ? { type: 'gone' } : { type: 'predictions', ...this.predictions },
    );
  }

  protected override async sendNews(): Promise<void> {}

  protected override afterTurn(): void {}
}
