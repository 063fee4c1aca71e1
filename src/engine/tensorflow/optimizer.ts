import type { OptimizerSettings } from '../engine.js';

/** Arrays of one length and order: the parameters' layout. */
export type Arrays = readonly Float32Array[];

/** Changes the weights by one step; holds the moments. */
export interface Optimizer {
  /** Moments by the suffix of their names in the state: `.m`, `.v` or `.momentum`. */
  readonly moments: ReadonlyMap<string, Arrays>;
  /** `step` counts from 1. */
  update(weights: Arrays, gradients: Arrays, step: number): void;
}

export function createOptimizer(settings: OptimizerSettings, weights: Arrays): Optimizer {
  const zeros = () => weights.map(({ length }) => new Float32Array(length));
  return settings.optimizer === 'adam' ? new Adam(settings, zeros(), zeros()) : new MomentumDescent(settings, zeros());
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1, in the order of operations at the end of its section 2). With t the step:
 *   m ← β1 m + (1 − β1) g        v ← β2 v + (1 − β2) g²
 *   θ ← θ − a m / (√v + e)       a = α √(1 − β2^t) / (1 − β1^t),  e = ε √(1 − β2^t)
 * which equals α m̂ / (√v̂ + ε). a and e are computed in double precision; m, v and θ are rounded to single when stored.
 */
class Adam implements Optimizer {
  readonly moments: ReadonlyMap<string, Arrays>;

  constructor(
    private readonly settings: OptimizerSettings,
    private readonly first: Arrays,
    private readonly second: Arrays,
  ) {
    this.moments = new Map([
      ['.m', first],
      ['.v', second],
    ]);
  }

  update(weights: Arrays, gradients: Arrays, step: number): void {
    const { learningRate, beta1, beta2, epsilon } = this.settings;
    const correction = Math.sqrt(1 - beta2 ** step);
    const rate = (learningRate * correction) / (1 - beta1 ** step);
    const least = epsilon * correction;
    weights.forEach((theta, i) => {
      const g = gradients[i]!;
      const m = this.first[i]!;
      const v = this.second[i]!;
      for (let j = 0; j < theta.length; j++) {
        const mj = (m[j] = beta1 * m[j]! + (1 - beta1) * g[j]!);
        const vj = (v[j] = beta2 * v[j]! + (1 - beta2) * g[j]! * g[j]!);
        theta[j] = theta[j]! - (rate * mj) / (Math.sqrt(vj) + least);
      }
    });
  }
}

/** u ← μ u + g, θ ← θ − α u; μ = 0 is plain gradient descent. */
class MomentumDescent implements Optimizer {
  readonly moments: ReadonlyMap<string, Arrays>;

  constructor(
    private readonly settings: OptimizerSettings,
    private readonly velocity: Arrays,
  ) {
    this.moments = new Map([['.momentum', velocity]]);
  }

  update(weights: Arrays, gradients: Arrays): void {
    const { learningRate, momentum } = this.settings;
    weights.forEach((theta, i) => {
      const g = gradients[i]!;
      const u = this.velocity[i]!;
      for (let j = 0; j < theta.length; j++) theta[j] = theta[j]! - learningRate * (u[j] = momentum * u[j]! + g[j]!);
    });
  }
}
