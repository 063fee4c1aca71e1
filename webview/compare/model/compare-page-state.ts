import * as v from 'valibot';
import { comparisonSubjectSchema } from '../../../src/shared/compare-protocol.js';

const strings = v.fallback(v.array(v.string()), []);

/**
 * What the page is about and what a person has chosen on it; it survives hiding and reloading. Each field
 * falls back alone.
 */
const pageStateSchema = v.object({
  /** From here the host learns, after a reload, what to show. */
  subject: v.fallback(v.nullable(comparisonSubjectSchema), null),
  /** Seeds of a method in one row; null: where there are any. */
  folding: v.fallback(v.nullable(v.boolean()), null),
  metric: v.fallback(v.string(), 'main'),
  axis: v.fallback(v.picklist(['epoch', 'time']), 'epoch'),
  smoothing: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)), 0),
  log: v.fallback(v.boolean(), false),
  sort: v.fallback(v.nullable(v.object({ column: v.string(), descending: v.boolean() })), null),
  /** Keys of rows: lines that are not drawn; the line before all others; methods whose seeds are listed. */
  hidden: strings,
  lit: v.fallback(v.nullable(v.string()), null),
  opened: strings,
  /** Names of cards. */
  folded: strings,
  tabled: strings,
});
export type ComparePageState = v.InferOutput<typeof pageStateSchema>;

/** A field that is absent is no field with a fallback. */
const emptyFields = Object.fromEntries(Object.keys(pageStateSchema.entries).map((name) => [name, undefined]));

export const restoreComparePageState = (saved: unknown): ComparePageState =>
  v.parse(
    pageStateSchema,
    typeof saved === 'object' && saved !== null ? { ...emptyFields, ...saved } : emptyFields,
  );
