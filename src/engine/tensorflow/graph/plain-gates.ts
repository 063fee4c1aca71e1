import type { LevelDescription } from '../../../network/description.js';
import type { Context } from './context.js';
import type { LevelPlan } from '../layout.js';
import { columns, product } from './ops.js';
import type { Tensor2D, Tensor3D } from '../backend/tf.js';

/**
 * softmax(logits / temperature) over the experts that each gate may see, of all gates at once: [rows, gates,
 * experts].
 */
export function runPlainGates(
  { tf, constant }: Context,
  level: LevelDescription,
  l: number,
  plan: LevelPlan,
  products: readonly (Tensor2D | null)[],
): Tensor3D {
  const experts = level.experts.length;
  const each = level.gates.map(({ source, experts: seen }, g) => ({
    source,
    column: plan.gates[g]!.column,
    units: seen.length,
  }));
  const [first] = each;
  const together = each.every(({ source }) => source === first!.source);
  const logits = together
    ? columns(
        tf,
        products[first!.source]!,
        first!.column,
        each.reduce((sum, { units }) => sum + units, 0),
      )
    : tf.concat(
        each.map(({ source, column, units }) => columns(tf, products[source]!, column, units)),
        1,
      );
  const shape: [number, number, number] = [logits.shape[0], each.length, experts];
  if (level.gates.every((gate) => gate.experts.length === experts && gate.temperature === 1))
    return tf.softmax(tf.reshape(logits, shape));
  // Spread over all experts' places, scaled; what a gate may not see is far below and becomes an exact 0.
  const spread = constant(`spread ${l}`, () =>
    tf.tensor2d(spreadMatrix(level), [logits.shape[1], each.length * experts]),
  );
  const unseen = constant(`unseen ${l}`, () => tf.tensor1d(unseenRow(level)));
  return tf.softmax(tf.reshape(tf.add(product(tf, logits, spread), unseen), shape));
}

/** [Σ seen, gates × experts]: 1 / temperature from each logit to its place. */
function spreadMatrix({ gates, experts }: LevelDescription): Float32Array {
  const width = gates.length * experts.length;
  const matrix = new Float32Array(gates.reduce((sum, gate) => sum + gate.experts.length, 0) * width);
  let logit = 0;
  gates.forEach((gate, g) => {
    for (const expert of gate.experts)
      matrix[logit++ * width + g * experts.length + expert] = 1 / gate.temperature;
  });
  return matrix;
}

/** A logit so far below all others that its share is an exact 0. */
export const LEFT_OUT = -1e30;

function unseenRow({ gates, experts }: LevelDescription): Float32Array {
  const row = new Float32Array(gates.length * experts.length).fill(LEFT_OUT);
  gates.forEach((gate, g) => {
    for (const expert of gate.experts) row[g * experts.length + expert] = 0;
  });
  return row;
}
