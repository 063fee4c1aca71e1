import {
  hostToPredictionsPageSchema,
  type HostToPredictionsPage,
} from '../../../src/shared/messages/predictions-protocol.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

/** Keeps the predictions that the page shows. */
export class PredictionsFeed extends PageFeed<HostToPredictionsPage> {
  /** Null: not told yet, or they are gone. */
  predictions: Extract<HostToPredictionsPage, { type: 'predictions' }> | null = null;
  isGone = false;

  constructor(options: FeedOptions) {
    super(hostToPredictionsPageSchema, options);
  }

  protected override take(message: HostToPredictionsPage): boolean {
    this.isGone = message.type === 'gone';
    this.predictions = message.type === 'gone' ? null : message;
    return true;
  }
}
