import {
  encodeValues,
  flag,
  float,
  integer,
  place,
  rows,
  structure,
  writerOf,
  type Kinds,
  type Structure,
  type Values,
} from './kinds.js';

/** The structs that are no operations: the plan's header, and the settings that change from step to step. */

const header = structure('plan', 'The plan’s header; programs and lists follow it.', {
  blockRows: integer('rows of a full block; a multiple of 16'),
  threads: integer('threads; the rows of a call are cut into as many shares'),
  tasks: integer('tasks'),
  parameters: integer('length of each flat buffer; a multiple of 16'),
  weights: place('arena', 'flat buffer'),
  firstMoments: place('arena', 'flat buffer'),
  secondMoments: place('arena', 'flat buffer'),
  gradients: place('arena', 'a gradient buffer for each share of rows'),
  gradientStride: integer('floats from one of them to the next'),
  scratch: place('arena', 'a scratch area for each thread'),
  scratchStride: integer('floats from one of them to the next'),
  sums: place('arena', 'doubles: SUMS_PER_TASK for each task, for each share'),
  sumsStride: integer('floats from one share’s to the next'),
  claims: place('arena', 'who does what (threads/claims.h): a line of 16, and those of each thread'),
  disorder: integer('not 0: threads come late and take pieces in any order; for tests'),
  results: place('arena', 'doubles: the status, then a loss for each task'),
  squares: place('arena', 'doubles: by piece of the update, the sum of the gradient’s squares'),
  lossWeights: place('arena', 'a float for each task'),
  step: place('arena', 'struct step_settings'),
  spare: place('scratch', 'what `loss` and `predict` ask for'),
  importance: place('arena', 'doubles: what op_importance sums up, for each share'),
  importanceStride: integer('floats from one share’s to the next'),
  passes: integer('passes over the rows before training, each after the one before it is done'),
  firstPass: place('plan', 'the places of the passes’ programs'),
  stages: integer('stages of a training pass over the rows; 1: `train` is all of it'),
  firstStage: place('plan', 'the places of each stage’s programs: before, for, and after a share’s blocks'),
  statistics: place('arena', 'what batch normalisation keeps, for each share of rows'),
  statisticsStride: integer('floats from one share’s to the next'),
  transpose: place('plan', 'program: what is needed transposed'),
  start: place('plan', 'program: before a share’s first block'),
  end: place('plan', 'program: after a share’s last block'),
  finish: place('plan', 'program: after the last block of the last share'),
  train: place('plan', 'program: forward and backward, for each block'),
  forward: place('plan', 'program: forward, for each block'),
  predict: place('plan', 'program: predictions, after `forward`'),
  routes: place('plan', 'program: routes’ weights, after `forward`'),
  experts: place('plan', 'program: experts’ outputs, after `forward`'),
  segments: place('plan', 'struct segment…, up to the end of the flat buffers'),
  groups: integer('categorical columns whose rows of tables move where a batch has them (tables/groups.h)'),
  firstGroup: place('plan', 'their numbers among the categorical columns'),
  tables: integer('tables whose rows move so (tables/tables.h)'),
  firstTable: place('plan', 'struct learned_table…'),
  sharedTables: integer('the last tables, whose rows several columns or lists choose (tables/uses.h)'),
  keptWidth: integer('floats that are kept of each row of a batch for them (tables/kept.h)'),
  keptRows: place('arena', 'an integer: the rows of the batch that are kept'),
});

const learnedTable = structure(
  'learned_table',
  'A table whose rows move where a batch has them, each with its moments beside it.',
  {
    group: integer('number of its column among the groups; of a shared table, among these'),
    w: rows('arena', '[categories, columns]: the weights'),
    columns: integer('weights of a row'),
    moment: integer('floats from a row’s weights to its first moment, and from there to the second'),
    accumulates: flag('row-wise Adagrad; `moment` leads to the row’s one sum'),
    decays: flag('weights decay'),
    keptBefore: integer('floats of a row in the sections of what is kept before its own'),
    keptStride: integer('floats of a row in its own section'),
    keptColumn: integer('its first column there'),
    uses: integer('of a shared table: the columns that choose its rows'),
    firstUse: place('plan', 'struct table_use…'),
  },
);

const tableUse = structure('table_use', 'A column whose values choose rows of a table.', {
  field: integer('column of the categorical values'),
  several: flag('its entries are places of lists'),
  keptBefore: integer('floats of a row in the sections of what is kept before its own'),
  keptStride: integer('floats of a row in its own section'),
  keptColumn: integer('its first column there'),
});

const segment = structure(
  'segment',
  'A stretch of the flat buffers whose values the optimiser treats alike.',
  {
    end: integer('where the stretch ends, from the flat buffers’ start'),
    learningRate: float('factor of the learning rate'),
    decays: flag('weights decay'),
  },
);

const optimizer = structure(
  'optimizer',
  'The optimiser’s settings in one step (training/optimizer.h has the formulas).',
  {
    adam: integer('1: Adam; 0: SGD'),
    rate: float('learning rate; Adam: α / (1 − β1^t)'),
    beta1: float(''),
    beta2: float(''),
    correction: float('1 / √(1 − β2^t)'),
    epsilon: float(''),
    momentum: float(''),
    rest1: float('1 − β1, rounded once'),
    rest2: float('1 − β2, rounded once'),
    learningRate: float('α'),
  },
);

const step = structure('step_settings', 'The other settings that change from step to step.', {
  key: integer('the key of dropout and noise in this step (src/network/draws/draws.ts)'),
  decay: float('what a weight that decays loses, as a share of itself'),
  scale: float('what the gradient is multiplied with'),
});

/** All structs, in the order of the C header. */
export const structures: readonly Structure<Kinds>[] = [
  header,
  segment,
  learnedTable,
  tableUse,
  optimizer,
  step,
];

/** Integers that the header takes. */
export const headerLength = Object.keys(header.kinds).length;
/** Integers that `struct optimizer` takes. */
export const optimizerLength = Object.keys(optimizer.kinds).length;
/** Integers that `struct step_settings` takes. */
export const stepLength = Object.keys(step.kinds).length;

/** The place of the field `disorder` in the header, which tests set. */
export const disorderPlace = Object.keys(header.kinds).indexOf('disorder');

export const encodeHeader = (values: Values<typeof header.kinds>): number[] =>
  encodeValues(header.kinds, values);
export const encodeSegment = (values: Values<typeof segment.kinds>): number[] =>
  encodeValues(segment.kinds, values);
export const encodeLearnedTable = (values: Values<typeof learnedTable.kinds>): number[] =>
  encodeValues(learnedTable.kinds, values);
export const encodeTableUse = (values: Values<typeof tableUse.kinds>): number[] =>
  encodeValues(tableUse.kinds, values);
export const writeOptimizer = writerOf(optimizer.kinds);
export const writeStep = writerOf(step.kinds);
