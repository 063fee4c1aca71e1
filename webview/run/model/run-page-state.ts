import * as v from 'valibot';

const strings = v.fallback(v.array(v.string()), []);

/** What a person has chosen on the page; it survives hiding and reloading. Each field falls back alone. */
const pageStateSchema = v.object({
  metric: v.fallback(v.nullable(v.string()), null),
  axis: v.fallback(v.picklist(['step', 'epoch', 'time']), 'epoch'),
  smoothing: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(0.99)), 0),
  log: v.fallback(v.boolean(), false),
  /** Null: the one that says most. */
  level: v.fallback(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0))), null),
  group: v.fallback(v.string(), ''),
  /** Names of cards. */
  folded: strings,
  tabled: strings,
});
export type RunPageState = v.InferOutput<typeof pageStateSchema>;

export const restoreRunPageState = (saved: unknown): RunPageState =>
  v.parse(
    pageStateSchema,
    typeof saved === 'object' && saved !== null ? { ...emptyFields, ...saved } : emptyFields,
  );

/** A field that is absent is no field with a fallback. */
const emptyFields = {
  metric: null,
  axis: null,
  smoothing: null,
  log: null,
  level: null,
  group: null,
  folded: null,
  tabled: null,
};
