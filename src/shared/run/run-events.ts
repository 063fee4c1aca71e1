import * as v from 'valibot';
import { measuredSchema, metricsSchema } from './run-manifest.js';

/**
 * The events of a run (`events.jsonl`, docs/formats.md) as types and checks. Every reader parses with these.
 */

const common = {
  seq: v.number(),
  /** Seconds of training since its start. */
  time: v.number(),
  /** Optimiser steps done. */
  step: v.number(),
};

/** One route (a stream of a level) over one group of validation rows; arrays have one entry per expert. */
const routeStatsSchema = v.object({
  mean: v.array(v.number()),
  sd: v.array(v.number()),
  /** Per expert: counts of rows in equal bins over 0 … 1; absent where routes do not depend on the row. */
  histogram: v.optional(v.array(v.array(v.number()))),
  /**
   * Per expert: share of rows for which its weight is not 0; absent unless the gate leaves an expert that it
   * sees out for some row.
   */
  load: v.optional(v.array(v.number())),
});

export const runEventSchema = v.variant('type', [
  v.object({ ...common, type: v.literal('start'), epochs: v.number(), stepsPerEpoch: v.number() }),
  /** Mean losses by task since the last such event; sampled, at most a few thousand a run. */
  v.object({
    ...common,
    type: v.literal('step'),
    epoch: v.number(),
    losses: v.record(v.string(), measuredSchema),
  }),
  v.object({
    ...common,
    type: v.literal('epoch'),
    /** Epochs done, from 1; 0 is before the first step. */
    epoch: v.number(),
    train: metricsSchema,
    validation: v.nullable(metricsSchema),
    rowsPerSecond: measuredSchema,
    best: v.boolean(),
    /** The tasks for which it is the best, where tasks share no weights and it is not for all of them. */
    bestTasks: v.optional(v.array(v.string())),
    /** Factors of the tasks' losses, where the loss weighting changes them. */
    lossWeights: v.optional(v.record(v.string(), v.number())),
  }),
  v.object({
    ...common,
    type: v.literal('routes'),
    epoch: v.number(),
    level: v.number(),
    /**
     * Groups of validation rows; the first is all of them. Long runs write the others, and histograms, at
     * some epochs only (every best one, and the last).
     */
    groups: v.array(
      v.object({
        /** null: all rows; else those whose label of that task is that value. */
        where: v.nullable(v.object({ task: v.string(), label: v.string() })),
        rows: v.number(),
        /** One entry for each of the level's streams, in their order. */
        streams: v.array(routeStatsSchema),
      }),
    ),
  }),
  v.object({
    ...common,
    type: v.literal('experts'),
    epoch: v.number(),
    level: v.number(),
    experts: v.array(
      v.object({
        /** Units that are not zero on every validation row looked at; of `units`. */
        alive: v.number(),
        units: v.number(),
        /** Mean L2 norm of the output over rows. */
        norm: v.number(),
        /** The most alike other expert (0-based) and how alike: linear CKA, 0 … 1. */
        nearest: v.nullable(v.object({ expert: v.number(), similarity: v.number() })),
      }),
    ),
  }),
  v.object({ ...common, type: v.literal('checkpoint'), epoch: v.number(), file: v.string() }),
  /** Training goes on from `step`: events before this line with a larger step no longer count. */
  v.object({ ...common, type: v.literal('resume'), epoch: v.number() }),
  v.object({
    ...common,
    type: v.literal('end'),
    status: v.picklist(['finished', 'stopped', 'failed']),
    reason: v.string(),
  }),
]);
export type RunEvent = v.InferOutput<typeof runEventSchema>;
export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;
/** An event without its number in the log, which its writer adds. */
export type WithoutSeq<T extends RunEvent> = T extends unknown ? Omit<T, 'seq'> : never;
