import * as v from 'valibot';
import { taskKinds, allMetrics } from '../shared/task-kinds.js';

/**
 * The experiment file (docs/formats.md). This one definition gives the types, the validation and the
 * JSON schema; descriptions become hover texts. Everything but `data.source` and `tasks` has a default.
 */

const positive = v.pipe(v.number(), v.gtValue(0));
const whole = v.pipe(v.number(), v.integer());
const count = v.pipe(whole, v.minValue(1));
const layers = v.pipe(v.array(count), v.description('Units of each hidden layer, from the input upwards.'));
const fraction = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));

export const syntheticSchema = v.pipe(
  v.strictObject({
    rows: v.optional(v.pipe(whole, v.minValue(10), v.description('Number of rows.')), 10_000),
    dimensions: v.optional(
      v.pipe(whole, v.minValue(2), v.description('Number d of input columns x1 … xd.')),
      100,
    ),
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
    noise: v.optional(
      v.pipe(v.number(), v.minValue(0), v.description('Standard deviation of the label noise.')),
      0.1,
    ),
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
    tasks: v.optional(
      v.pipe(whole, v.minValue(2), v.description('Number of labels y1, y2 …; any two are related alike.')),
      2,
    ),
    seed: v.optional(v.pipe(whole, v.description('Of everything that is drawn.')), 1),
  }),
  v.description('The synthetic data of the paper, section 3.2: columns x1 … xd, labels y1, y2 …'),
);

const source = v.union([
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.description(
      'A path or glob beside this file: CSV, TSV, Parquet or JSON lines, gzip too; or a folder of them.',
    ),
  ),
  v.pipe(
    v.array(v.pipe(v.string(), v.nonEmpty())),
    v.minLength(1),
    v.description('Several paths or globs, read as one table.'),
  ),
  v.strictObject({
    sql: v.pipe(
      v.string(),
      v.nonEmpty(),
      v.description('A query in DuckDB’s SQL; files of this workspace can be read by path.'),
    ),
  }),
  v.strictObject({ synthetic: syntheticSchema }),
]);

const split = v.union([
  v.pipe(v.literal(0), v.description('None.')),
  v.pipe(fraction, v.description('A share of the rows, drawn with `data.seed`.')),
  v.pipe(
    v.strictObject({
      source: v.pipe(source, v.description('Where these rows come from.')),
      where: v.optional(
        v.pipe(v.string(), v.nonEmpty(), v.description('An SQL condition: the rows of that source to use.')),
      ),
    }),
    v.description('Rows of a source of their own, with the same columns.'),
  ),
  v.strictObject({
    where: v.pipe(
      v.string(),
      v.nonEmpty(),
      v.description('An SQL condition: the rows of the source that belong here.'),
    ),
  }),
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
        header: v.optional(
          v.pipe(v.boolean(), v.description('Whether the first line names the columns; absent: detected.')),
        ),
        names: v.optional(
          v.pipe(
            v.array(v.pipe(v.string(), v.nonEmpty())),
            v.minLength(1),
            v.description(
              'The columns’ names, in order; a first line that plainly names them is passed over.',
            ),
          ),
        ),
        delimiter: v.optional(
          v.pipe(
            v.string(),
            v.nonEmpty(),
            v.description('What separates the fields; blanks around a field never count.'),
          ),
        ),
        quote: v.optional(v.pipe(v.string(), v.description('What encloses a text; empty: nothing does.'))),
        encoding: v.optional(
          v.pipe(
            v.picklist(['utf-8', 'latin-1', 'utf-16']),
            v.description('How the letters are written; absent: utf-8.'),
          ),
        ),
        null: v.optional(v.pipe(v.array(v.string()), v.description('Texts that mean a missing value.'))),
        types: v.optional(
          v.pipe(
            v.record(v.string(), v.string()),
            v.description('DuckDB types by column, where detection goes wrong.'),
          ),
        ),
      }),
      v.description('How to read text files, where DuckDB’s own detection is not wanted.'),
    ),
  ),
  where: v.optional(v.pipe(v.string(), v.nonEmpty(), v.description('An SQL condition: the rows to use.'))),
  validation: v.optional(v.pipe(split, v.description('The rows that choose the best epoch.')), 0.1),
  test: v.optional(v.pipe(split, v.description('The rows that are looked at once, at the end.')), 0.1),
  weight: v.optional(
    v.pipe(
      v.string(),
      v.nonEmpty(),
      v.description('A column or SQL expression: the row’s weight in losses and metrics.'),
    ),
  ),
  seed: v.optional(v.pipe(whole, v.description('Seed of the split.')), 1),
});

/** What a column is said to be. */
export const columnSchema = v.union([
  v.pipe(v.literal('ignore'), v.description('Not a feature.')),
  v.strictObject({
    kind: v.pipe(
      v.literal('numeric'),
      v.description('A number; a missing one becomes the mean, and a column says that it was missing.'),
    ),
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
    kind: v.pipe(
      v.literal('categorical'),
      v.description('One of several values; missing and unseen ones share a place of their own.'),
    ),
    encode: v.optional(
      v.pipe(
        v.union([
          v.pipe(v.literal('onehot'), v.description('One input per value.')),
          v.strictObject({
            embedding: v.pipe(count, v.description('Length of the vector learned for each value.')),
          }),
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
  kind: v.optional(v.pipe(v.picklist(taskKinds), v.description('Inferred from the label when absent.'))),
  lossWeight: v.optional(
    v.pipe(v.number(), v.minValue(0), v.description('Factor of this task’s loss in the sum.')),
    1,
  ),
  scale: v.optional(
    v.pipe(
      v.picklist(['standard', 'none']),
      v.description(
        'Of a regression label while training; metrics are in the label’s own units. Default: standard.',
      ),
    ),
  ),
});

export const variants = [
  'single-task',
  'shared-bottom',
  'l2-constrained',
  'cross-stitch',
  'tensor-factorization',
  'omoe',
  'mmoe',
  'cgc',
  'ple',
  'pathnet',
] as const;
export type Variant = (typeof variants)[number];

/** Each in a sentence: hover texts, and what the editor lists. */
export const variantMeanings: Record<Variant, string> = {
  'single-task': 'one network per task; nothing is shared',
  'shared-bottom': 'one bottom for all tasks (Caruana 1997)',
  'l2-constrained': 'a network per task, held near each other by a penalty (Duong et al. 2015)',
  'cross-stitch': 'a network per task, mixed after every layer by learned constants (Misra et al. 2016)',
  'tensor-factorization': 'the tasks’ weights share low-rank factors (Yang & Hospedales 2017)',
  omoe: 'experts, and one gate for all tasks (Ma et al. 2018)',
  mmoe: 'experts, and a gate per task (Ma et al. 2018)',
  cgc: 'shared experts and each task’s own, a gate per task (Tang et al. 2020)',
  ple: 'levels of shared and own experts (Tang et al. 2020)',
  pathnet: 'each task’s path through banks of modules, found by a tournament (Fernando et al. 2017)',
};

const share = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
const amount = v.pipe(v.number(), v.minValue(0));
const layerSettings = {
  activation: v.optional(
    v.pipe(
      v.picklist(['relu', 'silu', 'gelu', 'linear']),
      v.description(
        'After each layer: ReLU, SiLU (Elfwing et al. 2018), GELU (Hendrycks & Gimpel 2016) or none.',
      ),
    ),
    'relu',
  ),
  dropout: v.optional(
    v.pipe(share, v.description('Share of units left out in a training step (Srivastava et al. 2014).')),
    0,
  ),
  normalization: v.optional(
    v.pipe(
      v.picklist(['none', 'layer', 'batch']),
      v.description(
        'Before the activation: layer (Ba et al. 2016) or batch normalization (Ioffe & Szegedy 2015).',
      ),
    ),
    'none',
  ),
};

const gateChoice = v.union([
  v.pipe(v.literal('all'), v.description('Every expert, by softmax, as in the paper.')),
  v.pipe(
    v.strictObject({
      top: v.pipe(count, v.description('How many experts a row gets: those with the largest logits.')),
      noisy: v.optional(
        v.pipe(v.boolean(), v.description('Adds learned noise to the logits in training.')),
        false,
      ),
      load: v.optional(
        v.pipe(
          amount,
          v.description(
            'With noisy: factor of the load loss, which evens out how many rows each expert gets.',
          ),
        ),
        0,
      ),
    }),
    v.description('Top-k gating (Shazeer et al. 2017).'),
  ),
  v.pipe(
    v.strictObject({
      selectors: v.pipe(count, v.description('How many single-expert selectors are mixed.')),
      width: v.optional(
        v.pipe(positive, v.description('Width γ of the smooth step between an expert’s bits.')),
        1,
      ),
      entropy: v.optional(
        v.pipe(
          amount,
          v.description('Factor of the selectors’ entropy in the loss: drives them to one expert each.'),
        ),
        0,
      ),
    }),
    v.description('DSelect-k (Hazimeh et al. 2021).'),
  ),
]);

const modelSchema = v.strictObject({
  variant: v.optional(
    v.pipe(
      v.picklist(variants),
      v.description(variants.map((name) => `${name}: ${variantMeanings[name]}.`).join(' ')),
    ),
    'mmoe',
  ),
  match: v.optional(
    v.pipe(
      v.union([
        v.pipe(
          v.picklist(variants),
          v.description('The variant to match; gates do not count, as in the paper.'),
        ),
        v.strictObject({
          variant: v.pipe(
            v.picklist(variants),
            v.description('The variant to match, with the same settings.'),
          ),
          gates: v.optional(
            v.pipe(
              v.boolean(),
              v.description('Whether the parameters of gates count too; in the paper they do not.'),
            ),
            false,
          ),
        }),
      ]),
      v.description(
        'Scales the experts’ layers so that this network has as many parameters as that variant with the same settings (paper, section 3.3).',
      ),
    ),
  ),
  bottom: v.optional(
    v.pipe(
      v.strictObject({ layers: v.optional(layers, []) }),
      v.description(
        'Layers below the experts that all tasks share, as in the paper’s recommender; none by default.',
      ),
    ),
    {},
  ),
  interactions: v.optional(
    v.pipe(
      v.literal('fm'),
      v.description(
        'Adds the pooled products of all embeddings to the input (factorization machine, Rendle 2010); they need one width.',
      ),
    ),
  ),
  levels: v.optional(
    v.pipe(count, v.maxValue(16), v.description('Of ple and pathnet: stacked levels of experts.')),
    2,
  ),
  experts: v.optional(
    v.pipe(
      v.strictObject({
        count: v.optional(
          v.pipe(
            count,
            v.maxValue(1024),
            v.description(
              'Number of experts of omoe and mmoe, of modules a level of pathnet; others have their own.',
            ),
          ),
          8,
        ),
        layers: v.optional(layers, [16]),
        perTask: v.optional(
          v.pipe(
            whole,
            v.minValue(0),
            v.maxValue(256),
            v.description('Of cgc and ple: experts of each task’s own, a level; with 0, cgc is mmoe.'),
          ),
          2,
        ),
        shared: v.optional(
          v.pipe(
            whole,
            v.minValue(0),
            v.maxValue(1024),
            v.description('Of cgc and ple: experts that all tasks share, a level.'),
          ),
          4,
        ),
        ...layerSettings,
      }),
      v.description('What the gates choose among.'),
    ),
    {},
  ),
  towers: v.optional(
    v.pipe(
      v.strictObject({ layers: v.optional(layers, [8]), ...layerSettings }),
      v.description('What a task has of its own, on top of the experts.'),
    ),
    {},
  ),
  gates: v.optional(
    v.pipe(
      v.strictObject({
        bias: v.optional(v.pipe(v.boolean(), v.description('The paper has none.')), false),
        temperature: v.optional(
          v.pipe(
            positive,
            v.description('Divides the gates’ logits; 1 in the paper. Larger: the experts weigh more alike.'),
          ),
          1,
        ),
        layers: v.optional(
          v.pipe(v.array(count), v.description('Hidden ReLU layers of each gate; none in the paper.')),
          [],
        ),
        dropout: v.optional(
          v.pipe(
            share,
            v.description(
              'Chance that a gate leaves an expert out for a row in training; the rest is weighed anew (Zhao et al. 2019).',
            ),
          ),
          0,
        ),
        choose: v.optional(v.pipe(gateChoice, v.description('Which experts a row gets.')), 'all'),
        balance: v.optional(
          v.pipe(
            amount,
            v.description(
              'Factor of the importance loss, which evens out the experts’ use (Shazeer et al. 2017).',
            ),
          ),
          0,
        ),
        exclude: v.optional(
          v.pipe(
            share,
            v.description(
              'Of mmoe: share of the experts that each task does not see, drawn at random (Aoki et al. 2021).',
            ),
          ),
          0,
        ),
      }),
      v.description('What weighs the experts, from the input.'),
    ),
    {},
  ),
  constraint: v.optional(
    v.pipe(
      v.strictObject({
        strength: v.optional(
          v.pipe(amount, v.description('Factor α of the squared distances between the tasks’ weights.')),
          0.01,
        ),
      }),
      v.description('Of l2-constrained.'),
    ),
    {},
  ),
  stitches: v.optional(
    v.pipe(
      v.strictObject({
        own: v.optional(
          v.pipe(
            v.number(),
            v.minValue(0),
            v.maxValue(1),
            v.description('A task’s weight for its own network at the start.'),
          ),
          0.9,
        ),
        learningRate: v.optional(
          v.pipe(amount, v.description('Factor of the learning rate for the stitches.')),
          10,
        ),
      }),
      v.description('Of cross-stitch.'),
    ),
    {},
  ),
  factorization: v.optional(
    v.pipe(
      v.strictObject({
        ranks: v.optional(
          v.pipe(
            v.tuple([count, count, count]),
            v.description(
              'Ranks r1, r2, r3 of inputs, units and tasks; default: the layer’s units, twice, and the number of tasks.',
            ),
          ),
        ),
      }),
      v.description('Of tensor-factorization.'),
    ),
    {},
  ),
  paths: v.optional(
    v.pipe(
      v.strictObject({
        active: v.optional(v.pipe(count, v.description('Modules of a level that a path takes, at most.')), 3),
        population: v.optional(
          v.pipe(whole, v.minValue(2), v.maxValue(1024), v.description('Paths of each task that compete.')),
          16,
        ),
        window: v.optional(
          v.pipe(
            count,
            v.description('Steps that each of two paths is trained for before they are compared.'),
          ),
          50,
        ),
      }),
      v.description('Of pathnet.'),
    ),
    {},
  ),
});

const schedule = v.union([
  v.pipe(v.literal('constant'), v.description('The same at every step.')),
  v.pipe(
    v.strictObject({
      kind: v.pipe(
        v.picklist(['constant', 'cosine', 'linear', 'step']),
        v.description(
          'How the learning rate falls to its last value: by half a cosine (Loshchilov & Hutter 2017), evenly, or in steps.',
        ),
      ),
      warmup: v.optional(v.pipe(amount, v.description('Epochs in which it rises evenly from 0.')), 0),
      final: v.optional(
        v.pipe(
          v.number(),
          v.minValue(0),
          v.maxValue(1),
          v.description('Of cosine and linear: the share left at the end.'),
        ),
        0,
      ),
      every: v.optional(v.pipe(count, v.description('Of step: epochs from step to step.')), 10),
      factor: v.optional(
        v.pipe(positive, v.maxValue(1), v.description('Of step: what each multiplies it with.')),
        0.1,
      ),
    }),
    v.description('A learning rate that changes.'),
  ),
]);

const lossWeighting = v.union([
  v.pipe(v.literal('fixed'), v.description('Each task’s own lossWeight.')),
  v.pipe(
    v.literal('uncertainty'),
    v.description('By a learned variance of each task (Kendall et al. 2018).'),
  ),
  v.pipe(
    v.literal('dwa'),
    v.description('More for tasks whose loss falls more slowly (dynamic weight average, Liu et al. 2019).'),
  ),
  v.pipe(
    v.literal('gradnorm'),
    v.description('So that the tasks’ gradients are of like size and pace (GradNorm, Chen et al. 2018).'),
  ),
  v.pipe(
    v.literal('pcgrad'),
    v.description('Takes away what in a task’s gradient points against another’s (PCGrad, Yu et al. 2020).'),
  ),
  v.strictObject({ kind: v.pipe(v.literal('fixed'), v.description('Each task’s own lossWeight.')) }),
  v.strictObject({
    kind: v.pipe(
      v.literal('uncertainty'),
      v.description('By a learned variance of each task (Kendall et al. 2018).'),
    ),
  }),
  v.strictObject({
    kind: v.pipe(v.literal('dwa'), v.description('Dynamic weight average (Liu et al. 2019).')),
    temperature: v.optional(v.pipe(positive, v.description('Larger: weights more alike.')), 2),
  }),
  v.strictObject({
    kind: v.pipe(v.literal('gradnorm'), v.description('GradNorm (Chen et al. 2018).')),
    alpha: v.optional(v.pipe(amount, v.description('How strongly slower tasks are helped.')), 1.5),
    learningRate: v.optional(v.pipe(positive, v.description('Of the weights.')), 0.025),
  }),
  v.strictObject({ kind: v.pipe(v.literal('pcgrad'), v.description('PCGrad (Yu et al. 2020).')) }),
]);

const trainingSchema = v.strictObject({
  optimizer: v.optional(
    v.pipe(
      v.picklist(['adam', 'adamw', 'sgd']),
      v.description(
        'How the weights are improved: adam (Kingma & Ba 2015), adamw with weight decay (Loshchilov & Hutter 2019), sgd.',
      ),
    ),
    'adam',
  ),
  learningRate: v.optional(v.pipe(positive, v.description('Size of a step.')), 0.001),
  schedule: v.optional(v.pipe(schedule, v.description('How the learning rate changes.')), 'constant'),
  weightDecay: v.optional(
    v.pipe(
      amount,
      v.description(
        'Decoupled weight decay of products’ weights and embeddings; default: 0.01 with adamw, else 0.',
      ),
    ),
  ),
  clipNorm: v.optional(
    v.pipe(
      positive,
      v.description('Scales a step’s gradient down to this norm (Pascanu et al. 2013); absent: never.'),
    ),
  ),
  lossWeighting: v.optional(
    v.pipe(lossWeighting, v.description('How the tasks’ losses are weighed against each other.')),
    'fixed',
  ),
  beta1: v.optional(
    v.pipe(v.number(), v.minValue(0), v.ltValue(1), v.description('Of adam: decay of the mean gradient.')),
    0.9,
  ),
  beta2: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0),
      v.ltValue(1),
      v.description('Of adam: decay of the mean squared gradient.'),
    ),
    0.999,
  ),
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
          v.pipe(v.picklist(allMetrics), v.description('Default: each task’s own: AUC, accuracy or R².')),
        ),
        patience: v.optional(
          v.pipe(count, v.description('Stop after so many epochs without a better one; absent: never.')),
        ),
      }),
      v.description('Which epoch is the best, and when to stop.'),
    ),
    {},
  ),
});

const engineSchema = v.strictObject({
  use: v.optional(
    v.pipe(
      v.picklist(['auto', 'fused', 'tensorflow']),
      v.description('What computes; auto: the fastest that this machine has.'),
    ),
    'auto',
  ),
  threads: v.optional(v.pipe(count, v.maxValue(256), v.description('Default: as many as there are cores.'))),
});

export const experimentSchema = v.strictObject({
  $schema: v.optional(v.pipe(v.string(), v.description('Ignored; editors know these files by their name.'))),
  name: v.optional(v.pipe(v.string(), v.nonEmpty(), v.description('Default: the file’s name.'))),
  data: v.pipe(dataSchema, v.description('The rows, and which of them are for what.')),
  columns: v.optional(
    v.pipe(
      v.record(v.string(), columnSchema),
      v.description('Features by column; only what differs from what is inferred.'),
    ),
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
