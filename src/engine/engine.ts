import type { NetworkDescription } from '../network/description.js';
import type { NamedArrays } from '../network/parameters.js';
import type { EncodedRows } from '../network/rows.js';

/**
 * What computes. An engine is built from a network description, starting weights and optimiser settings; it holds the
 * weights and the optimiser's state. All calls are synchronous and deterministic for one target and thread count.
 */
export interface Engine {
  readonly info: EngineInfo;
  /** Makes rows readable for this engine (may copy them); release them with `release`. */
  load(rows: EncodedRows): LoadedRows;
  /**
   * One step of the optimiser on the rows at `indices`.
   * The minimised loss is Σ_k lossWeight_k · L_k, with L_k = Σ_r w_r ℓ_k(r) / Σ_r w_r over the batch's rows that have label k.
   * Returns [tasks]: L_k before the step (unweighted by lossWeight; NaN where no row has the label).
   * Throws DivergedError when a loss is not finite; the weights are then those before the step or useless, never reported.
   */
  step(rows: LoadedRows, indices: Uint32Array): Float64Array;
  /** Forward pass over the rows at `indices`. What `want` does not name is null. */
  evaluate(rows: LoadedRows, indices: Uint32Array, want?: { routes?: boolean; experts?: boolean }): Evaluation;
  /** Gradient of the minimised loss on the rows at `indices` by parameter name, and the losses; changes nothing. For tests and insight. */
  gradients(rows: LoadedRows, indices: Uint32Array): { losses: Float64Array; gradients: NamedArrays };
  /** Copies of the weights, by parameter name. */
  weights(): NamedArrays;
  setWeights(weights: NamedArrays): void;
  /** Copies of all that a bit-identical resume needs besides the weights. */
  optimizerState(): OptimizerState;
  setOptimizerState(state: OptimizerState): void;
  dispose(): void;
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
  /** Moments by `<parameter>.m`, `<parameter>.v` (Adam) or `<parameter>.momentum` (SGD); empty before the first step is fine. */
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
}

export interface EngineOptions {
  readonly description: NetworkDescription;
  readonly weights: NamedArrays;
  readonly optimizer: OptimizerSettings;
  /** Upper bound; an engine may use fewer. */
  readonly threads: number;
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
  /** Per task [rows, outputs]: probabilities (binary, multiclass) or values as the network predicts them (regression). */
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
