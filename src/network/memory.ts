import type { Activation, LayerExtras, NetworkDescription } from './description.js';
import { countParameters } from './parameters.js';
import { interactionsWidth, levelWidth, topWidth } from './widths.js';

const BYTES = 4;
/** Weights, gradient, two moments, the best epoch's weights and one copy while a checkpoint is written. */
const COPIES_OF_PARAMETERS = 6;
/** No engine lays out a wider one-hot field than this in a batch's rows; it gathers weights instead. */
const EXPANDED_COLUMNS = 64;
/** Rows that are evaluated at once, at most. */
export const EVALUATION_ROWS = 4096;

/**
 * Bytes that training takes at its peak, beside the program itself; an upper estimate, to refuse a model
 * before it starts. `rows`: of train, validation and test together.
 */
export function estimateMemory(
  network: NetworkDescription,
  sizes: { batchSize: number; rows: number; threads: number },
): number {
  const parameters = countParameters(network).total;
  const perRow = network.input.numeric + network.input.fields.length + network.tasks.length + 1;
  // The rows as they were encoded, and as the engine holds them.
  const data = 2 * sizes.rows * perRow;
  const batch = Math.max(Math.min(sizes.batchSize, sizes.rows), Math.min(EVALUATION_ROWS, sizes.rows));
  // Every activation, and the gradient by it.
  const activations = 2 * batch * activationsPerRow(network);
  return BYTES * (data + parameters * (COPIES_OF_PARAMETERS + sizes.threads) + activations);
}

/** Values that a forward pass holds for one row. */
function activationsPerRow(network: NetworkDescription): number {
  let values = network.input.numeric;
  for (const field of network.input.fields)
    values += field.encode === 'onehot' ? Math.min(field.size, EXPANDED_COLUMNS) : field.encode.embedding;
  values += interactionsWidth(network.input);
  for (const level of network.levels) {
    for (const expert of level.experts) values += layersValues(expert);
    for (const { layers = [], experts } of level.gates) values += sum(layers) + experts.length;
    values += level.streams.length * (levelWidth(level) + level.experts.length);
  }
  for (const { tower, outputs } of network.tasks) values += topWidth(network) + layersValues(tower) + outputs;
  return values;
}

/** What a layer's product, normalisation and activation give, where they are not one operation. */
function layersValues({
  layers,
  activation,
  normalization,
}: LayerExtras & { readonly layers: readonly number[]; readonly activation: Activation }): number {
  const steps =
    1 + (normalization === undefined ? 0 : 1) + (activation === 'silu' || activation === 'gelu' ? 1 : 0);
  return steps * sum(layers);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
