import type { NamedArrays, ParameterSpec } from '../../../network/parameters.js';
import type { OptimizerSettings } from '../../engine.js';
import { zeroArrays } from '../named-arrays.js';

/** Changes the weights by one step; holds the moments. */
export interface Optimizer {
  /** Moments by the suffix of their names in the state: `.m`, `.v` or `.momentum`. */
  readonly moments: ReadonlyMap<string, NamedArrays>;
  /** `step` counts from 1; `rate` is a factor of the learning rate. */
  update(weights: NamedArrays, gradients: NamedArrays, step: number, rate?: number): void;
}

type Spec = Pick<ParameterSpec, 'name' | 'shape' | 'learningRate' | 'decays'>;

/** `norm`: computes the L2 norm of all gradients together. */
export function createOptimizer(
  settings: OptimizerSettings,
  specs: readonly Spec[],
  norm: (gradients: NamedArrays) => number,
): Optimizer {
  const { clipNorm, weightDecay = 0 } = settings;
  const { moments, move } = methodOf(settings, specs);
  const update = (weights: NamedArrays, gradients: NamedArrays, step: number, rate = 1): void => {
    const length = clipNorm === undefined ? 0 : norm(gradients);
    for (const { name, learningRate: factor = 1, decays = false } of specs) {
      if (factor === 0) continue;
      move(name, weights.get(name)!.data, gradients.get(name)!.data, {
        // Pascanu et al. 2013, algorithm 1.
        clip: clipNorm !== undefined && length > clipNorm ? clipNorm / length : 1,
        step,
        learningRate: settings.learningRate * rate * factor,
        // Loshchilov & Hutter 2019, algorithms 1 and 2.
        left: decays ? 1 - rate * settings.learningRate * weightDecay : 1,
      });
    }
  };
  return { moments, update };
}

/** How the values θ of one parameter are moved in one step. */
interface Step {
  /** Factor of the gradient. */
  readonly clip: number;
  /** Counts from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** The share of θ that weight decay leaves. */
  readonly left: number;
}

interface Method {
  readonly moments: Optimizer['moments'];
  readonly move: (name: string, theta: Float32Array, gradient: Float32Array, step: Step) => void;
}

function methodOf(settings: OptimizerSettings, specs: readonly Spec[]): Method {
  switch (settings.optimizer) {
    case 'adam':
      return adam(settings, zeroArrays(specs), zeroArrays(specs));
    case 'sgd':
      return momentumDescent(settings, zeroArrays(specs));
  }
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1, in the order of operations at the end of its section 2). With t the
 * step:
 *   m ← β1 m + (1 − β1) g        v ← β2 v + (1 − β2) g²
 *   θ ← θ − a m / (√v + e)       a = α √(1 − β2^t) / (1 − β1^t),  e = ε √(1 − β2^t)
 * which equals α m̂ / (√v̂ + ε). a and e are computed in double precision; m, v and θ are rounded to single
 * when stored.
 */
function adam({ beta1, beta2, epsilon }: OptimizerSettings, first: NamedArrays, second: NamedArrays): Method {
  const moments = new Map([
    ['.m', first],
    ['.v', second],
  ]);
  const move: Method['move'] = (name, theta, gradient, { clip, step, learningRate, left }) => {
    const correction = Math.sqrt(1 - beta2 ** step);
    const a = (learningRate * correction) / (1 - beta1 ** step);
    const e = epsilon * correction;
    const [m, v] = [first.get(name)!.data, second.get(name)!.data];
    for (let j = 0; j < theta.length; j++) {
      const g = clip * gradient[j]!;
      const mj = (m[j] = beta1 * m[j]! + (1 - beta1) * g);
      const vj = (v[j] = beta2 * v[j]! + (1 - beta2) * g * g);
      theta[j] = left * theta[j]! - (a * mj) / (Math.sqrt(vj) + e);
    }
  };
  return { moments, move };
}

/** u ← μ u + g, θ ← θ − α u; μ = 0 is plain gradient descent. */
function momentumDescent({ momentum }: OptimizerSettings, velocity: NamedArrays): Method {
  const move: Method['move'] = (name, theta, gradient, { clip, learningRate, left }) => {
    const u = velocity.get(name)!.data;
    for (let j = 0; j < theta.length; j++) {
      u[j] = momentum * u[j]! + clip * gradient[j]!;
      theta[j] = left * theta[j]! - learningRate * u[j]!;
    }
  };
  return { moments: new Map([['.momentum', velocity]]), move };
}
