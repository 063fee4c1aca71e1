import type { LevelDescription } from '../../../network/description.js';
import type { Context } from './context.js';
import { placesOf } from './gates.js';
import { product, row } from './ops.js';
import type { Tensor, Tensor2D, Tensor3D, Tf } from '../backend/tf.js';

/** Computes the streams of level `l`, each [rows, width]: Σ_i route_i · expert_i. */
export function mixExperts(
  context: Context,
  level: LevelDescription,
  l: number,
  experts: Tensor3D,
  gates: Tensor3D | null,
): Tensor2D[] {
  const { tf } = context;
  const count = level.experts.length;
  const mixed = gates === null ? null : tf.matMul<Tensor3D>(gates, experts);
  return level.streams.map(({ route }, s) => {
    const name = `levels.${l}.routes.${s}`;
    switch (route.kind) {
      case 'gate':
        return row(tf, mixed!, route.gate);
      case 'fixed': {
        const chosen = onlyExpert(route.weights);
        if (chosen !== null) return row(tf, experts, chosen);
        const weights = context.constant(`fixed ${name}`, () => tf.tensor1d([...route.weights]));
        return combine(tf, experts, weights);
      }
      case 'path':
        return combine(tf, experts, context.vector(`${name}.path`));
      case 'constants': {
        const seen = route.initial.flatMap((weight, expert) => (weight === null ? [] : [expert]));
        const weights: Tensor2D = tf.reshape(context.vector(`${name}.constants`), [1, seen.length]);
        const places = context.constant(`places ${name}`, () =>
          tf.tensor2d(placesOf(seen, count), [seen.length, count]),
        );
        return combine(tf, experts, product(tf, weights, places));
      }
    }
  });
}

/** Σ_i weights[i] · experts[:, i, :]. */
function combine(tf: Tf, experts: Tensor3D, weights: Tensor): Tensor2D {
  return tf.sum(tf.mul<Tensor3D>(experts, tf.reshape(weights, [1, experts.shape[1], 1])), 1);
}

/** The expert that alone has the weight 1, or null. */
function onlyExpert(weights: readonly number[]): number | null {
  const chosen = weights.indexOf(1);
  return chosen >= 0 && weights.every((weight, expert) => expert === chosen || weight === 0) ? chosen : null;
}
