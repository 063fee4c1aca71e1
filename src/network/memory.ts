import type { NetworkDescription } from './description.js';
import { countParameters } from './parameters.js';
import { levelWidth, topWidth } from './widths.js';

const BYTES = 4;
/** Weights, gradient, two moments, the best epoch's weights and one copy while a checkpoint is written. */
const COPIES_OF_PARAMETERS = 6;
/** No engine lays out a wider one-hot field than this in a batch's rows; it gathers weights instead. */
const EXPANDED_COLUMNS = 64;
/** Rows that are evaluated at once, at most. */
export const EVALUATION_ROWS = 4096;

/**
 * Bytes that training takes at its peak, beside the program itself; an upper estimate, to refuse a model before it starts.
 * `rows`: of train, validation and test together.
 */
export function estimateMemory(network: NetworkDescription, sizes: { batchSize: number; rows: number; threads: number }): number {
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
  for (const level of network.levels) {
    for (const expert of level.experts) values += sum(expert.layers);
    values += level.streams.length * (levelWidth(level) + level.experts.length);
  }
  for (const { tower, outputs } of network.tasks) values += topWidth(network) + sum(tower.layers) + outputs;
  return values;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
