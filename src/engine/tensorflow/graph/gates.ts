import type { GateDescription, LevelDescription } from '../../../network/description.js';
import type { Tensor2D, Tensor3D } from '../backend/tf.js';
import type { Context } from './context.js';
import { finishLayer, linearSideBySide, upperLayers, type LinearOutputs, type MlpLayers } from './layers.js';
import { product, squaredVariation } from './ops.js';
import { runSelectors } from './selectors.js';
import { headsOf } from './side-by-side.js';
import { LEFT_OUT, runSoftmaxGate } from './softmax-gate.js';

/**
 * Computes the weights of all gates of level `l` over all its experts: [rows, gates, experts]; null without
 * gates.
 */
export function runGates(
  context: Context,
  level: LevelDescription,
  l: number,
  products: readonly (LinearOutputs | null)[],
): Tensor3D | null {
  if (level.gates.length === 0) return null;
  const gates = level.gates.map((gate, g) =>
    runGate(context, gate, `levels.${l}.gates.${g}`, products[gate.source]!, level.experts.length),
  );
  return context.tf.stack(gates, 1) as Tensor3D;
}

/** Computes one gate's weights over all experts of its level: [rows, experts]. */
function runGate(
  context: Context,
  gate: GateDescription,
  name: string,
  source: LinearOutputs,
  experts: number,
): Tensor2D {
  const heads = runHeads(context, gate, name, source);
  if (isPlain(gate)) return runPlainGate(context, gate, heads.of(name), name, experts);
  const shares = sharesOf(context, gate, heads, name);
  addBalance(context, gate, shares);
  const places = context.constant(`places ${name}`, () =>
    context.tf.tensor2d(placesOf(gate.experts, experts), [gate.experts.length, experts]),
  );
  return product(context.tf, shares, places);
}

/** Computes the weights of the experts that a gate sees: [rows, seen]. */
function sharesOf(context: Context, gate: GateDescription, heads: LinearOutputs, name: string): Tensor2D {
  switch (gate.choice?.kind) {
    case undefined:
      return runSoftmaxGate(context, gate, null, heads, name);
    case 'top':
      return runSoftmaxGate(context, gate, gate.choice, heads, name);
    case 'selectors':
      return runSelectors(context, gate, gate.choice, heads, name);
  }
}

/** The paper's gate: nothing but a softmax. */
const isPlain = ({ dropout = 0, choice, balance = 0, layers = [] }: GateDescription) =>
  layers.length === 0 && dropout === 0 && choice === undefined && balance === 0;

/**
 * Computes softmax(logits / temperature) over the experts that the gate sees, and an exact 0 for the others.
 */
function runPlainGate(
  { tf, constant }: Context,
  { experts: seen, temperature }: GateDescription,
  logits: Tensor2D,
  name: string,
  experts: number,
): Tensor2D {
  if (seen.length === experts && temperature === 1) return tf.softmax(logits);
  const spread = constant(`spread ${name}`, () =>
    tf.tensor2d(
      placesOf(seen, experts).map((one) => one / temperature),
      [seen.length, experts],
    ),
  );
  const unseen = constant(`unseen ${name}`, () =>
    tf.tensor1d(Array.from({ length: experts }, (_, expert) => (seen.includes(expert) ? 0 : LEFT_OUT))),
  );
  return tf.softmax(tf.add<Tensor2D>(product(tf, logits, spread), unseen));
}

/** Computes what a gate's last layers make: logits, and noise's or selectors' units. */
function runHeads(
  context: Context,
  gate: GateDescription,
  name: string,
  source: LinearOutputs,
): LinearOutputs {
  const { layers = [] } = gate;
  if (layers.length === 0) return source;
  const hidden: MlpLayers = { layers, activation: 'relu' };
  const names = { parameters: `${name}.layers`, draws: `${name}.layers` };
  const first = finishLayer(context, source.of(`${name}.layers.0`), hidden, names, 0);
  return linearSideBySide(context, upperLayers(context, first, hidden, names, 1), headsOf(name, gate));
}

/** Adds balance · CV(Σ_rows p_e)² to the minimised loss (Shazeer et al. 2017, equations 6 and 7). */
function addBalance({ tf, pass }: Context, { balance = 0 }: GateDescription, shares: Tensor2D): void {
  if (pass === null || balance === 0) return;
  pass.additions.push(tf.mul(squaredVariation(tf, tf.sum(shares, 0)), balance));
}

/** Returns [seen, experts]: 1 where the n-th seen expert is that expert. */
export function placesOf(seen: readonly number[], experts: number): Float32Array {
  const matrix = new Float32Array(seen.length * experts);
  seen.forEach((expert, n) => (matrix[n * experts + expert] = 1));
  return matrix;
}
