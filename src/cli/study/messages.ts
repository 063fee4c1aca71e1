import * as v from 'valibot';
import { studyLineSchema } from '../../shared/study/line.js';
import { allMetrics } from '../../shared/task-kinds.js';
import { measureSchema } from '../../study/schema.js';

/** What a program and the processes that train its studies tell each other. */

/** To a process: train this. */
export const requestSchema = v.object({
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

/** From a process. */
export const answerSchema = v.variant('is', [
  /** It listens. */
  v.object({ is: v.literal('ready') }),
  v.object({ is: v.literal('line'), line: studyLineSchema }),
  /** The experiment or its data is wrong: `message` says what, and where. */
  v.object({ is: v.literal('refused'), code: v.string(), message: v.string() }),
]);
export type Answer = v.InferOutput<typeof answerSchema>;
