/** Adam (Kingma & Ba 2015, algorithm 1) on a handful of numbers, in double precision. */
export class SmallAdam {
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private readonly steps: Float64Array;

  /** `values` are changed in place. */
  constructor(
    readonly values: Float64Array,
    private readonly learningRate: number,
  ) {
    this.first = new Float64Array(values.length);
    this.second = new Float64Array(values.length);
    this.steps = new Float64Array(values.length);
  }

  /** NaN: that value stays as it is in this step. */
  update(gradient: ArrayLike<number>, rate: number): void {
    for (let i = 0; i < this.values.length; i++) {
      const g = gradient[i]!;
      if (Number.isNaN(g)) continue;
      const t = ++this.steps[i]!;
      const m = (this.first[i] = 0.9 * this.first[i]! + 0.1 * g);
      const v = (this.second[i] = 0.999 * this.second[i]! + 0.001 * g * g);
      this.values[i]! -=
        (rate * this.learningRate * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8);
    }
  }

  state(): number[] {
    return [this.values, this.first, this.second, this.steps].flatMap((array) => [...array]);
  }

  restore(state: readonly number[]): void {
    const count = this.values.length;
    [this.values, this.first, this.second, this.steps].forEach((array, i) =>
      array.set(state.slice(i * count, (i + 1) * count)),
    );
  }
}
