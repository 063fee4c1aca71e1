import type { EncodedRows } from '../../network/encoded-rows.js';
import type { NamedArrays } from '../../network/parameters.js';
import { chosenCategories, tablesOf } from '../../network/fields/tables.js';
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
import type { OpenTarget } from './backend/target.js';
import { evaluate } from './evaluate.js';
import { moveStatistics } from './graph/normalization.js';
import { TrainingPass } from './graph/training-pass.js';
import { TensorflowModel } from './model.js';
import { copyArrays, copyInto } from './named-arrays.js';
import {
  clearUnlearned,
  differentiate,
  type Differentiation,
  type Minimised,
} from './training/differentiate.js';
import { addDistance } from './training/distance.js';
import { createOptimizer, type Optimizer } from './training/optimizer.js';
import { SummationOrder } from './training/summation-order.js';

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
 * The network translated into tfjs' operations, with gradients by its autodiff: a second implementation,
 * which the fused engine is compared with. Weights, moments and losses are plain arrays outside of tfjs, so
 * that the optimiser's state is exact and a step makes few tensors.
 */
export class TensorflowEngine implements Engine {
  readonly info: EngineInfo;
  private readonly model: TensorflowModel;
  private readonly order: SummationOrder;
  private readonly optimizer: Optimizer;
  private readonly seed: number;
  /** [tasks]: the description's. */
  private readonly lossWeights: readonly number[];
  /** Whether rows of tables move where a batch has them, and rest elsewhere. */
  private readonly movesRows: boolean;
  private stepsDone = 0;

  /** `expandedValues`: see EXPANDED_VALUES. */
  constructor(
    { description, weights, optimizer, seed = 0 }: EngineOptions,
    private readonly target: OpenTarget,
    expandedValues?: number,
  ) {
    this.info = { name: 'tensorflow', target: target.name, threads: target.threads, why: target.why };
    this.model = new TensorflowModel(target.tf, description, expandedValues);
    this.order = new SummationOrder(description, this.model.first.parts);
    this.movesRows = (optimizer.tables ?? 'dense') !== 'dense';
    this.optimizer = createOptimizer(
      optimizer,
      this.model.specs,
      (gradients) => this.order.norm(gradients),
      this.movesRows ? tablesOf(description) : [],
    );
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
    moveStatistics(this.model.weights, statistics);
    this.update(gradients, rate, this.movesRows ? this.categories(rows, indices) : []);
    return losses;
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    const { losses, gradients } = this.differentiate(rows, indices, {
      lossWeights: this.lossWeights,
      additions: true,
    });
    return { losses, gradients };
  }

  /** A forward and a backward pass for each task: tfjs' tape can be followed back only once. */
  taskGradients(
    rows: LoadedRows,
    indices: Uint32Array,
  ): { losses: Float64Array; gradients: readonly Float32Array[] } {
    this.refuseTables();
    const byTask = this.lossWeights.map((_, task, { length }) => {
      const lossWeights = Array.from({ length }, (__, k) => (k === task ? 1 : 0));
      return this.differentiate(rows, indices, { lossWeights, additions: false });
    });
    const { losses, statistics } = byTask[0]!;
    moveStatistics(this.model.weights, statistics);
    return { losses, gradients: byTask.map(({ gradients }) => this.order.flatten(gradients)) };
  }

  applyGradient(gradient: Float32Array, { rate }: Pick<StepOptions, 'rate'> = {}): void {
    const { model } = this;
    const gradients = this.order.unflatten(gradient);
    addDistance(model.network, model.weights, gradients);
    clearUnlearned(model, gradients);
    this.update(gradients, rate);
  }

  mask(names: ReadonlySet<string>): Float32Array {
    this.refuseTables();
    const ones = this.weights();
    for (const [name, { data }] of ones) data.fill(names.has(name) ? 1 : 0);
    return this.order.flatten(ones);
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
    return copyArrays(this.model.weights);
  }

  setWeights(weights: NamedArrays): void {
    copyInto(this.model.weights, weights);
  }

  optimizerState(): OptimizerState {
    const moments = [...this.optimizer.moments].flatMap(([suffix, arrays]) => [
      ...copyArrays(arrays, suffix),
    ]);
    return { step: this.stepsDone, moments: new Map(moments) };
  }

  setOptimizerState({ step, moments }: OptimizerState): void {
    for (const [suffix, arrays] of this.optimizer.moments) {
      if (moments.size > 0) copyInto(arrays, moments, suffix);
      else for (const { data } of arrays.values()) data.fill(0);
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

  private update(gradients: NamedArrays, rate?: number, chosen?: readonly ReadonlySet<number>[]): void {
    this.optimizer.update(this.model.weights, gradients, ++this.stepsDone, rate, chosen);
  }

  private categories(rows: LoadedRows, indices: Uint32Array): readonly ReadonlySet<number>[] {
    return chosenCategories(this.model.network, dataOf(rows), indices);
  }

  /** As the interface says. */
  private refuseTables(): void {
    if (this.movesRows) throw new Error('gradients of tables that move row by row cannot be had alone');
  }
}

function dataOf(rows: LoadedRows): EncodedRows {
  if (!(rows instanceof Rows)) throw new Error('these rows were loaded by another engine');
  return rows.data;
}
