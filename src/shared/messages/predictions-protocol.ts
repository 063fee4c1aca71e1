import * as v from 'valibot';
import { predictionReportSchema } from '../prediction/report.js';
import { pageMessages } from './page-messages.js';

/**
 * Messages between the host and the page of predictions. The page says `ready` and is given everything, which
 * never changes.
 */

export const predictionsPageToHostSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('open'), what: v.picklist(['file', 'folder']) }),
  ...pageMessages,
]);
export type PredictionsPageToHost = v.InferOutput<typeof predictionsPageToHostSchema>;

const predictionsSchema = v.object({
  /** What was predicted, for people. */
  title: v.string(),
  /** What the runs are called, in the report's order. */
  runNames: v.array(v.string()),
  report: predictionReportSchema,
});
export type Predictions = v.InferOutput<typeof predictionsSchema>;

export const hostToPredictionsPageSchema = v.variant('type', [
  v.object({ type: v.literal('predictions'), ...predictionsSchema.entries }),
]);
export type HostToPredictionsPage = v.InferOutput<typeof hostToPredictionsPageSchema>;
