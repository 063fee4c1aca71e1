import type { LevelDescription } from '../../../network/description.js';
import type { Context } from './context.js';
import { activate, finishLayer, layersAbove } from './layers.js';
import type { LevelPlan } from '../layout.js';
import { affine, columns } from './ops.js';
import type { Tensor2D, Tensor3D } from '../backend/tf.js';

/**
 * What a level reads: its streams, each [rows, width] (none on the first level), and the one product with
 * each.
 */
export interface Sources {
  readonly streams: readonly Tensor2D[];
  readonly products: readonly (Tensor2D | null)[];
}

/** Outputs of all experts of level `l`: [rows, experts, width]. */
export function runExperts(
  context: Context,
  level: LevelDescription,
  l: number,
  plan: LevelPlan,
  sources: Sources,
): Tensor3D {
  const { tf } = context;
  const { experts } = level;
  const [first] = experts;
  const width = first!.layers.at(-1)!;
  if (lieSideBySide(level)) {
    const units = columns(tf, sources.products[first!.source]!, 0, experts.length * width);
    return tf.reshape(activate(tf, units, first!.activation), [units.shape[0], experts.length, width]);
  }
  const outputs = experts.map((expert, e) => {
    const { normalization, upper } = plan.experts[e]!;
    const name = `levels.${l}.experts.${e}.layers`;
    const bottom = finishLayer(
      context,
      firstLayer(context, level, e, plan, sources),
      normalization,
      expert,
      `${name}.0`,
    );
    return layersAbove(context, bottom, upper, expert, name, 1);
  });
  return tf.reshape(tf.stack(outputs, 1), [outputs[0]!.shape[0], outputs.length, width]);
}

/** Experts of one plain layer are columns of the product already. */
function lieSideBySide({ experts: [first, ...others] }: LevelDescription): boolean {
  return [first!, ...others].every(
    (expert) =>
      expert.source === first!.source &&
      expert.layers.length === 1 &&
      expert.activation === first!.activation &&
      expert.normalization === undefined &&
      (expert.dropout ?? 0) === 0 &&
      expert.sharesWith === undefined,
  );
}

/** W x + b of an expert's first layer. */
function firstLayer(
  context: Context,
  { experts }: LevelDescription,
  e: number,
  plan: LevelPlan,
  sources: Sources,
): Tensor2D {
  const { tf } = context;
  const { source, layers, sharesWith } = experts[e]!;
  const { column } = plan.experts[e]!;
  const owner = experts[sharesWith ?? e]!;
  if (owner.source === source) return columns(tf, sources.products[source]!, column, layers[0]!);
  // The weights' owner reads another stream, so its columns are multiplied with this one too.
  const { weight, bias } = plan.sources[owner.source]!;
  const ownersBias = tf.slice(context.vector(bias), [column], [layers[0]!]);
  return affine(
    tf,
    sources.streams[source]!,
    columns(tf, context.matrix(weight!), column, layers[0]!),
    ownersBias,
  );
}
