import * as v from 'valibot';
import { allMetrics } from '../shared/task-kinds.js';
import { count, described, fraction, option, setting, text, whole } from '../experiment/schema/setting.js';

/** The parts of a study file that choose settings from ranges: random draws, and the tuner. */

const values = v.pipe(v.array(v.unknown()), v.minLength(1));

const when = option(
  v.record(text, values),
  'The setting is chosen only where others, which vary or stand before it, have one of these values.',
);

/** What a setting is chosen from. */
export const choiceSchema = v.union([
  v.strictObject({
    from: described(v.number(), 'The least number.'),
    to: described(v.number(), 'The largest number.'),
    scale: setting(
      v.picklist(['linear', 'log']),
      'linear',
      'log: 1, 10 and 100 are as far from each other, as with learning rates.',
    ),
    whole: setting(v.boolean(), false, 'Whether it is a whole number.'),
    when,
  }),
  v.strictObject({ values: described(values, 'Its values, of which none is nearer to another.'), when }),
]);
export type Choice = v.InferOutput<typeof choiceSchema>;

const settingsSchema = described(
  v.record(text, choiceSchema),
  'Settings of the experiment by their path, each with what it is chosen from: {"from", "to"} or {"values"}.',
);

const objectiveSchema = v.strictObject({
  task: described(text, 'The name of a task.'),
  metric: option(
    v.picklist(allMetrics),
    'A validation metric of the task. Default: the one that it is judged by.',
  ),
});

export const randomSchema = v.strictObject({
  settings: settingsSchema,
  draws: described(count, 'How many times they are drawn; more of them begin with the same.'),
  seed: setting(whole, 1, 'The seed of the draws.'),
});

export const tuneSchema = v.strictObject({
  settings: settingsSchema,
  trials: setting(count, 30, 'How many settings are tried for each combination of what varies.'),
  seeds: setting(count, 1, 'How many seeds each of them is trained with; their mean counts.'),
  objectives: option(
    v.pipe(v.array(objectiveSchema), v.minLength(1)),
    'What is to be good on validation rows; of several, each is tuned for. Default: the first task’s metric.',
  ),
  by: setting(
    v.picklist(['tuner', 'random']),
    'tuner',
    'How they are chosen. tuner: a Gaussian process and its expected improvement; random: draws.',
  ),
  batch: setting(
    count,
    2,
    'How many are tried at once for a combination; what is proposed does not depend on the machine.',
  ),
  seed: setting(whole, 1, 'The seed of what is proposed.'),
  stopEarly: option(
    v.strictObject({
      after: setting(count, 1, 'The epoch at which trials are compared for the first time.'),
      keep: setting(
        fraction,
        1 / 3,
        'The share of them that goes on, there and after each 1 / keep times as many.',
      ),
    }),
    'Stops trials that are not among the best of those before (asynchronous successive halving), by the first ' +
      'objective. Never where this is left out.',
  ),
});
export type TuneSettings = v.InferOutput<typeof tuneSchema>;
