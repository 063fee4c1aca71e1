import type { GateDescription, LevelDescription } from '../../../network/description.js';
import type { Context } from './context.js';
import { finishLayer, layersAbove, linear, type LayerKind } from './layers.js';
import type { GatePlan, LevelPlan } from '../layout.js';
import { columns, product, squaredVariation } from './ops.js';
import { runPlainGates } from './plain-gates.js';
import { runSelectors } from './selectors.js';
import { runSoftmaxGate } from './softmax-gate.js';
import type { Tensor2D, Tensor3D } from '../backend/tf.js';

type Products = readonly (Tensor2D | null)[];

/** Weights of all gates of level `l` over all its experts: [rows, gates, experts]; null without gates. */
export function runGates(
  context: Context,
  level: LevelDescription,
  l: number,
  plan: LevelPlan,
  products: Products,
): Tensor3D | null {
  const { tf } = context;
  if (level.gates.length === 0) return null;
  if (level.gates.every(isPlain)) return runPlainGates(context, level, l, plan, products);
  const count = level.experts.length;
  const each = level.gates.map((gate, g) => {
    const name = `levels.${l}.gates.${g}`;
    const { choice, experts } = gate;
    const heads = runHeads(context, plan.gates[g]!, products[gate.source]!);
    const shares =
      choice?.kind === 'selectors'
        ? runSelectors(context, gate, choice, heads, name)
        : runSoftmaxGate(context, gate, heads, name);
    addBalance(context, gate, shares);
    const places = context.constant(`places ${name}`, () =>
      tf.tensor2d(placesOf(experts, count), [experts.length, count]),
    );
    return product(tf, shares, places);
  });
  return tf.reshape(tf.stack(each, 1), [each[0]!.shape[0], each.length, count]);
}

/** A softmax of columns of its source's product. */
const isPlain = ({ layers = [], dropout = 0, choice, balance = 0 }: GateDescription) =>
  layers.length === 0 && dropout === 0 && choice === undefined && balance === 0;

const hiddenLayer: LayerKind = { activation: 'relu' };

/** Logits, then noise's or selectors' units: [rows, units]. */
function runHeads(context: Context, plan: GatePlan, source: Tensor2D): Tensor2D {
  const { column, units, upper, heads } = plan;
  const first = columns(context.tf, source, column, units);
  if (heads === null) return first;
  const hidden = finishLayer(context, first, null, hiddenLayer, '');
  return linear(context, layersAbove(context, hidden, upper, hiddenLayer, ''), heads);
}

/** Adds balance · CV(Σ_rows p_e)² to the minimised loss (Shazeer et al. 2017, equations 6 and 7). */
function addBalance({ tf, pass }: Context, { balance = 0 }: GateDescription, shares: Tensor2D): void {
  if (pass === null || balance === 0) return;
  pass.additions.push(tf.mul(squaredVariation(tf, tf.sum(shares, 0)), balance));
}

/** [seen, experts]: 1 where the n-th seen expert is that expert. */
export function placesOf(seen: readonly number[], experts: number): Float32Array {
  const matrix = new Float32Array(seen.length * experts);
  seen.forEach((expert, n) => (matrix[n * experts + expert] = 1));
  return matrix;
}
