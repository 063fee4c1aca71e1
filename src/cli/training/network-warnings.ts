import type { NetworkDescription } from '../../network/description.js';
import { sharedParameters } from '../../network/users.js';
import { baselineVariant } from '../../shared/comparison.js';

/**
 * Returns what a person must know of a network to read its results rightly: single tasks that learn the
 * tables of embeddings together are not wholly single.
 */
export function networkWarnings(network: NetworkDescription): string[] {
  const { variant, input } = network;
  if (variant !== baselineVariant || sharedParameters(network).size === 0) return [];
  const embedded = input.fields.filter(({ encode }) => typeof encode !== 'string').map(({ name }) => name);
  const columns = [...embedded, ...(input.periodic ?? []).map(({ name }) => name)];
  return [
    `${baselineVariant}: all tasks learn the embeddings of ${columns.join(', ')} together, so they share these ` +
      'and their best epoch; for tasks that share nothing, train an experiment for each, or encode these ' +
      'columns otherwise',
  ];
}
