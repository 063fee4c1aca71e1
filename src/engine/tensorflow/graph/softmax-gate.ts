import type { GateDescription } from '../../../network/description.js';
import { chosenExperts } from './chosen-experts.js';
import type { Context } from './context.js';
import { columns } from './ops.js';
import { addLoad } from './load-loss.js';
import { LEFT_OUT } from './plain-gates.js';
import { valuesOf, type Tensor2D } from '../backend/tf.js';

/**
 * softmax((logits [+ noise]) / temperature) over the experts that are neither dropped nor beyond the top few:
 * [rows, seen].
 */
export function runSoftmaxGate(
  context: Context,
  gate: GateDescription,
  heads: Tensor2D,
  name: string,
): Tensor2D {
  const { tf, pass } = context;
  const seen = gate.experts.length;
  const [rows] = heads.shape;
  const top = gate.choice?.kind === 'top' ? gate.choice : null;
  let logits = columns(tf, heads, 0, seen);
  if (pass !== null && top?.noisy === true) {
    const draws = tf.tensor2d(pass.normal(`${name}.noise`, rows, seen), [rows, seen]);
    const deviations = tf.softplus<Tensor2D>(columns(tf, heads, seen, seen));
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
