import type { TopChoice } from '../../../network/description.js';
import { chosenExperts } from './chosen-experts.js';
import type { Context } from './context.js';
import { squaredVariation } from './ops.js';
import { valuesOf, type Tensor2D } from '../backend/tf.js';

/** Below it the square would leave single precision, and its gradient be 0 · ∞. */
const leastDeviation = 1e-10;

/**
 * The logits of a noisy gate without and with noise, and the noise's standard deviations, each [rows,
 * experts].
 */
interface NoisyLogits {
  readonly clean: Tensor2D;
  readonly deviations: Tensor2D;
  readonly drawn: Tensor2D;
}

/**
 * Adds load · CV(Σ_rows P_e)² to the minimised loss, with P_e the chance that another draw of e's noise would
 * have e among the `count` largest (Shazeer et al. 2017, appendix A, equations 8 to 11). There are more
 * experts than that.
 */
export function addLoad(
  { tf, pass }: Context,
  { count, load = 0 }: TopChoice,
  { clean, deviations, drawn }: NoisyLogits,
): void {
  if (pass === null || load === 0) return;
  const { shape } = drawn;
  const [, experts] = shape;
  const values = valuesOf(drawn);
  const among = (most: number) => chosenExperts(values, experts, null, most);
  const chosen = among(count);
  /** [rows, 1]: the drawn logit of the one expert that is in `larger`, but not in `smaller`. */
  const logitOf = (larger: Float32Array, smaller: Float32Array): Tensor2D => {
    const place = tf.tensor2d(
      larger.map((one, n) => one - smaller[n]!),
      shape,
    );
    return tf.sum(tf.mul(drawn, place), 1, true);
  };
  // An expert that is chosen competes with the best of the others; one that is not, with the last of the
  // chosen.
  const [last, next] = [logitOf(chosen, among(count - 1)), logitOf(among(count + 1), chosen)];
  const isChosen = tf.tensor2d(chosen, shape);
  const thresholds = tf.add(tf.mul(isChosen, next), tf.mul(tf.sub(1, isChosen), last));
  const distances = tf.div(tf.sub(clean, thresholds), tf.maximum(deviations, leastDeviation));
  const chances = tf.mul(tf.add(tf.erf(tf.mul(distances, Math.SQRT1_2)), 1), 0.5);
  pass.additions.push(tf.mul(squaredVariation(tf, tf.sum(chances, 0)), load));
}
