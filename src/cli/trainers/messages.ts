import * as v from 'valibot';
import { experimentSchema } from '../../experiment/schema.js';
import { studyLineSchema } from '../../shared/study/line.js';
import { allMetrics } from '../../shared/task-kinds.js';
import type { StudyRun } from '../../study/cells.js';
import { measureSchema, type Measure } from '../../study/schema.js';

/** What a program and its trainers tell each other. */

/** The open file at which a trainer finds the encoded rows; 0 to 2 are the usual ones. */
export const rowsDescriptor = 3;

const runOrder = v.object({ is: v.literal('run'), folder: v.string() });

/** A training that a trainer is asked for, with the text of the experiment that it changes. */
export interface LineRequest {
  readonly base: { readonly path: string; readonly text: string };
  readonly measure?: Measure | undefined;
  /** Where it is kept as a run, too, and the run's name. */
  readonly keep?: { readonly runsFolder: string; readonly name: string } | undefined;
  readonly run: StudyRun;
}

const lineOrder = v.object({
  is: v.literal('line'),
  base: v.object({ path: v.string(), text: v.string() }),
  measure: v.optional(measureSchema),
  keep: v.optional(v.object({ runsFolder: v.string(), name: v.string() })),
  run: v.object({
    key: v.string(),
    settings: v.record(v.string(), v.unknown()),
    seed: v.number(),
    isTrial: v.boolean(),
    trial: v.optional(v.number()),
    stopping: v.optional(
      v.object({
        objective: v.object({ task: v.string(), metric: v.nullable(v.picklist(allMetrics)) }),
        rungs: v.array(v.object({ epoch: v.number(), most: v.nullable(v.number()) })),
      }),
    ),
    sets: v.array(v.string()),
  }),
});

const measureOrder = v.object({
  is: v.literal('measure'),
  path: v.string(),
  experiments: v.array(experimentSchema),
  seconds: v.number(),
});

/** To a trainer. */
const orderSchema = v.variant('is', [
  /** Train the queued run in this folder. */
  runOrder,
  /** Train a run of a study to its line. */
  lineOrder,
  /**
   * Find out how long these experiments, of the file at `path`, take to train, by a short look at each: about so many
   * seconds for one.
   */
  measureOrder,
]);
export type TrainerOrder =
  v.InferOutput<typeof runOrder> | ({ readonly is: 'line' } & LineRequest) | MeasureOrder;
export type MeasureOrder = v.InferOutput<typeof measureOrder>;

/** From a trainer. */
const reportSchema = v.variant('is', [
  /** Its run has ended: the run's folder says how. */
  v.object({ is: v.literal('ended') }),
  v.object({ is: v.literal('line'), line: studyLineSchema }),
  /** There is no line, and trying again does not help: `message` says what is wrong, and where. */
  v.object({
    is: v.literal('refused'),
    /** Whether it is a mistake in what was given, or a work that could not be done. */
    fault: v.picklist(['input', 'work']),
    code: v.string(),
    message: v.string(),
  }),
  /** A training of the experiment at `index` takes about so many seconds. */
  v.object({ is: v.literal('measured'), index: v.number(), seconds: v.number() }),
  /** It has looked at all of them. */
  v.object({ is: v.literal('looked') }),
]);
export type TrainerReport = v.InferOutput<typeof reportSchema>;

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
