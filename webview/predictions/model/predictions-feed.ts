import {
  hostToPredictionsPageSchema,
  type HostToPredictionsPage,
  type Predictions,
} from '../../../src/shared/messages/predictions-protocol.js';
import { PageFeed, type FeedOptions } from '../../ui/page/page-feed.js';

/** Keeps the predictions that the page shows. */
export class PredictionsFeed extends PageFeed<HostToPredictionsPage> {
  predictions: Predictions | null = null;

  constructor(options: FeedOptions) {
    super(hostToPredictionsPageSchema, options);
  }

  protected override take(message: HostToPredictionsPage): boolean {
    this.predictions = message;
    return true;
  }
}
