import type { LevelDescription } from '../../../network/description.js';
import type { Tensor2D, Tensor3D } from '../backend/tf.js';
import type { Context } from './context.js';
import { activateUnits, finishLayer, linear, upperLayers, type LinearOutputs } from './layers.js';

/** The values that a level reads, by stream of the level below. */
export interface LevelInputs {
  /** Each [rows, width]; none on the first level. */
  readonly streams: readonly Tensor2D[];
  /** The outputs of the layers that read each stream; null where none does. */
  readonly products: readonly (LinearOutputs | null)[];
}

/** Computes the outputs of all experts of level `l`: [rows, experts, width]. */
export function runExperts(
  context: Context,
  level: LevelDescription,
  l: number,
  inputs: LevelInputs,
): Tensor3D {
  if (allAlike(level)) return runAlike(context, level, inputs);
  const outputs = level.experts.map((expert, e) => {
    const owner = expert.sharesWith ?? e;
    const names = {
      parameters: `levels.${l}.experts.${owner}.layers`,
      draws: `levels.${l}.experts.${e}.layers`,
    };
    const product = firstLayer(context, level, e, `${names.parameters}.0`, inputs);
    return upperLayers(context, finishLayer(context, product, expert, names, 0), expert, names, 1);
  });
  return context.tf.stack(outputs, 1) as Tensor3D;
}

/** Whether the experts are plain layers of one kind that read one stream. */
function allAlike({ experts }: LevelDescription): boolean {
  const [first] = experts;
  return experts.every(
    ({ source, layers, activation, normalization, dropout = 0, sharesWith }) =>
      source === first!.source &&
      layers.length === 1 &&
      activation === first!.activation &&
      normalization === undefined &&
      dropout === 0 &&
      sharesWith === undefined,
  );
}

/**
 * Computes such experts together, in a few operations of tfjs: with eight experts, in half of a step's time.
 */
function runAlike({ tf }: Context, { experts }: LevelDescription, { products }: LevelInputs): Tensor3D {
  const { source, layers, activation } = experts[0]!;
  const width = layers[0]!;
  const units = activateUnits(tf, products[source]!.first(experts.length * width), activation);
  return tf.reshape(units, [units.shape[0], experts.length, width]);
}

/** Computes W x + b of an expert's first layer. */
function firstLayer(
  context: Context,
  { experts }: LevelDescription,
  e: number,
  name: string,
  { streams, products }: LevelInputs,
): Tensor2D {
  const { source, sharesWith, bias = true } = experts[e]!;
  const owner = experts[sharesWith ?? e]!;
  if (owner.source === source) return products[source]!.of(name);
  // The owner of the weights reads another stream, so they are multiplied with this one too.
  return linear(context, streams[source]!, name, bias);
}
