import type { OptimizerSettings } from '../../engine.js';
import type { Treatment } from '../treatments.js';

/** Arrays of one length and order: the parameters' layout. */
export type Arrays = readonly Float32Array[];

/** Changes the weights by one step; holds the moments. */
export interface Optimizer {
  /** Moments by the suffix of their names in the state: `.m`, `.v` or `.momentum`. */
  readonly moments: ReadonlyMap<string, Arrays>;
  /** `step` counts from 1; `rate` is a factor of the learning rate. */
  update(weights: Arrays, gradients: Arrays, step: number, rate?: number): void;
}

/** `treatments`: by array of the weights. */
export function createOptimizer(
  settings: OptimizerSettings,
  weights: Arrays,
  treatments: readonly Treatment[],
): Optimizer {
  const zeros = () => weights.map(({ length }) => new Float32Array(length));
  return settings.optimizer === 'adam'
    ? new Adam(settings, treatments, zeros(), zeros())
    : new MomentumDescent(settings, treatments, zeros());
}

/** Factor that brings the gradient's L2 norm down to the limit (Pascanu et al. 2013, algorithm 1). */
function clipFactor(gradients: Arrays, limit: number | undefined): number {
  if (limit === undefined) return 1;
  let sum = 0;
  for (const g of gradients) for (let j = 0; j < g.length; j++) sum += g[j]! * g[j]!;
  const norm = Math.sqrt(sum);
  return norm > limit ? limit / norm : 1;
}

/** Share of an array that decay leaves in a step (Loshchilov & Hutter 2019, algorithms 1 and 2). */
const leftByDecay = (
  { learningRate, weightDecay = 0 }: OptimizerSettings,
  { decays }: Treatment,
  rate: number,
) => (decays ? 1 - rate * learningRate * weightDecay : 1);

/**
 * Adam (Kingma & Ba 2015, algorithm 1, in the order of operations at the end of its section 2). With t the
 * step:
 *   m ← β1 m + (1 − β1) g        v ← β2 v + (1 − β2) g²
 *   θ ← θ − a m / (√v + e)       a = α √(1 − β2^t) / (1 − β1^t),  e = ε √(1 − β2^t)
 * which equals α m̂ / (√v̂ + ε). a and e are computed in double precision; m, v and θ are rounded to single
 * when stored.
 */
class Adam implements Optimizer {
  readonly moments: ReadonlyMap<string, Arrays>;

  constructor(
    private readonly settings: OptimizerSettings,
    private readonly treatments: readonly Treatment[],
    private readonly first: Arrays,
    private readonly second: Arrays,
  ) {
    this.moments = new Map([
      ['.m', first],
      ['.v', second],
    ]);
  }

  update(weights: Arrays, gradients: Arrays, step: number, rate = 1): void {
    const { beta1, beta2, epsilon, clipNorm } = this.settings;
    const clip = clipFactor(gradients, clipNorm);
    const correction = Math.sqrt(1 - beta2 ** step);
    const least = epsilon * correction;
    weights.forEach((theta, i) => {
      const treatment = this.treatments[i]!;
      if (treatment.learningRate === 0) return;
      const learningRate = this.settings.learningRate * rate * treatment.learningRate;
      const left = leftByDecay(this.settings, treatment, rate);
      const stride = (learningRate * correction) / (1 - beta1 ** step);
      const gradient = gradients[i]!;
      const m = this.first[i]!;
      const v = this.second[i]!;
      for (let j = 0; j < theta.length; j++) {
        const g = clip * gradient[j]!;
        const mj = (m[j] = beta1 * m[j]! + (1 - beta1) * g);
        const vj = (v[j] = beta2 * v[j]! + (1 - beta2) * g * g);
        theta[j] = left * theta[j]! - (stride * mj) / (Math.sqrt(vj) + least);
      }
    });
  }
}

/** u ← μ u + g, θ ← θ − α u; μ = 0 is plain gradient descent. */
class MomentumDescent implements Optimizer {
  readonly moments: ReadonlyMap<string, Arrays>;

  constructor(
    private readonly settings: OptimizerSettings,
    private readonly treatments: readonly Treatment[],
    private readonly velocity: Arrays,
  ) {
    this.moments = new Map([['.momentum', velocity]]);
  }

  update(weights: Arrays, gradients: Arrays, _step: number, rate = 1): void {
    const { momentum, clipNorm } = this.settings;
    const clip = clipFactor(gradients, clipNorm);
    weights.forEach((theta, i) => {
      const treatment = this.treatments[i]!;
      if (treatment.learningRate === 0) return;
      const learningRate = this.settings.learningRate * rate * treatment.learningRate;
      const left = leftByDecay(this.settings, treatment, rate);
      const gradient = gradients[i]!;
      const u = this.velocity[i]!;
      for (let j = 0; j < theta.length; j++) {
        u[j] = momentum * u[j]! + clip * gradient[j]!;
        theta[j] = left * theta[j]! - learningRate * u[j]!;
      }
    });
  }
}
