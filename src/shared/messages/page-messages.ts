import * as v from 'valibot';

/** The messages to the host that every page may send. */
export const pageMessages = [
  /** Save a chart or a table: text (SVG, CSV) or base64 (PNG). */
  v.object({
    type: v.literal('save'),
    name: v.string(),
    format: v.picklist(['png', 'svg', 'csv']),
    content: v.string(),
  }),
  v.object({ type: v.literal('copy'), text: v.string() }),
  v.object({ type: v.literal('error'), message: v.string() }),
] as const;
