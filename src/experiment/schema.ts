import * as v from 'valibot';

/**
 * The experiment file (FORMATS: `*.mmoe.json`). This one definition gives the types, the validation and the JSON schema;
 * descriptions become hover texts. Everything but `data.source` and `tasks` has a default.
 */

const positive = v.pipe(v.number(), v.gtValue(0));
const whole = v.pipe(v.number(), v.integer());
const count = v.pipe(whole, v.minValue(1));
const layers = v.pipe(v.array(count), v.description('Units of each hidden layer, from the input upwards.'));
const fraction = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));

export const syntheticSchema = v.pipe(
  v.strictObject({
    rows: v.optional(v.pipe(whole, v.minValue(10), v.description('Number of rows.')), 10_000),
    dimensions: v.optional(v.pipe(whole, v.minValue(2), v.description('Number d of input columns x1 … xd.')), 100),
    correlation: v.optional(
      v.pipe(
        v.number(),
        v.minValue(-1),
        v.maxValue(1),
        v.description('Cosine of the angle between the tasks’ weight vectors (paper, equation 2).'),
      ),
      0.5,
    ),
    terms: v.optional(v.pipe(count, v.description('Number m of sine terms (paper, equation 3).')), 10),
    scale: v.optional(v.pipe(positive, v.description('The scale c of the weight vectors.')), 1),
    noise: v.optional(v.pipe(v.number(), v.minValue(0), v.description('Standard deviation of the label noise.')), 0.1),
    sines: v.optional(
      v.pipe(
        v.union([
          v.pipe(v.literal('random'), v.description('α and β drawn from N(0, 1).')),
          v.pipe(v.literal('fixed'), v.description('α = 1 … m, β = i² for i = 0 … m − 1.')),
          v.strictObject({
            alpha: v.pipe(v.array(v.number()), v.description('α of each term: the frequencies.')),
            beta: v.pipe(v.array(v.number()), v.description('β of each term: the phases.')),
          }),
        ]),
        v.description('The frequencies α and phases β of the sine terms.'),
      ),
      'random',
    ),
    tasks: v.optional(v.pipe(whole, v.minValue(2), v.description('Number of labels y1, y2 …; any two are related alike.')), 2),
    seed: v.optional(v.pipe(whole, v.description('Of everything that is drawn.')), 1),
  }),
  v.description('The synthetic data of the paper, section 3.2: columns x1 … xd, labels y1, y2 …'),
);

const source = v.union([
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.description('A path or glob beside this file: CSV, TSV, Parquet or JSON lines, gzip too; or a folder of them.'),
  ),
  v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.minLength(1), v.description('Several paths or globs, read as one table.')),
  v.strictObject({
    sql: v.pipe(v.string(), v.nonEmpty(), v.description('A query in DuckDB’s SQL; files of this workspace can be read by path.')),
  }),
  v.strictObject({ synthetic: syntheticSchema }),
]);

const split = v.union([
  v.pipe(v.literal(0), v.description('None.')),
  v.pipe(fraction, v.description('A share of the rows, drawn with `data.seed`.')),
  v.pipe(
    v.strictObject({
      source: v.pipe(source, v.description('Where these rows come from.')),
      where: v.optional(v.pipe(v.string(), v.nonEmpty(), v.description('An SQL condition: the rows of that source to use.'))),
    }),
    v.description('Rows of a source of their own, with the same columns.'),
  ),
  v.strictObject({ where: v.pipe(v.string(), v.nonEmpty(), v.description('An SQL condition: the rows of the source that belong here.')) }),
  v.pipe(
    v.strictObject({
      from: v.pipe(v.picklist(['test', 'validation']), v.description('The other split.')),
      fraction: v.pipe(fraction, v.description('The share that is taken from it.')),
    }),
    v.description('A share of the other split’s rows.'),
  ),
]);

const dataSchema = v.strictObject({
  source: v.pipe(source, v.description('Where the rows come from. A path is relative to this file.')),
  read: v.optional(
    v.pipe(
      v.strictObject({
        header: v.optional(v.pipe(v.boolean(), v.description('Whether the first line names the columns; absent: detected.'))),
        names: v.optional(
          v.pipe(
            v.array(v.pipe(v.string(), v.nonEmpty())),
            v.minLength(1),
            v.description('The columns’ names, in order; a first line that plainly names them is passed over.'),
          ),
        ),
        delimiter: v.optional(
          v.pipe(v.string(), v.nonEmpty(), v.description('What separates the fields; blanks around a field never count.')),
        ),
        quote: v.optional(v.pipe(v.string(), v.description('What encloses a text; empty: nothing does.'))),
        null: v.optional(v.pipe(v.array(v.string()), v.description('Texts that mean a missing value.'))),
        types: v.optional(v.pipe(v.record(v.string(), v.string()), v.description('DuckDB types by column, where detection goes wrong.'))),
      }),
      v.description('How to read text files, where DuckDB’s own detection is not wanted.'),
    ),
  ),
  where: v.optional(v.pipe(v.string(), v.nonEmpty(), v.description('An SQL condition: the rows to use.'))),
  validation: v.optional(v.pipe(split, v.description('The rows that choose the best epoch.')), 0.1),
  test: v.optional(v.pipe(split, v.description('The rows that are looked at once, at the end.')), 0.1),
  weight: v.optional(
    v.pipe(v.string(), v.nonEmpty(), v.description('A column or SQL expression: the row’s weight in losses and metrics.')),
  ),
  seed: v.optional(v.pipe(whole, v.description('Seed of the split.')), 1),
});

/** What a column is said to be. */
export const columnSchema = v.union([
  v.pipe(v.literal('ignore'), v.description('Not a feature.')),
  v.strictObject({
    kind: v.pipe(v.literal('numeric'), v.description('A number; a missing one becomes the mean, and a column says that it was missing.')),
    scale: v.optional(
      v.pipe(
        v.picklist(['standard', 'minmax', 'log', 'quantile', 'none']),
        v.description(
          'standard (the default): mean 0, deviation 1. minmax: 0 … 1. log: logarithm of 1 + |x| with its sign, then standard. quantile: share of training rows below. none: as it is.',
        ),
      ),
    ),
  }),
  v.strictObject({
    kind: v.pipe(v.literal('categorical'), v.description('One of several values; missing and unseen ones share a place of their own.')),
    encode: v.optional(
      v.pipe(
        v.union([
          v.pipe(v.literal('onehot'), v.description('One input per value.')),
          v.strictObject({ embedding: v.pipe(count, v.description('Length of the vector learned for each value.')) }),
        ]),
        v.description('Default: onehot, or an embedding where there are many values.'),
      ),
    ),
    minCount: v.optional(v.pipe(count, v.description('Rarer values share the index of unseen ones.'))),
  }),
]);

const taskSchema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.nonEmpty(), v.description('Default: the label.'))),
  label: v.pipe(v.string(), v.nonEmpty(), v.description('A column or an SQL expression.')),
  kind: v.optional(v.pipe(v.picklist(['binary', 'multiclass', 'regression']), v.description('Inferred from the label when absent.'))),
  lossWeight: v.optional(v.pipe(v.number(), v.minValue(0), v.description('Factor of this task’s loss in the sum.')), 1),
  scale: v.optional(
    v.pipe(
      v.picklist(['standard', 'none']),
      v.description('Of a regression label while training; metrics are in the label’s own units. Default: standard.'),
    ),
  ),
});

export const variants = ['single-task', 'shared-bottom', 'omoe', 'mmoe'] as const;
export type Variant = (typeof variants)[number];

const modelSchema = v.strictObject({
  variant: v.optional(
    v.pipe(
      v.picklist(variants),
      v.description(
        'single-task: one network per task. shared-bottom: one for all. omoe: experts, one gate. mmoe: experts, a gate per task.',
      ),
    ),
    'mmoe',
  ),
  experts: v.optional(
    v.pipe(
      v.strictObject({
        count: v.optional(
          v.pipe(count, v.maxValue(1024), v.description('Number of experts; single-task and shared-bottom have their own.')),
          8,
        ),
        layers: v.optional(layers, [16]),
      }),
      v.description('What the gates choose among.'),
    ),
    {},
  ),
  towers: v.optional(
    v.pipe(v.strictObject({ layers: v.optional(layers, [8]) }), v.description('What a task has of its own, on top of the experts.')),
    {},
  ),
  gates: v.optional(
    v.pipe(
      v.strictObject({
        bias: v.optional(v.pipe(v.boolean(), v.description('The paper has none.')), false),
        temperature: v.optional(v.pipe(positive, v.description('Divides the gates’ logits; 1 in the paper.')), 1),
      }),
      v.description('What weighs the experts, from the input.'),
    ),
    {},
  ),
});

const trainingSchema = v.strictObject({
  optimizer: v.optional(v.pipe(v.picklist(['adam', 'sgd']), v.description('How the weights are improved.')), 'adam'),
  learningRate: v.optional(v.pipe(positive, v.description('Size of a step.')), 0.001),
  beta1: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1), v.description('Of adam: decay of the mean gradient.')), 0.9),
  beta2: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1), v.description('Of adam: decay of the mean squared gradient.')), 0.999),
  epsilon: v.optional(v.pipe(positive, v.description('Of adam: added to the divisor.')), 1e-8),
  momentum: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1), v.description('Of sgd.')), 0),
  batchSize: v.optional(v.pipe(count, v.description('Rows per step.')), 256),
  epochs: v.optional(v.pipe(count, v.description('Passes over the training rows.')), 20),
  seed: v.optional(v.pipe(whole, v.description('Of the starting weights and the order of rows.')), 1),
  stopEarly: v.optional(
    v.pipe(
      v.strictObject({
        task: v.optional(v.pipe(v.string(), v.description('Default: the mean over the tasks.'))),
        metric: v.optional(
          v.pipe(
            v.picklist(['auc', 'accuracy', 'r2', 'loss', 'logLoss', 'mse']),
            v.description('Default: each task’s own: AUC, accuracy or R².'),
          ),
        ),
        patience: v.optional(v.pipe(count, v.description('Stop after so many epochs without a better one; absent: never.'))),
      }),
      v.description('Which epoch is the best, and when to stop.'),
    ),
    {},
  ),
});

const engineSchema = v.strictObject({
  use: v.optional(
    v.pipe(v.picklist(['auto', 'fused', 'tensorflow']), v.description('What computes; auto: the fastest that this machine has.')),
    'auto',
  ),
  threads: v.optional(v.pipe(count, v.maxValue(256), v.description('Default: as many as there are cores.'))),
});

export const experimentSchema = v.strictObject({
  $schema: v.optional(v.pipe(v.string(), v.description('Ignored; editors know these files by their name.'))),
  name: v.optional(v.pipe(v.string(), v.nonEmpty(), v.description('Default: the file’s name.'))),
  data: v.pipe(dataSchema, v.description('The rows, and which of them are for what.')),
  columns: v.optional(
    v.pipe(v.record(v.string(), columnSchema), v.description('Features by column; only what differs from what is inferred.')),
    {},
  ),
  tasks: v.pipe(v.array(taskSchema), v.minLength(1), v.description('What to learn, together.')),
  model: v.optional(v.pipe(modelSchema, v.description('The network.')), {}),
  training: v.optional(v.pipe(trainingSchema, v.description('How it is trained.')), {}),
  engine: v.optional(v.pipe(engineSchema, v.description('What computes it.')), {}),
});

/** With the defaults filled in. */
export type Experiment = v.InferOutput<typeof experimentSchema>;
/** As a person writes it. */
export type ExperimentInput = v.InferInput<typeof experimentSchema>;
export type Source = Experiment['data']['source'];
export type Split = Experiment['data']['test'];
export type Synthetic = v.InferOutput<typeof syntheticSchema>;
