import type { NamedArrays } from '../../network/parameters.js';
import type { EncodedRows } from '../../network/rows.js';
import {
  DivergedError,
  type Engine,
  type EngineInfo,
  type EngineOptions,
  type Evaluation,
  type LoadedRows,
  type OptimizerState,
} from '../engine.js';
import { packInto, unpack } from './arrays.js';
import { differentiate, type Differentiation } from './differentiate.js';
import { evaluate } from './evaluate.js';
import { Model } from './model.js';
import { createOptimizer, type Optimizer } from './optimizer.js';
import type { OpenTarget } from './target.js';

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
 * The reference engine: the network in tfjs' operations, gradients by its autodiff. Weights, moments and losses are plain
 * arrays outside of tfjs, so that the optimiser's state is exact and a step makes few tensors.
 */
export class TensorflowEngine implements Engine {
  readonly info: EngineInfo;
  private readonly model: Model;
  private readonly optimizer: Optimizer;
  private stepsDone = 0;

  /** `expandedValues`: see EXPANDED_VALUES. */
  constructor(
    { description, weights, optimizer }: EngineOptions,
    private readonly target: OpenTarget,
    expandedValues?: number,
  ) {
    this.info = { name: 'tensorflow', target: target.name, threads: target.threads, why: target.why };
    this.model = new Model(target.tf, description, expandedValues);
    this.optimizer = createOptimizer(optimizer, this.model.arrays);
    this.setWeights(weights);
  }

  load(rows: EncodedRows): LoadedRows {
    return new Rows(rows);
  }

  step(rows: LoadedRows, indices: Uint32Array): Float64Array {
    const { losses, gradients } = this.differentiate(rows, indices);
    this.optimizer.update(this.model.arrays, gradients, this.stepsDone + 1);
    this.stepsDone++;
    return losses;
  }

  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays } {
    const { losses, gradients } = this.differentiate(rows, indices);
    return { losses, gradients: this.named(gradients) };
  }

  evaluate(rows: LoadedRows, indices: Uint32Array, want: { routes?: boolean; experts?: boolean } = {}): Evaluation {
    this.target.use();
    return evaluate(this.model, dataOf(rows), indices, want);
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
    return this.named(this.model.arrays);
  }

  setWeights(weights: NamedArrays): void {
    this.pack(this.model.arrays, weights);
  }

  optimizerState(): OptimizerState {
    const moments = [...this.optimizer.moments].flatMap(([suffix, arrays]) => [...this.named(arrays, suffix)]);
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

  /** Throws DivergedError before anything has changed. */
  private differentiate(rows: LoadedRows, indices: Uint32Array): Differentiation {
    this.target.use();
    const found = differentiate(this.model, dataOf(rows), indices);
    const { tasks } = this.model.network;
    const diverged = found.diverged;
    if (diverged !== null) throw new DivergedError(tasks[diverged]!.name, this.stepsDone + 1);
    return found;
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
