import type { Engine, LoadedRows } from '../../engine/engine.js';
import { SmallAdam } from './adam.js';
import { weightedSum } from './flat.js';
import type { LossWeighting, WeightedTask } from './weighting.js';

/**
 * GradNorm (Chen et al. 2018, algorithm 1): the weights w_k, which always sum to the number of tasks, follow
 * the gradient of Σ_k |G_k − mean(G) · r_k^alpha| with G_k = ‖w_k ∇_W L_k‖₂ over the last shared weights W,
 * r_k = (L_k / L_k(0)) / the mean of these over the tasks, and the target held constant. L_k here includes
 * the experiment's factor; L_k(0) is that of the first batch with labels.
 */
export class GradientNorm implements LossWeighting {
  private readonly factors: SmallAdam;
  private readonly first: Float64Array;
  /** Belongs to one engine: a training has one. */
  private mask: Float32Array | null = null;

  /** `last`: names of W. */
  constructor(
    private readonly tasks: readonly WeightedTask[],
    private readonly last: ReadonlySet<string>,
    private readonly alpha: number,
    learningRate: number,
  ) {
    this.factors = new SmallAdam(new Float64Array(tasks.length).fill(1), learningRate);
    this.first = new Float64Array(tasks.length);
  }

  step(engine: Engine, rows: LoadedRows, indices: Uint32Array, rate: number): Float64Array {
    const { losses, gradients } = engine.taskGradients(rows, indices);
    engine.applyGradient(weightedSum(gradients, this.weights()), { rate });
    this.learn(losses, gradients, (this.mask ??= engine.mask(this.last)));
    return losses;
  }

  private learn(losses: Float64Array, gradients: readonly Float32Array[], mask: Float32Array): void {
    const { values } = this.factors;
    losses.forEach((loss, k) => {
      if (this.first[k] === 0 && loss > 0) this.first[k] = loss;
    });
    // Tasks without labels in the batch, or without a loss to begin with, take no part.
    const part = [...losses.keys()].filter(
      (k) => losses[k]! >= 0 && this.first[k]! > 0 && this.tasks[k]!.lossWeight > 0,
    );
    if (part.length < 2) return;
    const norms = new Map(part.map((k) => [k, this.tasks[k]!.lossWeight * maskedNorm(gradients[k]!, mask)]));
    const rates = new Map(part.map((k) => [k, losses[k]! / this.first[k]!]));
    const mean = (of: (k: number) => number) => part.reduce((sum, k) => sum + of(k), 0) / part.length;
    const meanNorm = mean((k) => values[k]! * norms.get(k)!);
    const meanRate = mean((k) => rates.get(k)!);
    const slopes = losses.map((_, k) => {
      if (!norms.has(k)) return NaN;
      const target = meanRate > 0 ? meanNorm * (rates.get(k)! / meanRate) ** this.alpha : meanNorm;
      return Math.sign(values[k]! * norms.get(k)! - target) * norms.get(k)!;
    });
    this.factors.update(slopes, 1);
    // A weight below 0 would turn its task around.
    values.forEach((value, k) => (values[k] = Math.max(value, 1e-3)));
    const total = values.reduce((sum, value) => sum + value, 0);
    values.forEach((value, k) => (values[k] = (value * values.length) / total));
  }

  endEpoch(): void {
    // It learns at every step.
  }

  weights(): number[] {
    return this.tasks.map(({ lossWeight }, k) => lossWeight * this.factors.values[k]!);
  }

  state(): number[] {
    return [...this.first, ...this.factors.state()];
  }

  restore(state: readonly number[]): void {
    this.first.set(state.slice(0, this.tasks.length));
    this.factors.restore(state.slice(this.tasks.length));
  }
}

function maskedNorm(gradient: Float32Array, mask: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += (gradient[i]! * mask[i]!) ** 2;
  return Math.sqrt(sum);
}
