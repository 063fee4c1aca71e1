import type { GateDescription, TopChoice } from '../../../network/description.js';
import { chosenExperts } from './chosen-experts.js';
import type { Context } from './context.js';
import type { LinearOutputs } from './layers.js';
import { addLoad } from './load-loss.js';
import { valuesOf, type Tensor2D } from '../backend/tf.js';

/** A logit so far below all others that its share is an exact 0. */
export const LEFT_OUT = -1e30;

/**
 * Computes softmax((logits [+ noise]) / temperature) over the experts that are neither dropped nor beyond the
 * `top` few (null: all are within): [rows, seen].
 */
export function runSoftmaxGate(
  context: Context,
  gate: GateDescription,
  top: TopChoice | null,
  heads: LinearOutputs,
  name: string,
): Tensor2D {
  const { tf, pass } = context;
  const seen = gate.experts.length;
  let logits = heads.of(name);
  const [rows] = logits.shape;
  if (pass !== null && top !== null && top.noisy) {
    const draws = tf.tensor2d(pass.normal(`${name}.noise`, rows, seen), [rows, seen]);
    const deviations = tf.softplus<Tensor2D>(heads.of(`${name}.noise`));
    const clean = logits;
    logits = tf.add(clean, tf.mul(draws, deviations));
    if (top.count < seen) addLoad(context, top, { clean, deviations, drawn: logits });
  }
  if (gate.temperature !== 1) logits = tf.mul(logits, 1 / gate.temperature);
  const { dropout = 0 } = gate;
  const kept =
    pass === null || dropout === 0 ? null : pass.keptExperts(`${name}.dropout`, dropout, rows, seen);
  if (kept === null && top === null) return tf.softmax(logits);
  const chosen = chosenExperts(valuesOf(logits), seen, kept, top?.count ?? seen);
  const leftOut = tf.tensor2d(
    chosen.map((one) => (one === 1 ? 0 : LEFT_OUT)),
    [rows, seen],
  );
  return tf.softmax(tf.add<Tensor2D>(logits, leftOut));
}
