import { InputError } from '../shared/errors.js';
import type { InputDescription, NetworkDescription } from './description.js';
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
  type ModelSettings,
  type TaskSettings,
  type Variant,
  type VariantParts,
} from './variants/model-settings.js';
import { sharedBottom } from './variants/shared-bottom.js';
import { singleTask } from './variants/single-task.js';
import { tensorFactorization } from './variants/tensor-factorization.js';
import { inputLayout } from './widths.js';

/** The one table of variants, by their name in the experiment file. */
const variants = new Map<string, Variant>([
  ['single-task', singleTask],
  ['shared-bottom', sharedBottom],
  ['l2-constrained', l2Constrained],
  ['cross-stitch', crossStitch],
  ['tensor-factorization', tensorFactorization],
  ['omoe', omoe],
  ['mmoe', mmoe],
  ['cgc', cgc],
  ['ple', ple],
  ['pathnet', pathnet],
]);

export const variantNames: readonly string[] = [...variants.keys()];

/**
 * The network that an experiment's `model` means for this input and these tasks. Throws InputError where they
 * do not fit.
 */
export function buildNetwork(
  model: ModelSettings,
  given: InputDescription,
  tasks: readonly TaskSettings[],
): NetworkDescription {
  const matched = matchedModel(model, given, tasks);
  return assemble(matched === null ? model : withLayers(model, matched.layers), given, tasks);
}

/** How `model.match` has chosen the experts' layers. */
export interface Matched {
  /** The variant whose size was to be matched. */
  readonly variant: string;
  /** Whether gates count. */
  readonly gates: boolean;
  readonly layers: readonly number[];
  /** What counts, of the network that is built and of the one to match. */
  readonly parameters: number;
  readonly target: number;
}

/** Null where nothing is to be matched: no `match`, or the variant itself. */
export function matchedModel(
  model: ModelSettings,
  input: InputDescription,
  tasks: readonly TaskSettings[],
): Matched | null {
  const { match, ...settings } = model;
  if (match === undefined || settings.experts.layers.length === 0) return null;
  const { variant, gates } = typeof match === 'string' ? { variant: match, gates: false } : match;
  if (variant === model.variant) return null;
  const count = (one: ModelSettings) => {
    const network = assemble(one, input, tasks);
    return gates ? countParameters(network).total : comparableParameters(network);
  };
  const target = count({ ...settings, variant });
  const found = matchLayers(settings.experts.layers, target, (layers) => count(withLayers(settings, layers)));
  return { variant, gates, target, layers: found.layers, parameters: found.count };
}

const withLayers = (model: ModelSettings, layers: readonly number[]): ModelSettings => ({
  ...model,
  experts: { ...model.experts, layers },
});

function assemble(
  model: ModelSettings,
  given: InputDescription,
  tasks: readonly TaskSettings[],
): NetworkDescription {
  const variant = variants.get(model.variant);
  if (variant === undefined) throw unknownVariant(model.variant);
  const input = model.interactions === undefined ? given : { ...given, interactions: model.interactions };
  const bottom = bottomLevel(model);
  const parts = variant(model, tasks, model.bottom?.layers.at(-1) ?? inputLayout(input).width);
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

/** Levels are named by their number: those of a variant over a bottom are one higher. */
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

const unknownVariant = (name: string) =>
  new InputError(
    'network.variant',
    `there is no variant "${name}": use ${variantNames.join(', ')} as model.variant`,
  );
