import { size, type NamedArrays, type ParameterSpec } from '../../../network/parameters.js';
import type { TableRows } from '../../../network/fields/tables.js';
import type { OptimizerSettings } from '../../engine.js';
import { zeroArrays } from '../named-arrays.js';

/** Changes the weights by one step; holds the moments. */
export interface Optimizer {
  /** Moments by the suffix of their names in the state: `.m`, `.v`, `.momentum` or `.sum`. */
  readonly moments: ReadonlyMap<string, NamedArrays>;
  /**
   * `step` counts from 1; `rate` is a factor of the learning rate; `chosen`: by field, the categories that the
   * batch has.
   */
  update(
    weights: NamedArrays,
    gradients: NamedArrays,
    step: number,
    rate?: number,
    chosen?: Categories,
  ): void;
}

type Categories = readonly ReadonlySet<number>[];

type Spec = Pick<ParameterSpec, 'name' | 'shape' | 'learningRate' | 'decays'>;

/**
 * `norm`: computes the L2 norm of all gradients together. `tables`: of the network, where they are updated in
 * another way than all else.
 */
export function createOptimizer(
  settings: OptimizerSettings,
  specs: readonly Spec[],
  norm: (gradients: NamedArrays) => number,
  tables: readonly TableRows[] = [],
): Optimizer {
  const { clipNorm, weightDecay = 0 } = settings;
  const summed = settings.tables === 'rowwise-adagrad' ? tables.filter(({ embedding }) => embedding) : [];
  const hasSums = ({ name }: Spec): boolean => summed.some(({ parameter }) => parameter === name);
  const whole = methodOf(
    settings,
    specs.filter((spec) => !hasSums(spec)),
  );
  const byRow = rowwiseAdagrad(settings, specs.filter(hasSums));
  const update: Optimizer['update'] = (weights, gradients, step, rate = 1, chosen = []) => {
    const length = clipNorm === undefined ? 0 : norm(gradients);
    for (const spec of specs) {
      const { name, shape, learningRate: factor = 1, decays = false } = spec;
      if (factor === 0) continue;
      const { move } = hasSums(spec) ? byRow : whole;
      for (const rows of movedRows(spec, tables, chosen)) {
        move(name, weights.get(name)!.data, gradients.get(name)!.data, {
          // Pascanu et al. 2013, algorithm 1.
          clip: clipNorm !== undefined && length > clipNorm ? clipNorm / length : 1,
          step,
          learningRate: settings.learningRate * rate * factor,
          // Loshchilov & Hutter 2019, algorithms 1 and 2.
          left: decays ? 1 - rate * settings.learningRate * weightDecay : 1,
          start: rows.first * shape.at(-1)!,
          end: (rows.first + rows.count) * shape.at(-1)!,
        });
      }
    }
  };
  const moments = new Map([...whole.moments, ...(summed.length > 0 ? byRow.moments : [])]);
  return { moments, update };
}

/** Returns the rows of a parameter that move in a step: of its tables those whose category the batch has. */
function movedRows(
  { name, shape }: Spec,
  tables: readonly TableRows[],
  chosen: Categories,
): { readonly first: number; readonly count: number }[] {
  const count = size(shape) / shape.at(-1)!;
  const own = tables.filter(({ parameter }) => parameter === name).sort((a, b) => a.first - b.first);
  const found: { first: number; count: number }[] = [];
  let next = 0;
  for (const { field, first, size: rows } of own) {
    found.push({ first: next, count: first - next });
    found.push(...[...chosen[field]!].map((category) => ({ first: first + category, count: 1 })));
    next = first + rows;
  }
  return [...found, { first: next, count: count - next }];
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
  /** The values that move. */
  readonly start: number;
  readonly end: number;
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
  const move: Method['move'] = (name, theta, gradient, { clip, step, learningRate, left, start, end }) => {
    const correction = Math.sqrt(1 - beta2 ** step);
    const a = (learningRate * correction) / (1 - beta1 ** step);
    const e = epsilon * correction;
    const [m, v] = [first.get(name)!.data, second.get(name)!.data];
    for (let j = start; j < end; j++) {
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
  const move: Method['move'] = (name, theta, gradient, { clip, learningRate, left, start, end }) => {
    const u = velocity.get(name)!.data;
    for (let j = start; j < end; j++) {
      u[j] = momentum * u[j]! + clip * gradient[j]!;
      theta[j] = left * theta[j]! - learningRate * u[j]!;
    }
  };
  return { moments: new Map([['.momentum', velocity]]), move };
}

/** Adagrad with one sum s for each row: s ← s + mean(g²), θ ← θ − α g / (√s + ε) (Mudigere et al. 2022, section 4.1.4). */
function rowwiseAdagrad({ epsilon }: OptimizerSettings, specs: readonly Spec[]): Method {
  const sums = zeroArrays(specs.map(({ name, shape }) => ({ name, shape: [shape[0]!] })));
  const widths = new Map(specs.map(({ name, shape }) => [name, shape.at(-1)!]));
  const move: Method['move'] = (name, theta, gradient, { clip, learningRate, left, start, end }) => {
    const s = sums.get(name)!.data;
    const width = widths.get(name)!;
    for (let row = start; row < end; row += width) {
      let squares = 0;
      for (let j = row; j < row + width; j++) squares += (clip * gradient[j]!) ** 2;
      const sum = (s[row / width]! += squares / width);
      for (let j = row; j < row + width; j++)
        theta[j] = left * theta[j]! - (learningRate * clip * gradient[j]!) / (Math.sqrt(sum) + epsilon);
    }
  };
  return { moments: new Map([['.sum', sums]]), move };
}
