import type { EncodedRows } from '../encoded-rows.js';
import type { NetworkDescription } from '../description.js';
import { valuesOfEntry } from './lists.js';
import { parameterSpecs } from '../parameters.js';
import { inputLayout } from '../widths.js';

/**
 * How tables, embeddings and the weights of one-hot columns, are updated. `dense`: as all other weights, in every
 * step. `lazy`: rows whose category the batch has move as the optimiser says, with the number of all steps as t;
 * weights, moments and decay of the others rest (Adam: the LazyAdam of TensorFlow, the SparseAdam of PyTorch).
 * `rowwise-adagrad`: embeddings' rows by Adagrad with one sum s for each row, s ← s + mean(g²),
 * θ ← θ − α g / (√s + ε) (Mudigere et al. 2022, section 4.1.4); weights of one-hot columns as with `lazy`.
 */
export type TableUpdates = 'dense' | 'lazy' | 'rowwise-adagrad';

/** Rows of a parameter of which a categorical field chooses one: an embedding's, or those of a first layer's weight. */
export interface TableRows {
  readonly parameter: string;
  /** The field's number among the categorical columns. */
  readonly field: number;
  /** The row of category 0. */
  readonly first: number;
  readonly size: number;
  readonly embedding: boolean;
}

/**
 * Returns the tables of a network. Piecewise fields have none, as a row lies between two of their columns, nor have
 * one-hot fields of several values; a table that several fields read is that of its owner.
 */
export function tablesOf(network: NetworkDescription): TableRows[] {
  const { fields } = network.input;
  const { offsets } = inputLayout(network.input);
  const first = firstWeights(network);
  return fields.flatMap(({ name, size, encode, table, several }, field): TableRows[] => {
    if (table !== undefined) return [];
    if (typeof encode === 'object')
      return [{ parameter: `embeddings.${name}.weight`, field, first: 0, size, embedding: true }];
    if (encode === 'piecewise' || several === true) return [];
    return first.map((parameter) => ({ parameter, field, first: offsets[field]!, size, embedding: false }));
  });
}

/** Returns the names of all weights that the encoded row is multiplied with. */
function firstWeights(network: NetworkDescription): string[] {
  const level = network.levels[0];
  if (level === undefined) return [];
  const names = parameterSpecs(network)
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.weight'));
  return [
    ...level.experts
      .map((_, e) => `levels.0.experts.${e}.layers.0.weight`)
      .filter((name) => names.includes(name)),
    ...level.gates.flatMap(({ layers = [] }, g) => {
      const gate = `levels.0.gates.${g}`;
      return layers.length > 0
        ? [`${gate}.layers.0.weight`]
        : names.filter((name) => name.startsWith(`${gate}.`));
    }),
  ];
}

/** Returns, by field, the categories of its table that the rows at `indices` have, in any field that reads it. */
export function chosenCategories(
  { input }: NetworkDescription,
  data: EncodedRows,
  indices: Iterable<number>,
): readonly ReadonlySet<number>[] {
  const chosen = input.fields.map(() => new Set<number>());
  const owners = input.fields.map(({ table }, field) =>
    table === undefined ? field : input.fields.findIndex(({ name }) => name === table),
  );
  for (const index of indices)
    input.fields.forEach((field, f) => {
      const entry = data.categorical[index * chosen.length + f]!;
      for (const { value } of valuesOfEntry(field, data, entry)) chosen[owners[f]!]!.add(value);
    });
  return chosen;
}

/** Whether the network's `distance` is between weights that have rows of a table. */
export function holdsTables(network: NetworkDescription): boolean {
  const held = new Set(network.distance?.groups.flat());
  return tablesOf(network).some(({ parameter }) => held.has(parameter));
}

/** Returns how many values the tables of a network have. */
export const tableValues = (network: NetworkDescription): number => {
  const widths = new Map(parameterSpecs(network).map(({ name, shape }) => [name, shape.at(-1)!]));
  return tablesOf(network).reduce((sum, { parameter, size }) => sum + size * widths.get(parameter)!, 0);
};
