import type { NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/encoded-rows.js';
import {
  DivergedError,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type Evaluation,
  type LoadedRows,
  type OptimizerState,
  type StepOptions,
} from '../engine.js';
import { flatten, packInto, unflatten, unpack, zeroArrays } from './arrays.js';
import { differentiate, withoutUnlearned, type Differentiation, type Minimised } from './training/differentiate.js';
import { addDistance } from './training/distance.js';
import { evaluate } from './evaluate.js';
import { Model } from './model.js';
import { moveStatistics } from './graph/normalization.js';
import { createOptimizer, type Optimizer } from './training/optimizer.js';
import { TrainingPass } from './graph/training-pass.js';
import type { OpenTarget } from './backend/target.js';

/** Rows are read where they are. */
class Rows implements LoadedRows {
  constructor(readonly data: EncodedRows) {}

  get rows(): number {
    return this.data.rows;
  }

  release(): void {
    // Nothing is held.
  }
}

/**
 * The reference engine: the network in tfjs' operations, gradients by its autodiff. Weights, moments and
 * losses are plain arrays outside of tfjs, so that the optimiser's state is exact and a step makes few
 * tensors.
 */
export class TensorflowEngine implements Engine {
  readonly info: EngineInfo;
  private readonly model: Model;
  private readonly optimizer: Optimizer;
  private readonly seed: number;
  /** [tasks]: the description's. */
  private readonly lossWeights: readonly number[];
  private stepsDone = 0;

  /** `expandedValues`: see EXPANDED_VALUES. */
  constructor(
    { description, weights, optimizer, seed = 0 }: EngineOptions,
    private readonly target: OpenTarget,
    expandedValues?: number,
  ) {
    this.info = { name: 'tensorflow', target: target.name, threads: target.threads, why: target.why };
    this.model = new Model(target.tf, description, expandedValues);
    this.optimizer = createOptimizer(optimizer, this.model.arrays, this.model.treatments);
    this.seed = seed;
    this.lossWeights = description.tasks.map(({ lossWeight }) => lossWeight);
    this.setWeights(weights);
  }

  load(rows: EncodedRows): LoadedRows {
    return new Rows(rows);
  }

  step(
    rows: LoadedRows,
    indices: Uint32Array,
    { rate, lossWeights = this.lossWeights }: StepOptions = {},
  ): Float64Array {
    const { losses, gradients, statistics } = this.differentiate(rows, indices, {
      lossWeights,
      additions: true,
    });
    moveStatistics(this.model.arrays, statistics);
    this.update(gradients, rate);
    return losses;
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    const { losses, gradients } = this.differentiate(rows, indices, {
      lossWeights: this.lossWeights,
      additions: true,
    });
    return { losses, gradients: this.named(gradients) };
  }

  /** A forward and a backward pass for each task: tfjs' tape can be followed back only once. */
  taskGradients(
    rows: LoadedRows,
    indices: Uint32Array,
  ): { losses: Float64Array; gradients: readonly Float32Array[] } {
    const byTask = this.lossWeights.map((_, task, { length }) => {
      const lossWeights = Array.from({ length }, (__, k) => (k === task ? 1 : 0));
      return this.differentiate(rows, indices, { lossWeights, additions: false });
    });
    const { losses, statistics } = byTask[0]!;
    moveStatistics(this.model.arrays, statistics);
    return { losses, gradients: byTask.map(({ gradients }) => flatten(gradients)) };
  }

  applyGradient(gradient: Float32Array, { rate }: Pick<StepOptions, 'rate'> = {}): void {
    const { model } = this;
    const gradients = unflatten(gradient, model.layout.arrays);
    addDistance(model.network, model.layout, model.arrays, gradients);
    withoutUnlearned(model, gradients);
    this.update(gradients, rate);
  }

  mask(names: ReadonlySet<string>): Float32Array {
    const ones = this.weights();
    for (const [name, { data }] of ones) data.fill(names.has(name) ? 1 : 0);
    const mask = zeroArrays(this.model.layout.arrays);
    this.pack(mask, ones);
    return flatten(mask);
  }

  evaluate(
    rows: LoadedRows,
    indices: Uint32Array,
    want: { routes?: boolean; experts?: boolean } = {},
  ): Evaluation {
    this.target.use();
    return evaluate(this.model, dataOf(rows), indices, want);
  }

  weights(): NamedArrays {
    return this.named(this.model.arrays);
  }

  setWeights(weights: NamedArrays): void {
    this.pack(this.model.arrays, weights);
  }

  optimizerState(): OptimizerState {
    const moments = [...this.optimizer.moments].flatMap(([suffix, arrays]) => [
      ...this.named(arrays, suffix),
    ]);
    return { step: this.stepsDone, moments: new Map(moments) };
  }

  setOptimizerState({ step, moments }: OptimizerState): void {
    for (const [suffix, arrays] of this.optimizer.moments) {
      if (moments.size > 0) this.pack(arrays, moments, suffix);
      else for (const array of arrays) array.fill(0);
    }
    this.stepsDone = step;
  }

  dispose(): void {
    this.model.graph.dispose();
  }

  /** With the draws of the step to come. Throws DivergedError before anything has changed. */
  private differentiate(rows: LoadedRows, indices: Uint32Array, minimised: Minimised): Differentiation {
    this.target.use();
    const pass = new TrainingPass(this.seed, this.stepsDone);
    const found = differentiate(this.model, dataOf(rows), indices, pass, minimised);
    const { tasks } = this.model.network;
    const diverged = found.diverged;
    if (diverged !== null) throw new DivergedError(tasks[diverged]!.name, this.stepsDone + 1);
    return found;
  }

  private update(gradients: readonly Float32Array[], rate?: number): void {
    this.optimizer.update(this.model.arrays, gradients, ++this.stepsDone, rate);
  }

  private named(arrays: readonly Float32Array[], suffix?: string): NamedArrays {
    return unpack(arrays, this.model.layout.arrays, this.model.layout.blocks, suffix);
  }

  private pack(arrays: readonly Float32Array[], named: NamedArrays, suffix?: string): void {
    packInto(arrays, this.model.layout.arrays, this.model.layout.blocks, named, suffix);
  }
}

function dataOf(rows: LoadedRows): EncodedRows {
  if (!(rows instanceof Rows)) throw new Error('these rows were loaded by another engine');
  return rows.data;
}
