import * as v from 'valibot';
import { stateChooser } from '../../ui/page/page-events.js';
import { nameList, restoreFields } from '../../ui/page/page-state.js';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a person has chosen and written on the page of a row, which survives hiding and reloading. */
const tryRowStateSchema = v.object({
  /** The run's folder, from which the host learns after a reload what to show; null: not told yet. */
  folder: v.fallback(v.nullable(v.string()), null),
  /** What is written in the form, by column; null: nothing yet. */
  values: v.fallback(v.nullable(v.record(v.string(), v.nullable(v.string()))), null),
  /** The row of the table that the form was filled from; null: none. */
  row: v.fallback(v.nullable(index), null),
  /** Index of the network's level; null: the one that is looked at first. */
  level: v.fallback(v.nullable(index), null),
  member: v.fallback(index, 0),
  /** Only columns with this in their name are shown. */
  filter: v.fallback(v.string(), ''),
  folded: nameList,
  tabled: nameList,
});
export type TryRowState = v.InferOutput<typeof tryRowStateSchema>;

export const restoreTryRowState = (saved: unknown): TryRowState => restoreFields(tryRowStateSchema, saved);

export const chooseOnTryRowPage = stateChooser<TryRowState>();
