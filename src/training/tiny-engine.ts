import { DivergedError, type Engine, type Evaluation, type LoadedRows, type OptimizerState } from '../engine/engine.js';
import type { NetworkDescription } from '../network/description.js';
import type { NamedArrays } from '../network/parameters.js';
import type { EncodedRows } from '../network/rows.js';

/**
 * For tests of the loop alone: per task one linear unit on the numeric columns (binary or regression), by gradient descent with
 * momentum in 32-bit floats; routes and expert outputs are made up from the row. Deterministic, small, in one file.
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

  step(rows: LoadedRows, indices: Uint32Array): Float64Array {
    this.batches.push([...indices]);
    const { losses, gradients } = this.gradients(rows, indices);
    losses.forEach((loss, k) => {
      if (Math.abs(loss) === Infinity) throw new DivergedError(this.network.tasks[k]!.name, this.steps);
    });
    this.network.tasks.forEach((task, k) => {
      gradients.get(task.name)!.data.forEach((gradient, i) => {
        this.momenta[k]![i] = 0.9 * this.momenta[k]![i]! + gradient;
        this.values[k]![i]! -= this.learningRate * this.momenta[k]![i];
      });
    });
    this.steps++;
    return losses;
  }

  evaluate(rows: LoadedRows, indices: Uint32Array, want: { routes?: boolean; experts?: boolean } = {}): Evaluation {
    const { numeric } = sourceOf(rows);
    const width = this.network.input.numeric;
    return {
      rows: indices.length,
      predictions: this.network.tasks.map((_, k) => Float32Array.from(indices, (row) => this.predict(sourceOf(rows), row, k))),
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
                  Array.from({ length: expert.layers.at(-1)! }, (_, u) => Math.max(0, numeric[row * width + ((e + u) % width)]!)),
                ),
              ),
            ),
          )
        : null,
    };
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    const source = sourceOf(rows);
    const width = this.network.input.numeric;
    const losses = new Float64Array(this.network.tasks.length).fill(NaN);
    const gradients: NamedArrays = new Map();
    this.network.tasks.forEach((task, k) => {
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
      gradients.set(task.name, { shape: [width], data: gradient.map((value) => value / Math.max(1, total)) });
    });
    return { losses, gradients };
  }

  taskGradients(): { losses: Float64Array; gradients: readonly Float32Array[] } {
    throw new Error('not built yet');
  }

  applyGradient(): void {
    throw new Error('not built yet');
  }

  mask(): Float32Array {
    throw new Error('not built yet');
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

  private named(arrays: Float32Array[], suffix: string): NamedArrays {
    return new Map(this.network.tasks.map((task, k) => [task.name + suffix, { shape: [arrays[k]!.length], data: arrays[k]!.slice() }]));
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

const isEncoded = (value: unknown): value is EncodedRows => typeof value === 'object' && value !== null && 'numeric' in value;
