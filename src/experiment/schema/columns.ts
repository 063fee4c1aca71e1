import * as v from 'valibot';
import { count, described, namesAndMeanings, namesOf, option, positive, setting, text } from './setting.js';

/** The ways to scale a number; the first is the default. */
const numberMeanings = {
  standard: 'mean 0, deviation 1',
  minmax: '0 … 1 from least to largest',
  log: 'logarithm of 1 + |x| with its sign, then standard',
  quantile: 'share of training rows below',
  robust: 'median 0, quartiles 1 apart, clipped smoothly to −3 … 3 (Holzmüller et al. 2024)',
  none: 'as it is',
} as const;

/** What can stand beside a number. */
const besideMeanings = {
  bins: 'the number, and an input for each of 32 bins',
  piecewise: 'the number, and its place between 33 quantiles (Gorishniy et al. 2022)',
  values: 'the number, and an input for each value of 10 rows or more',
  periodic: 'the number, and 8 inputs learned from 16 sines and cosines of it (PLR; Gorishniy et al. 2022)',
} as const;

const scaleMeanings = { ...numberMeanings, ...besideMeanings };

/** The words for a scale, in the order in which they are offered. */
export const scales = namesOf(scaleMeanings);

const edgeMeanings = {
  quantile: 'as many training rows in each',
  target: 'where the labels of the training rows differ most',
} as const;

const besideWhenMeanings = {
  always: 'beside every number',
  nonlinear:
    "only where a label of the training rows follows the number otherwise than by a line: the means of 16 bins explain half a percent more of the label's spread than a line does",
} as const;

/** What periodic is where only its frequencies are said. */
export const defaultSigma = 0.1;
export const defaultEmbedding = 8;

const partsSchema = v.strictObject({
  number: setting(v.picklist(namesOf(numberMeanings)), 'robust', 'How the number itself is scaled.'),
  bins: option(
    v.pipe(count, v.minValue(2), v.maxValue(1000)),
    'About how many bins have an input each; a value that dominates is a bin of its own beyond them, and a ' +
      'missing one, too.',
  ),
  piecewise: option(
    v.pipe(count, v.minValue(2), v.maxValue(1000)),
    'About how many pieces the range is cut into; an input for each end of one rises and falls linearly.',
  ),
  edges: setting(
    v.picklist(namesOf(edgeMeanings)),
    'quantile',
    `Where bins and pieces end. ${namesAndMeanings(edgeMeanings, '; ')}.`,
  ),
  values: option(
    count,
    'The training rows that a value has at least to be an input of its own; the 1000 most frequent are.',
  ),
  beside: option(
    v.picklist(namesOf(besideWhenMeanings)),
    `Default: always. Where bins, pieces, values and periodic inputs stand. ${namesAndMeanings(besideWhenMeanings, '; ')}.`,
  ),
  periodic: option(
    v.pipe(count, v.maxValue(256)),
    'How many frequencies c are learned; a linear layer with ReLU on all sin 2πcx and cos 2πcx of the scaled number ' +
      'x gives inputs beside it.',
  ),
  sigma: option(
    positive,
    `The standard deviation from which periodic frequencies start. Default: ${defaultSigma}.`,
  ),
  embedding: option(
    v.pipe(count, v.maxValue(256)),
    `How many inputs periodic gives. Default: ${defaultEmbedding}.`,
  ),
});

/** A scale: a word, or what it consists of. */
export const scaleSchema = v.union([
  v.picklist(scales),
  described(partsSchema, 'The number, and what stands beside it.'),
]);

/** How a number itself is scaled. */
export type ScaleName = keyof typeof numberMeanings;
/** How a number enters the network. */
export type Scale = v.InferOutput<typeof scaleSchema>;
/** A scale as a person writes it. */
export type ScaleInput = v.InferInput<typeof scaleSchema>;
/** How a number is scaled, and what stands beside it. */
export type ScaleParts = v.InferOutput<typeof partsSchema>;

/** What the words for what stands beside a number mean. */
const besideWords = {
  bins: v.parse(partsSchema, { bins: 32 }),
  piecewise: v.parse(partsSchema, { piecewise: 32 }),
  values: v.parse(partsSchema, { values: 10 }),
  periodic: v.parse(partsSchema, { periodic: 16 }),
} satisfies Record<keyof typeof besideMeanings, ScaleParts>;

/** Returns how a number is scaled, and what stands beside it. A number's scale alone has nothing beside it. */
export function scaleParts(scale: Scale): ScaleParts {
  if (typeof scale === 'object') return scale;
  switch (scale) {
    case 'bins':
    case 'piecewise':
    case 'values':
    case 'periodic':
      return besideWords[scale];
    default:
      return { number: scale, edges: 'quantile' };
  }
}

/** What the words mean, in one text. */
const scaleText = `${namesAndMeanings(scaleMeanings, '. ')}.`;

const numericColumn = v.strictObject({
  kind: described(
    v.literal('numeric'),
    'A number; a missing one becomes the mean, and a column says that it was missing.',
  ),
  scale: option(scaleSchema, `Default: that of data.scale. ${scaleText}`),
});

const encodeSchema = v.union([
  described(v.literal('onehot'), 'One input per value.'),
  v.strictObject({
    embedding: described(count, 'The length of the vector that is learned for each value.'),
    hash: option(
      v.pipe(count, v.minValue(2), v.maxValue(2 ** 28)),
      'The number of buckets that values fall into by their hash (MurmurHash3 of 32 bits, seed 0), unseen ' +
        'ones too; each has a vector, and no list of values is kept.',
    ),
  }),
]);

/** What columns of one value and of several have in common. */
const vocabularySettings = {
  encode: option(encodeSchema, 'Default: onehot, or an embedding where there are many values.'),
  minCount: option(count, 'Values that are rarer than this share the index of unseen ones.'),
  maxValues: option(
    count,
    'The most values that are kept: those that most training rows have, of equally frequent ones the first by ' +
      'their text; all others share the index of unseen ones.',
  ),
  shares: option(
    text,
    'Another column, whose embeddings this one uses, too: its values are those of both, and its encode, minCount ' +
      'and maxValues count.',
  ),
};

const categoricalColumn = v.strictObject({
  kind: described(
    v.literal('categorical'),
    'One of several values; missing and unseen ones share a place of their own.',
  ),
  ...vocabularySettings,
});

const poolMeanings = { mean: 'their mean', sum: 'their sum' } as const;

const setColumn = v.strictObject({
  kind: described(
    v.literal('set'),
    'Any number of values: a list, or a text with a separator; each counts once.',
  ),
  separator: option(text, 'The sign between the values of a text, such as "|"; lists have none.'),
  weights: option(
    text,
    'The sign between a value and its weight, such as ":" in "action:0.5|drama:2"; a value without one weighs 1.',
  ),
  pool: option(
    v.picklist(namesOf(poolMeanings)),
    `What the embeddings, or inputs, of the values become, by their weights. ${namesAndMeanings(poolMeanings, '; ')}. ` +
      'Default: the mean of embeddings, the sum of one-hot inputs.',
  ),
  ...vocabularySettings,
});

/** The setting of a column: what it is, and how it enters the network. */
export const columnSchema = v.union([
  described(v.literal('ignore'), 'Not a feature.'),
  numericColumn,
  categoricalColumn,
  setColumn,
]);
