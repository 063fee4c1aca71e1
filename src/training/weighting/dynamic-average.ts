import type { Engine, LoadedRows } from '../../engine/engine.js';
import type { LossWeighting, WeightedTask } from './weighting.js';

/**
 * Dynamic weight average (Liu, Johns & Davison 2019, equation 7): in epoch t, λ_k = K · softmax(r /
 * temperature)_k with r_k = L_k(t − 1) / L_k(t − 2), the mean losses of the last two epochs; 1 in the first
 * two. Times the experiment's factor.
 */
export class DynamicAverage implements LossWeighting {
  /**
   * Sums and counts of this epoch's batch losses, then the mean losses of the last epoch and of the one
   * before.
   */
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private readonly last: Float64Array;
  private readonly before: Float64Array;

  constructor(
    private readonly tasks: readonly WeightedTask[],
    private readonly temperature: number,
  ) {
    const nothing = () => new Float64Array(tasks.length);
    this.sums = nothing();
    this.counts = nothing();
    this.last = nothing().fill(NaN);
    this.before = nothing().fill(NaN);
  }

  step(engine: Engine, rows: LoadedRows, indices: Uint32Array, rate: number): Float64Array {
    const losses = engine.step(rows, indices, { rate, lossWeights: this.weights() });
    this.add(losses);
    return losses;
  }

  /** A batch's losses. */
  add(losses: Float64Array): void {
    losses.forEach((loss, k) => {
      if (Number.isNaN(loss)) return;
      this.sums[k]! += loss;
      this.counts[k]!++;
    });
  }

  endEpoch(): void {
    this.before.set(this.last);
    this.tasks.forEach((_, k) => (this.last[k] = this.sums[k]! / this.counts[k]!));
    this.sums.fill(0);
    this.counts.fill(0);
  }

  weights(): number[] {
    // Where a loss is unknown or was 0, its task counts as neither faster nor slower.
    const ratios = this.tasks
      .map((_, k) => this.last[k]! / this.before[k]!)
      .map((ratio) => (Number.isFinite(ratio) ? ratio : 1));
    const largest = Math.max(...ratios);
    const exps = ratios.map((ratio) => Math.exp((ratio - largest) / this.temperature));
    const total = exps.reduce((sum, e) => sum + e, 0);
    return this.tasks.map(({ lossWeight }, k) => (lossWeight * this.tasks.length * exps[k]!) / total);
  }

  /** JSON has no NaN: −1 stands for an epoch that is not known. */
  state(): number[] {
    return [this.sums, this.counts, this.last, this.before].flatMap((array) =>
      [...array].map((value) => (Number.isNaN(value) ? -1 : value)),
    );
  }

  restore(state: readonly number[]): void {
    const count = this.tasks.length;
    [this.sums, this.counts, this.last, this.before].forEach((array, i) =>
      array.set(state.slice(i * count, (i + 1) * count).map((value) => (value === -1 ? NaN : value))),
    );
  }
}
