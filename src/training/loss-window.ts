/** Sums of batch losses by task since the last `step` event. */
export class LossWindow {
  readonly sums: Float64Array;
  readonly counts: Float64Array;

  constructor(tasks: number) {
    this.sums = new Float64Array(tasks);
    this.counts = new Float64Array(tasks);
  }

  /** `losses` [tasks]; NaN: no row of the batch has that label. */
  add(losses: Float64Array): void {
    for (let task = 0; task < losses.length; task++) {
      const loss = losses[task]!;
      if (loss !== loss) continue;
      this.sums[task]! += loss;
      this.counts[task]!++;
    }
  }

  get empty(): boolean {
    return this.counts.every((count) => count === 0);
  }

  /** Mean losses by task name, null where there were none; then starts anew. */
  take(names: readonly string[]): Record<string, number | null> {
    const losses = names.map(
      (name, task) => [name, this.counts[task]! > 0 ? this.sums[task]! / this.counts[task]! : null] as const,
    );
    this.sums.fill(0);
    this.counts.fill(0);
    return Object.fromEntries(losses);
  }
}
