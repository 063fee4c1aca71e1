import * as v from 'valibot';
import { nameList, restoreFields } from '../../ui/page/page-state.js';

/** The choices made on the page of predictions, which survive hiding and reloading. */
const predictionsPageStateSchema = v.object({
  /** What the host finds the predictions by after a reload; null: nothing. */
  kept: v.fallback(v.nullable(v.string()), null),
  /** How many rows are shown. */
  shown: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(1)), 100),
  /** The column by whose values metrics are shown; null: the first. */
  by: v.fallback(v.nullable(v.string()), null),
  folded: nameList,
  tabled: nameList,
});
export type PredictionsPageState = v.InferOutput<typeof predictionsPageStateSchema>;

export const restorePredictionsPageState = (saved: unknown): PredictionsPageState =>
  restoreFields(predictionsPageStateSchema, saved);
