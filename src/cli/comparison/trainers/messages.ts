import * as v from 'valibot';
import { experimentSchema, type Experiment } from '../../../experiment/schema.js';

/** What a comparison tells a trainer. */
export type TrainerOrder =
  /** To train the queued run in this folder. */
  | { readonly is: 'train'; readonly folder: string }
  /**
   * To find out how long these experiments, of the file at `path`, take to train, by a short look at each: about so
   * many seconds for one.
   */
  | {
      readonly is: 'measure';
      readonly path: string;
      readonly experiments: readonly Experiment[];
      readonly seconds: number;
    };

/** What a trainer tells its comparison. */
export type TrainerReport =
  /** Its run has ended. */
  | { readonly is: 'ended' }
  /** A training of the experiment at `index` takes about so many seconds. */
  | { readonly is: 'measured'; readonly index: number; readonly seconds: number }
  /** It has looked at all of them. */
  | { readonly is: 'looked' };

const orderSchema = v.variant('is', [
  v.object({ is: v.literal('train'), folder: v.string() }),
  v.object({
    is: v.literal('measure'),
    path: v.string(),
    experiments: v.array(experimentSchema),
    seconds: v.number(),
  }),
]);

const reportSchema = v.variant('is', [
  v.object({ is: v.literal('ended') }),
  v.object({ is: v.literal('measured'), index: v.number(), seconds: v.number() }),
  v.object({ is: v.literal('looked') }),
]);

/** Returns null where a message is none of these. */
export function parseOrder(message: unknown): TrainerOrder | null {
  const parsed = v.safeParse(orderSchema, message);
  return parsed.success ? parsed.output : null;
}

/** Returns null where a message is none of these. */
export function parseReport(message: unknown): TrainerReport | null {
  const parsed = v.safeParse(reportSchema, message);
  return parsed.success ? parsed.output : null;
}
