import * as v from 'valibot';
import {
  amount,
  count,
  described,
  option,
  positive,
  setting,
  text,
  whole,
} from '../experiment/schema/setting.js';
import { randomSchema, tuneSchema } from './tune-schema.js';

/**
 * The study file (docs/formats.md): many trainings that are one thing. This definition gives the types, the
 * defaults and the validation.
 */

const values = v.pipe(v.array(v.unknown()), v.minLength(1));

const seedsSchema = v.union([
  described(count, 'How many; the first is 1.'),
  v.strictObject({
    count: described(count, 'How many.'),
    first: setting(whole, 1, 'The first seed; the others follow it.'),
    data: setting(
      v.boolean(),
      false,
      'Whether synthetic rows are drawn anew with each seed, and not only the starting weights.',
    ),
  }),
]);

/** What is measured of each training; also what its process is told. */
export const measureSchema = v.strictObject({
  checkpoints: option(
    v.pipe(v.array(positive), v.minLength(1)),
    'Epochs, also parts of one, after which the metrics of the test rows are kept, and R² of binary tasks besides.',
  ),
  gates: setting(
    v.boolean(),
    false,
    'Whether the mean weights that each task’s gate gives the experts on test rows are kept.',
  ),
  policy: option(
    v.strictObject({
      visits: setting(v.pipe(count, v.maxValue(1_000_000)), 5000, 'How many visits are ranked for.'),
      likeWeights: setting(
        v.pipe(v.array(amount), v.minLength(1)),
        [0, 10],
        'Weights w of likes: the candidate with the largest P(click) · (1 + w · P(like)) is shown.',
      ),
    }),
    'What ranking with the model is worth where the source is a simulator: clicks and likes for each visit.',
  ),
});

export type Measure = v.InferOutput<typeof measureSchema>;

export const studySchema = v.strictObject({
  $schema: option(v.string(), 'This key is ignored; editors know these files by their name.'),
  name: option(text, 'The name of the study. Default: the file’s name.'),
  description: option(text, 'What the study asks, and how, for people.'),
  base: described(
    v.union([
      described(text, 'The path of an experiment file, relative to this file.'),
      described(v.looseObject({}), 'An experiment, as a file of its own would have it.'),
    ]),
    'What is trained, but for what varies.',
  ),
  vary: setting(
    v.record(text, values),
    {},
    'Settings of the experiment by their path, such as "model.variant", each with its values: every combination ' +
      'is trained.',
  ),
  seeds: setting(seedsSchema, 3, 'The seeds that every combination is trained with.'),
  compare: option(
    v.strictObject({
      setting: described(text, 'The path of a setting that varies.'),
      to: described(v.unknown(), 'The value with which its other values are compared, seed by seed.'),
    }),
    'What the others are compared with. Default: the variant single-task, where it is among those that vary.',
  ),
  keep: setting(
    v.picklist(['lines', 'runs']),
    'lines',
    'What is left of each training. lines: a line of runs.jsonl, which can be trained again to the same bits; runs: a ' +
      'run folder with everything as well. Trainings that help to pick or to tune are lines.',
  ),
  measure: option(measureSchema, 'What is kept of each training beside its losses and metrics.'),
  pick: option(
    v.strictObject({
      setting: described(text, 'The path of a setting of the experiment.'),
      values: described(values, 'Its values.'),
      seeds: setting(count, 3, 'How many seeds each value is tried with.'),
    }),
    'A setting that is chosen for each combination before it is trained: the value with the lowest mean validation ' +
      'loss, over seeds that follow those of the study.',
  ),
  random: option(
    randomSchema,
    'Settings that are drawn at random: each draw is combined with everything that varies.',
  ),
  tune: option(
    tuneSchema,
    'Settings that are tuned for each combination before it is trained with them: on validation rows, with seeds ' +
      'of their own, as many trials for each.',
  ),
});

/** A study with its defaults filled in. */
export type StudyFile = v.InferOutput<typeof studySchema>;
/** A study as a person writes it. */
export type StudyInput = v.InferInput<typeof studySchema>;
