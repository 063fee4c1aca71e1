import type { Engine, LoadedRows } from '../../engine/engine.js';
import type { TaskKind } from '../../shared/task-kinds.js';
import { SmallAdam } from './adam.js';
import type { LossWeighting, WeightedTask } from './weighting.js';

/** The a of each kind of task in the formula below. */
const lossScale = { binary: 1, multiclass: 1, regression: 0.5 } as const satisfies Record<TaskKind, number>;

/**
 * Uncertainty weighting (Kendall, Gal & Cipolla 2018, section 3): minimises Σ_k c_k (a_k e^(−s_k) L_k + ½
 * s_k) by the network and by s_k = log σ_k², with a_k = ½ for regression (equation 7) and 1 for
 * classification (equation 10); c_k is the experiment's factor. s starts at 0 and is learned by Adam with the
 * network's learning rate.
 */
export class UncertaintyWeighting implements LossWeighting {
  private readonly logVariances: SmallAdam;

  constructor(
    private readonly tasks: readonly WeightedTask[],
    learningRate: number,
  ) {
    this.logVariances = new SmallAdam(new Float64Array(tasks.length), learningRate);
  }

  step(engine: Engine, rows: LoadedRows, indices: Uint32Array, rate: number): Float64Array {
    const weights = this.weights();
    const losses = engine.step(rows, indices, { rate, lossWeights: weights });
    // The same losses that the network's gradient was of: both move at once.
    this.logVariances.update(
      this.tasks.map(({ lossWeight }, k) => 0.5 * lossWeight - weights[k]! * losses[k]!),
      rate,
    );
    return losses;
  }

  endEpoch(): void {
    // It learns at every step.
  }

  weights(): number[] {
    return this.tasks.map(
      ({ kind, lossWeight }, k) => lossWeight * lossScale[kind] * Math.exp(-this.logVariances.values[k]!),
    );
  }

  state(): number[] {
    return this.logVariances.state();
  }

  restore(state: readonly number[]): void {
    this.logVariances.restore(state);
  }
}
