import {
  DivergedError,
  type Engine,
  type Evaluation,
  type LoadedRows,
  type OptimizerState,
  type StepOptions,
} from '../engine/engine.js';
import type { NetworkDescription } from '../network/description.js';
import type { NamedArrays } from '../network/parameters.js';
import type { EncodedRows } from '../network/encoded-rows.js';

/**
 * For tests of the loop alone: per task one linear unit on the numeric columns (binary or regression), by
 * gradient descent with momentum in 32-bit floats; routes and expert outputs are made up from the row.
 * Deterministic, small, in one file.
 */
export class TinyEngine implements Engine {
  readonly info = { name: 'tiny', target: 'javascript', threads: 1, why: '' };
  /** Every batch's rows, in order, for tests that watch the loop. */
  readonly batches: number[][] = [];
  private values: Float32Array[];
  private momenta: Float32Array[];
  private steps = 0;

  constructor(
    private readonly network: NetworkDescription,
    private readonly learningRate = 0.1,
  ) {
    this.values = network.tasks.map(() => new Float32Array(network.input.numeric));
    this.momenta = network.tasks.map(() => new Float32Array(network.input.numeric));
  }

  load(rows: EncodedRows): LoadedRows & { source: EncodedRows } {
    return { rows: rows.rows, source: rows, release: () => undefined };
  }

  step(
    rows: LoadedRows,
    indices: Uint32Array,
    { rate, lossWeights = this.lossWeights() }: StepOptions = {},
  ): Float64Array {
    const { losses, gradients } = this.taskGradients(rows, indices);
    this.applyGradient(
      gradients[0]!.map((_, i) =>
        gradients.reduce((sum, gradient, k) => sum + lossWeights[k]! * gradient[i]!, 0),
      ),
      { rate },
    );
    return losses;
  }

  evaluate(
    rows: LoadedRows,
    indices: Uint32Array,
    want: { routes?: boolean; experts?: boolean } = {},
  ): Evaluation {
    const { numeric } = sourceOf(rows);
    const width = this.network.input.numeric;
    return {
      rows: indices.length,
      predictions: this.network.tasks.map((_, k) =>
        Float32Array.from(indices, (row) => this.predict(sourceOf(rows), row, k)),
      ),
      routes: want.routes
        ? this.network.levels.map((level) =>
            Float32Array.from(
              [...indices].flatMap((row) =>
                level.streams.flatMap((stream, s) =>
                  stream.route.kind === 'fixed'
                    ? stream.route.weights
                    : level.experts.map((_, e) => made(numeric[row * width]!, s, e, level.experts.length)),
                ),
              ),
            ),
          )
        : null,
      experts: want.experts
        ? this.network.levels.map((level) =>
            Float32Array.from(
              [...indices].flatMap((row) =>
                level.experts.flatMap((expert, e) =>
                  Array.from({ length: expert.layers.at(-1)! }, (_, u) =>
                    Math.max(0, numeric[row * width + ((e + u) % width)]!),
                  ),
                ),
              ),
            ),
          )
        : null,
    };
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    const { losses, gradients } = this.differentiate(rows, indices);
    const lossWeights = this.lossWeights();
    const weighted = gradients.map((gradient, k) => gradient.map((value) => lossWeights[k]! * value));
    return { losses, gradients: this.named(weighted, '') };
  }

  /** A task's gradient is 0 at the other tasks' places. */
  taskGradients(
    rows: LoadedRows,
    indices: Uint32Array,
  ): { losses: Float64Array; gradients: readonly Float32Array[] } {
    this.batches.push([...indices]);
    const { losses, gradients } = this.differentiate(rows, indices);
    losses.forEach((loss, k) => {
      if (Math.abs(loss) === Infinity) throw new DivergedError(this.network.tasks[k]!.name, this.steps);
    });
    const width = this.network.input.numeric;
    const flat = gradients.map((gradient, k) => {
      const all = new Float32Array(width * gradients.length);
      all.set(gradient, width * k);
      return all;
    });
    return { losses, gradients: flat };
  }

  applyGradient(gradient: Float32Array, { rate = 1 }: Pick<StepOptions, 'rate'> = {}): void {
    const width = this.network.input.numeric;
    gradient.forEach((value, place) => {
      const [k, i] = [Math.floor(place / width), place % width];
      this.momenta[k]![i] = 0.9 * this.momenta[k]![i]! + value;
      this.values[k]![i]! -= rate * this.learningRate * this.momenta[k]![i];
    });
    this.steps++;
  }

  /** The names are those of `weights`: the tasks'. */
  mask(names: ReadonlySet<string>): Float32Array {
    const { tasks, input } = this.network;
    return Float32Array.from({ length: tasks.length * input.numeric }, (_, place) =>
      names.has(tasks[Math.floor(place / input.numeric)]!.name) ? 1 : 0,
    );
  }

  weights(): NamedArrays {
    return this.named(this.values, '');
  }

  setWeights(weights: NamedArrays): void {
    this.values = this.network.tasks.map((task) => weights.get(task.name)!.data.slice());
  }

  optimizerState(): OptimizerState {
    return { step: this.steps, moments: this.named(this.momenta, '.momentum') };
  }

  setOptimizerState({ step, moments }: OptimizerState): void {
    this.steps = step;
    this.momenta = this.network.tasks.map((task) => moments.get(`${task.name}.momentum`)!.data.slice());
  }

  dispose(): void {}

  private lossWeights(): number[] {
    return this.network.tasks.map(({ lossWeight }) => lossWeight);
  }

  /** Each task's mean loss, and its gradient (of half a squared error) by the task's own weights. */
  private differentiate(
    rows: LoadedRows,
    indices: Uint32Array,
  ): { losses: Float64Array; gradients: Float32Array[] } {
    const source = sourceOf(rows);
    const width = this.network.input.numeric;
    const losses = new Float64Array(this.network.tasks.length).fill(NaN);
    const gradients = this.network.tasks.map((task, k) => {
      const gradient = new Float32Array(width);
      let total = 0;
      let loss = 0;
      for (const row of indices) {
        const label = source.labels[row * this.network.tasks.length + k]!;
        if (Number.isNaN(label)) continue;
        const p = this.predict(source, row, k);
        total++;
        loss += task.kind === 'regression' ? (p - label) ** 2 : -Math.log(label === 1 ? p : 1 - p);
        for (let i = 0; i < width; i++) gradient[i]! += (p - label) * source.numeric[row * width + i]!;
      }
      if (total > 0) losses[k] = loss / total;
      return gradient.map((value) => value / Math.max(1, total));
    });
    return { losses, gradients };
  }

  private named(arrays: Float32Array[], suffix: string): NamedArrays {
    return new Map(
      this.network.tasks.map((task, k) => [
        task.name + suffix,
        { shape: [arrays[k]!.length], data: arrays[k]!.slice() },
      ]),
    );
  }

  private predict(source: EncodedRows, row: number, task: number): number {
    const width = this.network.input.numeric;
    let sum = 0;
    for (let i = 0; i < width; i++) sum += this.values[task]![i]! * source.numeric[row * width + i]!;
    return this.network.tasks[task]!.kind === 'regression' ? sum : 1 / (1 + Math.exp(-sum));
  }
}

/** A softmax over the experts that moves with the row's first column. */
function made(x: number, stream: number, expert: number, experts: number): number {
  let sum = 0;
  for (let e = 0; e < experts; e++) sum += Math.exp(x * e * (stream + 1));
  return Math.exp(x * expert * (stream + 1)) / sum;
}

function sourceOf(rows: LoadedRows): EncodedRows {
  if ('source' in rows && isEncoded(rows.source)) return rows.source;
  throw new TypeError('rows of another engine');
}

const isEncoded = (value: unknown): value is EncodedRows =>
  typeof value === 'object' && value !== null && 'numeric' in value;
