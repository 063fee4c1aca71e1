import * as v from 'valibot';
import { gatesSchema } from './gates.js';
import { amount, count, described, option, partialShare, setting, share, whole } from './setting.js';
import { variantMeaning, variants, variantsWith, type VariantSetting } from './variants.js';

const hiddenLayers = v.pipe(v.array(count), v.maxLength(10_000));
const layersText = 'The units of each hidden layer, from the input upwards.';

/** Returns the names of the variants that have a setting, for its description. */
const variantNamesWith = (path: VariantSetting): string => variantsWith(path).join(' and ');

const layerSettings = {
  activation: setting(
    v.picklist(['relu', 'silu', 'gelu', 'linear']),
    'relu',
    'What follows each layer: ReLU, SiLU (Elfwing et al. 2018), GELU (Hendrycks & Gimpel 2016) or nothing.',
  ),
  dropout: setting(
    partialShare,
    0,
    'The share of units that are left out in a training step (Srivastava et al. 2014).',
  ),
  normalization: setting(
    v.picklist(['none', 'layer', 'batch']),
    'none',
    'What precedes the activation: layer (Ba et al. 2016) or batch normalization (Ioffe & Szegedy 2015), ' +
      'or none.',
  ),
};

const matchSchema = v.union([
  described(v.picklist(variants), 'The variant to match; gates do not count, as in the paper.'),
  v.strictObject({
    variant: described(v.picklist(variants), 'The variant to match, with the same settings.'),
    gates: setting(
      v.boolean(),
      false,
      'Whether the parameters of gates count too; in the paper they do not.',
    ),
  }),
]);

const expertsSchema = v.strictObject({
  count: setting(
    v.pipe(count, v.maxValue(1024)),
    8,
    'The number of experts of omoe and mmoe, and of modules a level of pathnet; others have their own.',
  ),
  layers: setting(hiddenLayers, [16], layersText),
  perTask: setting(
    v.pipe(whole, v.minValue(0), v.maxValue(256)),
    2,
    `For ${variantNamesWith('experts.perTask')}: ` +
      'how many experts of a level belong to each task alone; with 0, cgc is mmoe.',
  ),
  shared: setting(
    v.pipe(whole, v.minValue(0), v.maxValue(1024)),
    4,
    `For ${variantNamesWith('experts.shared')}: how many experts of a level all tasks share.`,
  ),
  ...layerSettings,
});

const towersSchema = v.strictObject({ layers: setting(hiddenLayers, [8], layersText), ...layerSettings });

const stitchesSchema = v.strictObject({
  own: setting(share, 0.9, 'A task’s weight for its own network at the start.'),
  learningRate: setting(amount, 10, 'The factor of the learning rate for the stitches.'),
});

const pathsSchema = v.strictObject({
  active: setting(count, 3, 'The largest number of modules of a level that a path takes.'),
  population: setting(
    v.pipe(whole, v.minValue(2), v.maxValue(1024)),
    16,
    'The number of paths of each task that compete.',
  ),
  window: setting(count, 50, 'How many steps each of two paths is trained for before they are compared.'),
});

export const modelSchema = v.strictObject({
  variant: setting(
    v.picklist(variants),
    'mmoe',
    variants.map((variant) => `${variant}: ${variantMeaning(variant)}.`).join(' '),
  ),
  match: option(
    matchSchema,
    'Scales the experts’ layers so that this network has as many parameters as that variant with the same ' +
      'settings (paper, section 3.3).',
  ),
  bottom: setting(
    v.strictObject({ layers: setting(hiddenLayers, [], layersText) }),
    {},
    'Layers below the experts that all tasks share, as in the paper’s recommender; none by default.',
  ),
  interactions: option(
    v.literal('fm'),
    'Adds the pooled products of all embeddings to the input (factorization machine, Rendle 2010); they ' +
      'need one width.',
  ),
  levels: setting(
    v.pipe(count, v.maxValue(16)),
    2,
    `For ${variantNamesWith('levels')}: the number of stacked levels of experts.`,
  ),
  experts: setting(expertsSchema, {}, 'What the gates choose among.'),
  towers: setting(towersSchema, {}, 'What a task has of its own, on top of the experts.'),
  gates: setting(gatesSchema, {}, 'What weighs the experts, from the input.'),
  constraint: setting(
    v.strictObject({
      strength: setting(amount, 0.01, 'The factor α of the squared distances between the tasks’ weights.'),
    }),
    {},
    `For ${variantNamesWith('constraint')}: how the tasks’ networks are held together.`,
  ),
  stitches: setting(
    stitchesSchema,
    {},
    `For ${variantNamesWith('stitches')}: how the tasks’ networks are mixed.`,
  ),
  factorization: setting(
    v.strictObject({
      ranks: option(
        v.tuple([count, count, count]),
        'The ranks r1, r2, r3 of inputs, units and tasks; default: the layer’s units, twice, and the ' +
          'number of tasks.',
      ),
    }),
    {},
    `For ${variantNamesWith('factorization')}: the size of the factors.`,
  ),
  paths: setting(
    pathsSchema,
    {},
    `For ${variantNamesWith('paths')}: what a path takes, and how paths are found.`,
  ),
});

/** A model as an experiment describes it, with the defaults filled in. */
export type Model = v.InferOutput<typeof modelSchema>;
/** A model as a person writes it. */
export type ModelInput = v.InferInput<typeof modelSchema>;
