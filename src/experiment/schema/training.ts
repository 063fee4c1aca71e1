import * as v from 'valibot';
import { allMetrics } from '../../shared/task-kinds.js';
import { lossWeightingSchema } from './loss-weighting.js';
import {
  amount,
  count,
  described,
  namesAndMeanings,
  namesOf,
  option,
  partialShare,
  positive,
  setting,
  share,
  text,
  whole,
} from './setting.js';

/** Which settings of `training` each optimiser has. */
export const settingsOfOptimizers = {
  adam: ['beta1', 'beta2', 'epsilon'],
  adamw: ['beta1', 'beta2', 'epsilon'],
  sgd: ['momentum'],
} as const;
type Optimizer = keyof typeof settingsOfOptimizers;

/** The decay of weights that counts where `training.weightDecay` is left out. */
export const defaultWeightDecay: Readonly<Record<Optimizer, number>> = { adam: 0, adamw: 0.01, sgd: 0 };

/** Which settings of `training.schedule` each kind of schedule has, beside its warm-up. */
export const settingsOfSchedules = {
  constant: [],
  cosine: ['final'],
  linear: ['final'],
  step: ['every', 'factor'],
} as const;

/** How tables, embeddings and the weights of one-hot columns, are updated. */
const tableMeanings = {
  dense: 'all rows in every step, as all other weights',
  lazy:
    'the rows that a step’s batch has, as the optimizer says; moments and decay of the others rest (as ' +
    'TensorFlow’s LazyAdam and PyTorch’s SparseAdam)',
  'rowwise-adagrad':
    'embeddings’ rows by Adagrad with one sum for each (Mudigere et al. 2022), at the same learningRate; ' +
    'one-hot columns as lazy',
} as const;

export const changingScheduleSchema = v.strictObject({
  kind: described(
    v.picklist(namesOf(settingsOfSchedules)),
    'How the learning rate falls to its last value: by half a cosine (Loshchilov & Hutter 2017), evenly, ' +
      'or in steps.',
  ),
  warmup: setting(amount, 0, 'The epochs in which it rises evenly from 0.'),
  final: setting(share, 0, 'For cosine and linear: the share that is left at the end.'),
  every: setting(count, 10, 'For step: the epochs from step to step.'),
  factor: setting(v.pipe(positive, v.maxValue(1)), 0.1, 'For step: what each step multiplies it by.'),
});

export const scheduleSchema = v.union([
  described(v.literal('constant'), 'The learning rate is the same at every step.'),
  described(changingScheduleSchema, 'A learning rate that changes.'),
]);

const stopEarlySchema = v.strictObject({
  task: option(v.string(), 'The task that is judged. Default: the mean over all tasks.'),
  metric: option(
    v.picklist(allMetrics),
    'The metric that is judged. Default: each task’s own: AUC, accuracy or R².',
  ),
  patience: option(
    count,
    'The number of epochs without a better one after which training stops; never where this is left out, or ' +
      'as chosen with "defaults": 2 where epochs is left out, too.',
  ),
});

export const trainingSchema = v.strictObject({
  optimizer: setting(
    v.picklist(namesOf(settingsOfOptimizers)),
    'adam',
    'How the weights are improved: adam (Kingma & Ba 2015), adamw with weight decay (Loshchilov & Hutter ' +
      '2019), sgd.',
  ),
  learningRate: setting(positive, 0.001, 'The size of a step.'),
  schedule: setting(scheduleSchema, 'constant', 'How the learning rate changes.'),
  weightDecay: option(
    amount,
    'The decoupled decay of products’ weights and embeddings; default: ' +
      `${defaultWeightDecay.adamw} with adamw, else ${defaultWeightDecay.adam}.`,
  ),
  tables: setting(
    v.picklist(namesOf(tableMeanings)),
    'dense',
    `How embeddings and weights of one-hot columns are updated. ${namesAndMeanings(tableMeanings, '. ')}. ` +
      '"defaults": 2 chooses lazy where a column has 100,000 values or more, unless lossWeighting or the ' +
      'variant needs dense.',
  ),
  clipNorm: option(
    positive,
    'The norm that a step’s gradient is scaled down to (Pascanu et al. 2013); never where this is left out.',
  ),
  lossWeighting: setting(
    lossWeightingSchema,
    'fixed',
    'How the tasks’ losses are weighed against each other.',
  ),
  beta1: setting(partialShare, 0.9, 'For adam: the decay of the mean gradient.'),
  beta2: setting(partialShare, 0.999, 'For adam: the decay of the mean squared gradient.'),
  epsilon: setting(positive, 1e-8, 'For adam: the number that is added to the divisor.'),
  momentum: setting(partialShare, 0, 'For sgd: the share of the last step that goes into the next.'),
  batchSize: setting(count, 256, 'The number of rows per step.'),
  epochs: setting(count, 20, 'The number of passes over the training rows, at the most.'),
  seed: setting(whole, 1, 'The seed of the starting weights and of the order of rows.'),
  members: setting(
    v.pipe(count, v.maxValue(64)),
    1,
    'The networks that are trained in one run, each with a seed of its own; what is predicted is their mean.',
  ),
  stopEarly: setting(stopEarlySchema, {}, 'Which epoch is the best, and when to stop.'),
  from: option(
    text,
    'A run of this workspace, by its id or name, that training starts from: columns and tasks that it has are ' +
      'encoded as there and keep their weights and moments; new values, columns and tasks get new ones.',
  ),
});

/** A training as a person writes it. */
export type TrainingInput = v.InferInput<typeof trainingSchema>;
