import type { NetworkDescription } from '../network/description.js';
import type { NamedArrays } from '../network/parameters.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import type { TableUpdates } from '../network/fields/tables.js';

/**
 * An engine computes a network. It is built from a network description, starting weights and optimiser
 * settings; it holds the weights and the optimiser's state. All calls are synchronous and deterministic for
 * one target and thread count.
 */
export interface Engine {
  readonly info: EngineInfo;
  /** Makes rows readable for this engine (may copy them); release them with `release`. */
  load(rows: EncodedRows): LoadedRows;
  /**
   * One step of the optimiser on the rows at `indices`, with dropout and noise, and the running statistics
   * moved. The minimised loss is Σ_k lossWeight_k · L_k, with L_k = Σ_r w_r ℓ_k(r) / Σ_r w_r over the batch's
   * rows that have label k, plus what the description adds (distance, balance, entropy). Returns [tasks]: L_k
   * before the step (unweighted by lossWeight; NaN where no row has the label). Throws DivergedError when a
   * loss is not finite; the weights are then those before the step or useless, never reported.
   */
  step(rows: LoadedRows, indices: Uint32Array, options?: StepOptions): Float64Array;
  /**
   * Forward pass over the rows at `indices`. What `want` does not name is null. `spent`: an evaluation of
   * this engine that nobody looks at any more, whose arrays may be filled anew.
   */
  evaluate(
    rows: LoadedRows,
    indices: Uint32Array,
    want?: { routes?: boolean; experts?: boolean },
    spent?: Evaluation,
  ): Evaluation;
  /**
   * Gradient of the minimised loss on the rows at `indices` by parameter name, and the losses, with the
   * dropout and noise of the step to come; changes nothing. What has no gradient (running statistics, paths)
   * gets zeros.
   */
  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays };
  /**
   * The gradient of each task's mean loss alone, without the description's additions, as flat arrays in an
   * order of the engine's own (see `mask`); zeros where no row of the batch has the label. It is the forward
   * pass of a step to come: running statistics move. For methods that weigh or project gradients;
   * `applyGradient` then does the step.
   */
  taskGradients(
    rows: LoadedRows,
    indices: Uint32Array,
  ): { losses: Float64Array; gradients: readonly Float32Array[] };
  /**
   * The rest of a step, with this flat gradient (copied) instead of Σ_k lossWeight_k · (gradient of L_k):
   * adds the gradient of the description's `distance`, clips, and moves the weights. Balance and entropy
   * losses are left out.
   */
  applyGradient(gradient: Float32Array, options?: Pick<StepOptions, 'rate'>): void;
  /** Flat, in the order of `taskGradients`: 1 for the values of these parameters, 0 elsewhere. */
  mask(names: ReadonlySet<string>): Float32Array;
  /** Copies of the weights, by parameter name. */
  weights(): NamedArrays;
  setWeights(weights: NamedArrays): void;
  /** Copies of all that a bit-identical resume needs besides the weights. */
  optimizerState(): OptimizerState;
  setOptimizerState(state: OptimizerState): void;
  dispose(): void;
}

export interface StepOptions {
  /** Factor of the optimiser's learning rate in this step (schedules). Default: 1. */
  readonly rate?: number;
  /** [tasks], instead of the description's loss weights. */
  readonly lossWeights?: ArrayLike<number>;
}

export interface EngineInfo {
  /** `tensorflow` or `fused`. */
  readonly name: string;
  /** For people: `tfjs-node, TensorFlow 2.18.1`, `tfjs wasm simd`, `native avx512`. */
  readonly target: string;
  readonly threads: number;
  /** Why this target and not a faster one; empty when there is nothing to say. */
  readonly why: string;
}

export interface OptimizerState {
  /** Steps done. */
  readonly step: number;
  /**
   * Moments by `<parameter>.m`, `<parameter>.v` (Adam), `<parameter>.momentum` (SGD) or `<parameter>.sum` [rows]
   * (row-wise Adagrad); empty before the first step is fine.
   */
  readonly moments: NamedArrays;
}

export interface OptimizerSettings {
  readonly optimizer: 'adam' | 'sgd';
  readonly learningRate: number;
  /** Adam (Kingma & Ba 2015, algorithm 1). */
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** SGD. */
  readonly momentum: number;
  /**
   * Decoupled weight decay λ (Loshchilov & Hutter 2019, algorithms 1 and 2): before the update, θ ← θ − rate
   * · learning rate · λ · θ for parameters that decay. Default: 0.
   */
  readonly weightDecay?: number;
  /**
   * The limit of the whole gradient's L2 norm: a longer gradient is scaled down to it (Pascanu et al. 2013).
   * Default: no limit.
   */
  readonly clipNorm?: number;
  /** Default: dense. With others, `taskGradients` and `applyGradient` are not to be had. */
  readonly tables?: TableUpdates;
}

export interface EngineOptions {
  readonly description: NetworkDescription;
  readonly weights: NamedArrays;
  readonly optimizer: OptimizerSettings;
  /** The seed of dropout and noise (src/network/draws/draws.ts). Default: 0. */
  readonly seed?: number;
  /** An upper bound of the threads; an engine may use fewer. */
  readonly threads: number;
  /**
   * An engine of the same network that will work on the same rows: what both load is held once, where this one
   * would copy it.
   */
  readonly beside?: Engine;
}

declare const loaded: unique symbol;
/** Rows as an engine holds them; opaque. */
export interface LoadedRows {
  readonly rows: number;
  readonly [loaded]?: never;
  release(): void;
}

export interface Evaluation {
  readonly rows: number;
  /**
   * Per task [rows, outputs]: probabilities (binary, multiclass) or values as the network predicts them
   * (regression).
   */
  readonly predictions: readonly Float32Array[];
  /** Per level [rows, streams, experts]. */
  readonly routes: readonly Float32Array[] | null;
  /** Per level [rows, experts, width]: the experts' outputs. */
  readonly experts: readonly Float32Array[] | null;
}

/** The loss or a gradient became NaN or infinite. */
export class DivergedError extends Error {
  constructor(
    readonly task: string,
    readonly step: number,
  ) {
    super(`the loss of task "${task}" is no longer a finite number at step ${step}`);
    this.name = 'DivergedError';
  }
}
