import type { NetworkDescription } from '../../network/description.js';
import { parameterSpecs } from '../../network/parameters.js';
import { tablesOf } from '../../network/fields/tables.js';
import type { OptimizerSettings } from '../engine.js';
import type { DoubleArrays } from './forward-pass.js';

/**
 * The optimisers in double precision, value by value, by their formulas. It keeps the moments; what of a table
 * rests is decided by the categories of each step's batch.
 */
export class ReferenceOptimizer {
  private readonly first = new Map<string, Float64Array>();
  private readonly second = new Map<string, Float64Array>();
  private readonly tables: ReturnType<typeof tablesOf>;
  private steps = 0;

  constructor(
    private readonly settings: OptimizerSettings,
    private readonly network: NetworkDescription,
  ) {
    this.tables = (settings.tables ?? 'dense') === 'dense' ? [] : tablesOf(network);
  }

  /** Returns the weights after a step. `chosen`: by field, the categories that the batch has. */
  next(
    weights: DoubleArrays,
    gradients: DoubleArrays,
    rate: number,
    chosen: readonly ReadonlySet<number>[],
  ): Map<string, Float64Array> {
    const { clipNorm = Infinity } = this.settings;
    this.steps++;
    const norm = Math.sqrt([...gradients.values()].reduce((sum, each) => sum + squares(each), 0));
    const clip = Math.min(1, clipNorm / norm);
    return new Map(
      parameterSpecs(this.network).map(({ name, shape, learningRate: factor = 1, decays = false }) => {
        const moved = Float64Array.from(weights.get(name)!);
        const width = shape.at(-1)!;
        const gradient = gradients.get(name)!.map((g) => clip * g);
        const step = { factor: rate * factor, decays };
        for (let row = 0; row < moved.length / width; row++) {
          const own = this.tables.find(
            ({ parameter, first, size }) => parameter === name && row >= first && row < first + size,
          );
          if (own !== undefined && !chosen[own.field]!.has(row - own.first)) continue;
          const place = { name, start: row * width, end: (row + 1) * width };
          if (own?.embedding === true && this.settings.tables === 'rowwise-adagrad')
            this.moveBySum(moved, gradient, place, step);
          else this.move(moved, gradient, place, step);
        }
        return [name, moved];
      }),
    );
  }

  /** Adam (Kingma & Ba 2015, algorithm 1) or descent with momentum, with decoupled decay. */
  private move(theta: Float64Array, gradient: Float64Array, place: Place, step: Step): void {
    const { optimizer, beta1, beta2, epsilon, momentum } = this.settings;
    const t = this.steps;
    const m = this.moments(this.first, place.name, theta.length);
    const v = this.moments(this.second, place.name, theta.length);
    const { learningRate, left } = this.rates(step);
    for (let i = place.start; i < place.end; i++) {
      const g = gradient[i]!;
      m[i] = optimizer === 'sgd' ? momentum * m[i]! + g : beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const change =
        optimizer === 'sgd'
          ? m[i]!
          : m[i]! / (1 - beta1 ** t) / (Math.sqrt(v[i]! / (1 - beta2 ** t)) + epsilon);
      theta[i] = left * theta[i]! - learningRate * change;
    }
  }

  /** Adagrad with one sum for each row (Mudigere et al. 2022, section 4.1.4). */
  private moveBySum(theta: Float64Array, gradient: Float64Array, place: Place, step: Step): void {
    const { name, start, end } = place;
    const width = end - start;
    const sums = this.moments(this.first, name, theta.length / width);
    const sum = (sums[start / width]! += squares(gradient.subarray(start, end)) / width);
    const { learningRate, left } = this.rates(step);
    for (let i = start; i < end; i++)
      theta[i] = left * theta[i]! - (learningRate * gradient[i]!) / (Math.sqrt(sum) + this.settings.epsilon);
  }

  private rates({ factor, decays }: Step): { learningRate: number; left: number } {
    const learningRate = factor * this.settings.learningRate;
    return { learningRate, left: decays ? 1 - learningRate * (this.settings.weightDecay ?? 0) : 1 };
  }

  private moments(of: Map<string, Float64Array>, name: string, length: number): Float64Array {
    const found = of.get(name) ?? new Float64Array(length);
    of.set(name, found);
    return found;
  }
}

/** Neighbouring values of a parameter. */
interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface Step {
  /** Of the learning rate. */
  readonly factor: number;
  readonly decays: boolean;
}

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);
