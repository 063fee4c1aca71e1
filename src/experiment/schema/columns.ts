import * as v from 'valibot';
import { count, described, namesAndMeanings, namesOf, option } from './setting.js';

/** The ways to scale a numeric column before it enters the network; the first is the default. */
const scaleMeanings = {
  standard: 'mean 0, deviation 1',
  minmax: '0 … 1',
  log: 'logarithm of 1 + |x| with its sign, then standard',
  quantile: 'share of training rows below',
  none: 'as it is',
} as const;

export const scales = namesOf(scaleMeanings);

const numericColumn = v.strictObject({
  kind: described(
    v.literal('numeric'),
    'A number; a missing one becomes the mean, and a column says that it was missing.',
  ),
  scale: option(
    v.picklist(scales),
    `${namesAndMeanings(scaleMeanings, '. ').replace('standard:', 'standard (the default):')}.`,
  ),
});

const encodeSchema = v.union([
  described(v.literal('onehot'), 'One input per value.'),
  v.strictObject({
    embedding: described(count, 'The length of the vector that is learned for each value.'),
  }),
]);

const categoricalColumn = v.strictObject({
  kind: described(
    v.literal('categorical'),
    'One of several values; missing and unseen ones share a place of their own.',
  ),
  encode: option(encodeSchema, 'Default: onehot, or an embedding where there are many values.'),
  minCount: option(count, 'Values that are rarer than this share the index of unseen ones.'),
});

/** The setting of a column: what it is, and how it enters the network. */
export const columnSchema = v.union([
  described(v.literal('ignore'), 'Not a feature.'),
  numericColumn,
  categoricalColumn,
]);
