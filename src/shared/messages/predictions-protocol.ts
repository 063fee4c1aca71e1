import * as v from 'valibot';
import { predictionReportSchema } from '../prediction/report.js';
import { pageMessages } from './page-messages.js';

/**
 * Messages between the host and the page of predictions. The page says `ready` and is given everything, which
 * never changes; or is told, after a reload of the window, that the host no longer has it.
 */

export const predictionsPageToHostSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('open'), what: v.picklist(['file', 'folder']) }),
  /** Predict a table anew. */
  v.object({ type: v.literal('predict') }),
  ...pageMessages,
]);
export type PredictionsPageToHost = v.InferOutput<typeof predictionsPageToHostSchema>;

export const predictionsSchema = v.object({
  /** What was predicted, for people. */
  title: v.string(),
  /** What the runs are called, in the report's order. */
  runNames: v.array(v.string()),
  report: predictionReportSchema,
});
export type Predictions = v.InferOutput<typeof predictionsSchema>;

export const hostToPredictionsPageSchema = v.variant('type', [
  v.object({
    type: v.literal('predictions'),
    /** The page keeps it, and the host finds the predictions by it when the window is reloaded; null: it cannot. */
    kept: v.nullable(v.string()),
    ...predictionsSchema.entries,
  }),
  v.object({ type: v.literal('gone') }),
]);
export type HostToPredictionsPage = v.InferOutput<typeof hostToPredictionsPageSchema>;
