import {
  hostToTryRowPageSchema,
  type HostToTryRowPage,
  type TriedRun,
} from '../../../src/shared/messages/try-row-protocol.js';
import type { RowAnswer, RowColumn, RowValues } from '../../../src/shared/prediction/row-messages.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

type Prediction = Extract<RowAnswer, { is: 'prediction' }>;
type RealRow = Pick<Extract<RowAnswer, { is: 'row' }>, 'row' | 'values' | 'labels'>;

export interface TryRowFeedOptions extends FeedOptions {
  /** The process listens: what was written is to be predicted. */
  listening(): void;
  /** Returns whether an answer is the one that was asked for last. */
  isLatest(id: number): boolean;
  /** Takes the values of a row of the table. Returns the number of the request for its prediction. */
  filled(row: RealRow): number;
  /** The table was read. */
  readable(): void;
}

/** Keeps what is known of the run, its columns and its rows, and the latest prediction. */
export class TryRowFeed extends PageFeed<HostToTryRowPage> {
  run: TriedRun | null = null;
  /** Null: the process does not listen yet. */
  form: { readonly columns: readonly RowColumn[]; readonly values: RowValues } | null = null;
  /** The run's own table; null: it is not read yet. */
  table: { readonly rows: number | null; readonly why: string | null } | null = null;
  /** The row that the form was filled from last; null: none. */
  real: RealRow | null = null;
  /** The latest prediction of a row that is valid. */
  prediction: Prediction | null = null;
  /** The prediction of the row as it was filled in. */
  before: Prediction | null = null;
  remarks: Prediction['remarks'] = [];
  /** Why a row cannot be had; null: nothing is wrong. */
  refused: string | null = null;
  /** Why the process has ended; null: it has not. */
  ended: string | null = null;
  /** The request for the prediction of the row as it was filled in; null: there is none. */
  private filledBy: number | null = null;

  constructor(private readonly options: TryRowFeedOptions) {
    super(hostToTryRowPageSchema, options);
  }

  protected override take(message: HostToTryRowPage): boolean {
    if (message.type === 'run') this.run = message.run;
    else if (message.type === 'ended') this.ended = message.why;
    else this.answered(message.answer);
    return true;
  }

  private answered(answer: RowAnswer): void {
    switch (answer.is) {
      case 'ready':
        this.ended = null;
        this.form = answer;
        this.options.listening();
        return;
      case 'rows':
        this.table = answer;
        if (answer.rows !== null) this.options.readable();
        return;
      case 'row':
        this.real = answer;
        this.refused = null;
        this.before = null;
        this.filledBy = this.options.filled(answer);
        return;
      case 'refused':
        this.refused = answer.why;
        return;
      case 'prediction':
        if (!this.options.isLatest(answer.id)) return;
        this.remarks = answer.remarks;
        if (answer.tasks === null) return;
        this.prediction = answer;
        if (answer.id === this.filledBy) this.before = answer;
    }
  }
}
