import type { Activation, GateDescription, LayerExtras, NetworkDescription } from './description.js';
import { countParameters } from './parameters.js';
import { tableValues, type TableUpdates } from './fields/tables.js';
import { interactionsWidth, levelWidth, topWidth } from './widths.js';

/** The size of a value in single precision. */
const BYTES = 4;
/**
 * The copies of every parameter: weights, gradient, two moments, the best epoch's weights, and one while a
 * checkpoint is written.
 */
const COPIES_OF_PARAMETERS = 6;
/** No engine lays out a wider one-hot field than this in a batch's rows; it gathers weights instead. */
const EXPANDED_COLUMNS = 64;
/** What an engine notes of each value in the batch's sets, where tables move row by row: kernel/tables/kept.h. */
const NOTES_OF_LISTED = 10;
/**
 * The largest number of rows for which an engine holds activations at once while it evaluates. The tensorflow
 * engine works in chunks of as many; the fused engine's chunks are smaller.
 */
export const MAX_EVALUATION_ROWS = 4096;

/** What fields of several values take beside the rows. */
export interface ListSizes {
  /** The integers of all lists: once as they were encoded, and once for each part that an engine holds. */
  readonly integers: number;
  /** The values of the longest list. */
  readonly longest: number;
}

/**
 * Returns the bytes that training takes at its peak, beside the program itself: an upper estimate, so that a
 * model can be refused before it starts. `rows` are those of train, validation and test together; `members`
 * share them, and their lists.
 */
export function estimateMemory(
  network: NetworkDescription,
  sizes: {
    readonly batchSize: number;
    readonly rows: number;
    readonly threads: number;
    readonly members?: number;
    readonly tables?: TableUpdates;
    readonly lists?: ListSizes;
  },
): number {
  const { members = 1, tables = 'dense', lists = { integers: 0, longest: 0 } } = sizes;
  const parameters = countParameters(network).total;
  // Tables that move row by row have no gradient of their size.
  const resting = tables === 'dense' ? 0 : tableValues(network);
  const perRow = network.input.numeric + network.input.fields.length + network.tasks.length + 1;
  // The rows as they were encoded, and as the engine holds them.
  const data = 2 * sizes.rows * perRow + lists.integers;
  // The orders of rows, and sums over members of what is predicted, beside those that a single member has.
  const outputs = network.tasks.reduce((all, task) => all + task.outputs, 0);
  const together = members > 1 ? sizes.rows * (members - 1 + 2 * outputs) : 0;
  const batch = Math.max(Math.min(sizes.batchSize, sizes.rows), Math.min(MAX_EVALUATION_ROWS, sizes.rows));
  // Every activation, and the gradient by it.
  const activations = 2 * batch * activationsPerRow(network);
  const pooled = network.input.fields.filter(
    ({ several, encode }) => several === true && typeof encode === 'object',
  );
  const listed =
    tables === 'dense' ? 0 : pooled.length * lists.longest * Math.min(sizes.batchSize, sizes.rows);
  const each =
    parameters * (COPIES_OF_PARAMETERS + sizes.threads) -
    resting * (1 + sizes.threads) +
    activations +
    NOTES_OF_LISTED * listed;
  return BYTES * (data + together + members * each);
}

/** Returns how many values a forward pass holds for one row. */
function activationsPerRow(network: NetworkDescription): number {
  let values = network.input.numeric;
  for (const field of network.input.fields)
    values +=
      typeof field.encode === 'object' ? field.encode.embedding : Math.min(field.size, EXPANDED_COLUMNS);
  values += interactionsWidth(network.input);
  for (const { width, frequencies } of network.input.periodic ?? []) values += width + 2 * frequencies;
  for (const level of network.levels) {
    for (const expert of level.experts) values += layersValues(expert);
    for (const gate of level.gates) values += gateValues(gate);
    values += level.streams.length * (levelWidth(level) + level.experts.length);
  }
  for (const { tower, outputs } of network.tasks) values += topWidth(network) + layersValues(tower) + outputs;
  return values;
}

/** Returns how many values a gate gives; the bits of selectors are few beside the experts' units. */
function gateValues({ layers = [], experts, choice }: GateDescription): number {
  switch (choice?.kind) {
    case undefined:
    case 'top':
    case 'selectors':
      return sum(layers) + experts.length;
  }
}

/** Activations that engines compute in one operation with the product, and those that take a buffer more. */
const extraBuffers = { relu: 0, linear: 0, silu: 1, gelu: 1 } as const satisfies Record<Activation, number>;

/** Returns how many values the products, normalisations and activations of some layers give. */
function layersValues({
  layers,
  activation,
  normalization,
}: LayerExtras & { readonly layers: readonly number[]; readonly activation: Activation }): number {
  const steps = 1 + (normalization === undefined ? 0 : 1) + extraBuffers[activation];
  return steps * sum(layers);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
