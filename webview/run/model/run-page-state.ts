import * as v from 'valibot';
import { stateChooser } from '../../ui/page/page-events.js';
import { commonChoices, restoreFields } from '../../ui/page/page-state.js';

/** The choices made on the run page, which survive hiding and reloading. */
const runPageStateSchema = v.object({
  metric: v.fallback(v.nullable(v.string()), null),
  axis: v.fallback(v.picklist(['step', 'epoch', 'time']), 'epoch'),
  /** Index of the network's level; null: the one that is looked at first. */
  level: v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null),
  /** Key of a group of validation rows; empty: all rows. */
  group: v.fallback(v.string(), ''),
  ...commonChoices,
});
export type RunPageState = v.InferOutput<typeof runPageStateSchema>;

/** Reads the state that the host has kept, whatever it is. */
export const restoreRunPageState = (saved: unknown): RunPageState => restoreFields(runPageStateSchema, saved);

/** Asks the run page, from one of its parts, to remember what a person has chosen there. */
export const chooseOnRunPage = stateChooser<RunPageState>();
