import type { Model } from '../experiment/schema/model.js';
import type { Variant } from '../experiment/schema/variants.js';
import type { InputDescription, NetworkDescription } from './description.js';
import type { Matched } from '../shared/run/run-manifest.js';
import { comparableParameters, matchLayers } from './match.js';
import { countParameters } from './parameters.js';
import { validateNetwork } from './validate.js';
import { crossStitch } from './variants/cross-stitch.js';
import { cgc, ple } from './variants/customized-gates.js';
import { l2Constrained } from './variants/l2-constrained.js';
import { mmoe } from './variants/mmoe.js';
import { omoe } from './variants/omoe.js';
import { pathnet } from './variants/pathnet.js';
import {
  bottomLevel,
  towers,
  type BuildVariant,
  type TaskSettings,
  type VariantParts,
} from './variants/building-blocks.js';
import { sharedBottom } from './variants/shared-bottom.js';
import { singleTask } from './variants/single-task.js';
import { tensorFactorization } from './variants/tensor-factorization.js';
import { inputLayout } from './widths.js';

/** The function that builds each variant; src/experiment/schema/variants.ts says what they are. */
const builders: Readonly<Record<Variant, BuildVariant>> = {
  'single-task': singleTask,
  'shared-bottom': sharedBottom,
  'l2-constrained': l2Constrained,
  'cross-stitch': crossStitch,
  'tensor-factorization': tensorFactorization,
  omoe,
  mmoe,
  cgc,
  ple,
  pathnet,
};

/**
 * Returns the network that an experiment's `model` means for this input and these tasks. Throws InputError if
 * they do not fit together.
 */
export function buildNetwork(
  model: Model,
  given: InputDescription,
  tasks: readonly TaskSettings[],
): NetworkDescription {
  const matched = matchedModel(model, given, tasks);
  return assemble(matched === null ? model : withLayers(model, matched.layers), given, tasks);
}

/** Returns how the model is matched; null if there is no `match`, or it names the variant itself. */
export function matchedModel(
  model: Model,
  input: InputDescription,
  tasks: readonly TaskSettings[],
): Matched | null {
  const { match, ...settings } = model;
  if (match === undefined || settings.experts.layers.length === 0) return null;
  const { variant, gates } = typeof match === 'string' ? { variant: match, gates: false } : match;
  if (variant === model.variant) return null;
  const count = (one: Model) => {
    const network = assemble(one, input, tasks);
    return gates ? countParameters(network).total : comparableParameters(network);
  };
  const target = count({ ...settings, variant });
  const found = matchLayers(settings.experts.layers, target, (layers) => count(withLayers(settings, layers)));
  return { variant, gates, target, layers: [...found.layers], parameters: found.count };
}

const withLayers = (model: Model, layers: readonly number[]): Model => ({
  ...model,
  experts: { ...model.experts, layers: [...layers] },
});

function assemble(model: Model, given: InputDescription, tasks: readonly TaskSettings[]): NetworkDescription {
  const input = model.interactions === undefined ? given : { ...given, interactions: model.interactions };
  const bottom = bottomLevel(model);
  const width = model.bottom.layers.at(-1) ?? inputLayout(input).width;
  const parts = builders[model.variant](model, tasks, width);
  const network = {
    variant: model.variant,
    input,
    ...above(bottom.length, parts),
    tasks: towers(model, tasks),
  };
  const built = { ...network, levels: [...bottom, ...parts.levels] };
  validateNetwork(built);
  return built;
}

/** Adapts numbers and names of levels to `shift` levels below: a level is named by its number. */
function above(shift: number, parts: VariantParts): VariantParts {
  const { distance, tucker } = parts;
  if (shift === 0) return parts;
  const raised = (name: string) =>
    name.replace(/^levels\.(\d+)\./, (_, level: string) => `levels.${Number(level) + shift}.`);
  return {
    levels: parts.levels,
    ...(distance !== undefined && {
      distance: { ...distance, groups: distance.groups.map((group) => group.map(raised)) },
    }),
    ...(tucker !== undefined && { tucker: tucker.map((level) => level + shift) }),
  };
}
