import { InputError } from '../shared/errors.js';
import type { InputDescription, NetworkDescription } from './description.js';
import { validateNetwork } from './validate.js';
import { mmoe } from './variants/mmoe.js';
import { omoe } from './variants/omoe.js';
import { towers, type ModelSettings, type TaskSettings, type VariantParts } from './variants/settings.js';
import { sharedBottom } from './variants/shared-bottom.js';
import { singleTask } from './variants/single-task.js';

/** The one table of variants, by their name in the experiment file. */
const variants = new Map<string, (settings: ModelSettings, tasks: readonly TaskSettings[]) => VariantParts>([
  ['single-task', singleTask],
  ['shared-bottom', sharedBottom],
  ['omoe', omoe],
  ['mmoe', mmoe],
]);

export const variantNames: readonly string[] = [...variants.keys()];

/** The network that an experiment's `model` means for this input and these tasks. Throws InputError where they do not fit. */
export function buildNetwork(model: ModelSettings, input: InputDescription, tasks: readonly TaskSettings[]): NetworkDescription {
  const variant = variants.get(model.variant);
  if (variant === undefined) throw unknownVariant(model.variant);
  const network = { variant: model.variant, input, ...variant(model, tasks), tasks: towers(model, tasks) };
  validateNetwork(network);
  return network;
}

const unknownVariant = (name: string) =>
  new InputError('network.variant', `there is no variant "${name}": use ${variantNames.join(', ')} as model.variant`);
