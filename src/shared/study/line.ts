import * as v from 'valibot';
import { metricsSchema } from '../run/run-manifest.js';
import { taskKinds } from '../task-kinds.js';

const losses = v.array(v.nullable(v.number()));

/** Clicks and likes for each visit. */
const worth = { clicks: v.number(), likes: v.number() };
const worthByWeight = v.object({ likeWeight: v.number(), ...worth });

/** A line of runs.jsonl: one training of a study (docs/formats.md). */
export const studyLineSchema = v.object({
  key: v.string(),
  settings: v.record(v.string(), v.unknown()),
  seed: v.number(),
  isTrial: v.boolean(),
  /** Of a tuner's trial, its place among those of the combination, from 0. */
  trial: v.optional(v.number()),
  /** It was stopped, as others were better at the same epoch: metrics are those until then, of validation rows. */
  stoppedEarly: v.optional(v.boolean()),
  /** Of a trial that may be stopped early: the cost that is compared, by epoch; null: there was none. */
  reached: v.optional(v.array(v.nullable(v.number()))),
  /** `diverged`: a loss was not finite, and there are no metrics. */
  /** By task. */
  kinds: v.record(v.string(), v.picklist(taskKinds)),
  status: v.picklist(['finished', 'diverged']),
  /** By task; null: there are no such rows. */
  validation: v.nullable(metricsSchema),
  test: v.nullable(metricsSchema),
  bestEpoch: v.nullable(v.number()),
  /** How many were trained. */
  epochs: v.number(),
  /** By task, the mean loss per epoch, of about 60 of them; `epochs`: which ones. */
  curves: v.object({
    epochs: v.array(v.number()),
    train: v.record(v.string(), losses),
    validation: v.record(v.string(), losses),
  }),
  /** Where the study measures it: test metrics after some epochs; of binary tasks, R² as well. */
  checkpoints: v.optional(v.array(v.object({ epoch: v.number(), test: metricsSchema }))),
  /** Where the study measures it: by task with a gate, its weights of the top level's experts on test rows. */
  gates: v.optional(
    v.record(
      v.string(),
      v.object({
        mean: v.array(v.number()),
        /** The mean of each row's largest weight. */
        largest: v.number(),
      }),
    ),
  ),
  /** Where the study measures it: what ranking with the model is worth in a simulator, by the weight of likes. */
  policies: v.optional(
    v.object({
      model: v.array(worthByWeight),
      /** Ranking by the truth. */
      ideal: v.array(worthByWeight),
      /** The policy that the log is from. */
      existing: v.object(worth),
    }),
  ),
  /** Of figure 2 of the paper, whose trials train nothing: the correlation of the two labels. */
  labelCorrelation: v.optional(v.number()),
  parameters: v.number(),
  /** The id of the run that it is as well, where the study keeps runs. */
  run: v.optional(v.string()),
  /** Of the training, without its data. */
  seconds: v.number(),
  engine: v.object({ name: v.string(), target: v.string(), threads: v.number() }),
  /** Of the encoded rows. */
  fingerprint: v.string(),
  /** The version of the program. */
  version: v.string(),
});

export type StudyLine = v.InferOutput<typeof studyLineSchema>;
