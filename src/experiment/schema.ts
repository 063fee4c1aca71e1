import * as v from 'valibot';
import { columnSchema } from './schema/columns.js';
import { dataSchema, type simulatorSchema, type syntheticSchema } from './schema/data.js';
import { modelSchema } from './schema/model.js';
import { count, described, namesAndMeanings, option, setting, text } from './schema/setting.js';
import { taskSchema } from './schema/tasks.js';
import { trainingSchema } from './schema/training.js';
import { maxThreads } from '../shared/threads.js';

/**
 * The experiment file (docs/formats.md). This one definition, with its parts in schema/, gives the types, the
 * defaults, the validation and the JSON schema; descriptions become hover texts. Everything but `data.source`
 * and `tasks` has a default.
 */

const engineSchema = v.strictObject({
  use: setting(
    v.picklist(['auto', 'fused', 'tensorflow']),
    'auto',
    'What computes; auto: the fastest that this machine has.',
  ),
  threads: option(
    v.pipe(count, v.maxValue(maxThreads)),
    'The number of threads. Default: as many as there are cores.',
  ),
});

/** The sets of inferences and defaults, for people; a file without the key has the first. */
export const defaultsMeanings = {
  1: 'those of files that do not have this key.',
  2: 'newer inferences, and defaults that are chosen by the size of the table.',
} as const;

export const experimentSchema = v.strictObject({
  $schema: option(v.string(), 'This key is ignored; editors know these files by their name.'),
  name: option(text, 'The name of the experiment. Default: the file’s name.'),
  defaults: setting(
    v.picklist([1, 2]),
    1,
    `Which inferences and defaults count. ${namesAndMeanings(defaultsMeanings, ' ')}`,
  ),
  preset: option(
    v.picklist(['paper']),
    'Settings of the model, the training and the scale of numbers that count where this file does not say ' +
      'them. paper: those of the paper, as with "defaults": 1.',
  ),
  data: described(dataSchema, 'The rows, and which of them are for what.'),
  columns: setting(
    v.record(v.string(), columnSchema),
    {},
    'Features by column; only what differs from what is inferred.',
  ),
  tasks: described(v.pipe(v.array(taskSchema), v.minLength(1)), 'What to learn, together.'),
  model: setting(modelSchema, {}, 'The network.'),
  training: setting(trainingSchema, {}, 'How the network is trained.'),
  engine: setting(engineSchema, {}, 'What computes the training.'),
});

/** An experiment with the defaults filled in. */
export type Experiment = v.InferOutput<typeof experimentSchema>;
/** An experiment as a person writes it. */
export type ExperimentInput = v.InferInput<typeof experimentSchema>;
export type Source = Experiment['data']['source'];
export type Split = Experiment['data']['test'];
export type Synthetic = v.InferOutput<typeof syntheticSchema>;
export type Simulator = v.InferOutput<typeof simulatorSchema>;
