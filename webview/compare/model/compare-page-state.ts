import * as v from 'valibot';
import { comparisonSubjectSchema } from '../../../src/shared/messages/compare-protocol.js';
import { stateChooser } from '../../ui/page/page-events.js';
import { commonChoices, nameList, restoreFields } from '../../ui/page/page-state.js';

/** The subject of the compare page and the choices made on it, which survive hiding and reloading. */
const comparePageStateSchema = v.object({
  /** The host learns from this, after a reload, what to show. */
  subject: v.fallback(v.nullable(comparisonSubjectSchema), null),
  /** Whether the seeds of a method share a row; null: where some method has several. */
  folding: v.fallback(v.nullable(v.boolean()), null),
  /** `main`: the metric that each task is judged by. */
  metric: v.fallback(v.string(), 'main'),
  axis: v.fallback(v.picklist(['epoch', 'time']), 'epoch'),
  /** Null: in the order in which rows were made. */
  sort: v.fallback(v.nullable(v.object({ column: v.string(), descending: v.boolean() })), null),
  /** Keys of the rows whose lines are not drawn. */
  hidden: nameList,
  /** Key of the row whose line lies before all others. */
  lit: v.fallback(v.nullable(v.string()), null),
  /** Keys of the methods whose seeds are listed. */
  opened: nameList,
  ...commonChoices,
});
export type ComparePageState = v.InferOutput<typeof comparePageStateSchema>;

/** Reads the state that the host has kept, whatever it is. */
export const restoreComparePageState = (saved: unknown): ComparePageState =>
  restoreFields(comparePageStateSchema, saved);

/** Asks the compare page, from one of its parts, to remember what a person has chosen there. */
export const chooseOnComparePage = stateChooser<ComparePageState>();
