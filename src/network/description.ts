import type { TaskKind } from '../shared/task-kinds.js';

/**
 * A network as plain data: serialisable, independent of engines, and the one thing that engines, exporters
 * and diagrams read.
 *
 * Every variant is a stack of mixture levels with towers on top (Ma et al., KDD 2018, section 4,
 * generalised):
 *
 *     stream_out[k] = Σ_i route[k][i](x) · expert_i(stream_in[source_i])
 *
 * Stream 0 of the first level is the encoded input row.
 */

/**
 * The function after a layer: ReLU; none; SiLU x·σ(x) (Elfwing et al. 2018); GELU in its tanh form (Hendrycks
 * & Gimpel 2016, section 2).
 */
export type Activation = 'relu' | 'linear' | 'silu' | 'gelu';

/** The columns that enter the network, in order: all numeric ones first, then the categorical fields. */
export interface InputDescription {
  /** The number of dense numeric columns of a row. */
  readonly numeric: number;
  readonly fields: readonly FieldDescription[];
  /**
   * `fm`: the factorisation machine's pooled products of all embeddings, ½((Σ_f e_f)² − Σ_f e_f²) (Rendle
   * 2010, lemma 3.1), follow the last field in the encoded row. All embeddings then have one width, and there
   * are at least two.
   */
  readonly interactions?: 'fm';
  /** What is learned of numeric columns; it follows all else in the encoded row. Default: nothing. */
  readonly periodic?: readonly PeriodicDescription[];
}

/**
 * A learned embedding of a numeric column x, relu(A sin(2π c x) + B cos(2π c x) + b), with `frequencies` learned
 * c, drawn from N(0, sigma²) (PLR of Gorishniy, Rubachev & Babenko 2022, section 3.3).
 */
export interface PeriodicDescription {
  readonly name: string;
  /** The number of the numeric column. */
  readonly column: number;
  readonly frequencies: number;
  readonly sigma: number;
  /** The number of columns of the encoded row that it gives. */
  readonly width: number;
}

/** A categorical column whose rows are indices 0 … size − 1 (0: missing or unseen). */
export interface FieldDescription {
  readonly name: string;
  readonly size: number;
  /**
   * `onehot`: size columns wide, never expanded in memory. `piecewise`: the same, but a row lies between two
   * neighbouring columns, which are 1 − share and share of the way (a linear B-spline; Gorishniy et al. 2022 in
   * another basis); its entry is a place (src/network/fields/piecewise.ts). `embedding`: a learned table [size, width].
   */
  readonly encode: 'onehot' | 'piecewise' | { readonly embedding: number };
  /**
   * The name of another field whose table this one's values choose rows of, too; both have embeddings of one size
   * and width, and the other has a table of its own. Default: its own table.
   */
  readonly table?: string;
  /**
   * Whether a row has any number of values: what it gives is Σ_i share_i · (what value i gives), one-hot or
   * embedded, and its entry is the place of a list (src/network/fields/lists.ts). Default: it has one value.
   */
  readonly several?: boolean;
}

/** The steps of a layer beside its product and activation: dropout(activation(normalization(W x + b))). */
export interface LayerExtras {
  /**
   * `layer` normalises over a row's units (Ba et al. 2016); `batch` over the batch's rows, and by running
   * statistics when the network is evaluated (Ioffe & Szegedy 2015). Both have a learned scale and shift, and
   * ε = 1e-5; running ← 0.9 running + 0.1 batch, the variance biased. Default: none.
   */
  readonly normalization?: 'layer' | 'batch';
  /**
   * The share of units that are set to 0 in a training step; the others are divided by 1 − share (Srivastava
   * et al. 2014). Default: 0.
   */
  readonly dropout?: number;
}

/** An MLP of layers [w1, …, wl] with the activation after each. It reads one stream of the level below. */
export interface ExpertDescription extends LayerExtras {
  /** The index of the stream below that the expert reads; 0 on the first level. */
  readonly source: number;
  readonly layers: readonly number[];
  readonly activation: Activation;
  /** Whether its layers have a bias. Default: true. */
  readonly bias?: boolean;
  /**
   * The factor of the starting weights of its last layer; of the scale that they start with, if the layer is
   * normalised. Default: 1.
   */
  readonly startScale?: number;
  /**
   * A name for people, if the number says too little: the task that owns it, `shared 2`, `factor 1`. Default:
   * its number.
   */
  readonly name?: string;
  /**
   * The index of an earlier expert of the level that is alike in all but its source, and whose weights this
   * one uses too. Default: it has weights of its own.
   */
  readonly sharesWith?: number;
}

/**
 * A gate computes weights over the experts that it may see from a stream: softmax(W_g x [+ b]) (paper,
 * equation 7), unless `choice` says otherwise. One gate may serve several streams (OMoE).
 */
export interface GateDescription {
  /** The index of the stream below that the gate reads; 0 on the first level. */
  readonly source: number;
  /** The experts that it weighs, ascending. The others get 0. */
  readonly experts: readonly number[];
  /** Whether its last layer has a bias; hidden layers always have one. */
  readonly bias: boolean;
  /** The number that divides the logits before the softmax; 1 in the paper. */
  readonly temperature: number;
  /** The hidden ReLU layers below the logits. Default: none. */
  readonly layers?: readonly number[];
  /**
   * The chance that an expert is left out for a row in a training step; the others' weights are then those of
   * a softmax over them alone (Zhao et al. 2019, section 4.2). If all would be left out, none is. Default: 0.
   */
  readonly dropout?: number;
  /** How the gate chooses among its experts. Default: it takes every expert, by softmax. */
  readonly choice?: GateChoice;
  /**
   * The factor of the importance loss that is added to the minimised loss: CV(Σ_rows p_e)² over the experts
   * that the gate may see, with the batch's rows, CV² = variance (biased) / mean² (Shazeer et al. 2017,
   * equations 6 and 7). Default: 0.
   */
  readonly balance?: number;
}

/**
 * The ways in which a gate chooses among its experts, beside a softmax over all of them. Code that depends on
 * the way switches over `choice?.kind`, so that the compiler leads from a new one to all of it.
 */
export type GateChoice = TopChoice | SelectorChoice;

/**
 * The softmax over a row's `count` largest logits; ties go to the lower expert (Shazeer et al. 2017,
 * equations 3 to 5).
 */
export interface TopChoice {
  readonly kind: 'top';
  readonly count: number;
  /**
   * Whether N(0, 1) · softplus(W_noise x) is added to the logits in a training step, before dropout,
   * temperature and choice.
   */
  readonly noisy: boolean;
  /**
   * The factor of the load loss that is added to the minimised loss: CV(Σ_rows P_e)² over the experts that
   * the gate may see, with CV as for `balance`. P_e is the chance that a new draw of e's noise alone would
   * have e among the row's `count` largest: Φ((z_e − H) / softplus(W_noise x)_e), with its logit z_e without
   * noise, and H the `count`-th largest of the other experts' logits with noise (Shazeer et al. 2017,
   * appendix A, equations 8 to 11). Only gates with noise that see more experts than `count` have it; dropout
   * does not matter. Default: 0.
   */
  readonly load?: number;
}

/**
 * DSelect-k (Hazimeh et al. 2021, section 3): Σ_s softmax(W_s x)_s · r(z_s), with `count` selectors s, and z
 * = W_z x, which has ceil(log2 experts) bits for each of them. r gives an expert the product of S(z_b) over
 * the bits b that are set in its code and of 1 − S(z_b) over the clear ones, with the smooth step S(t) = 0
 * below −γ/2, 1 above γ/2, and −2 t³/γ³ + 3 t/(2 γ) + ½ between. Codes beyond the number of experts count as
 * their remainder by it. The temperature divides the selectors' logits W_s x. `dropout` and `bias` are as for
 * other gates; dropout divides by what is left.
 */
export interface SelectorChoice {
  readonly kind: 'selectors';
  readonly count: number;
  /** The width γ > 0 of the smooth step. */
  readonly width: number;
  /** The factor of the mean over rows of Σ_s Σ_b H(S(z_sb)), in nats, that is added to the minimised loss. */
  readonly entropy: number;
}

/** A row of weights over all experts of the level. */
export type RouteDescription =
  | { readonly kind: 'fixed'; readonly weights: readonly number[] }
  /** Learned weights that do not depend on the input, one per expert; experts with `null` are left out. */
  | {
      readonly kind: 'constants';
      readonly initial: readonly (number | null)[];
      /** The factor of the learning rate for these weights. Default: 1. */
      readonly learningRate?: number;
    }
  /** Weights, one per expert, that no gradient changes, but the trainer may (PathNet). */
  | { readonly kind: 'path'; readonly initial: readonly number[] }
  | { readonly kind: 'gate'; readonly gate: number };

export interface StreamDescription {
  /** The task's name, or `shared`: readable, and unique within the level. */
  readonly name: string;
  /** The task whose tower (or next level) the stream feeds; null for a shared stream. */
  readonly task: number | null;
  readonly route: RouteDescription;
}

/** A level of experts, which all end in the same width. */
export interface LevelDescription {
  readonly experts: readonly ExpertDescription[];
  readonly gates: readonly GateDescription[];
  readonly streams: readonly StreamDescription[];
}

/** A tower (ReLU layers, then one linear layer of `outputs` units) and its loss. */
export interface TaskDescription {
  readonly name: string;
  readonly kind: TaskKind;
  /** 1 for binary (a logit) and regression, the number of classes for multiclass (logits). */
  readonly outputs: number;
  /** The index of the top level's stream that the tower reads. */
  readonly stream: number;
  readonly tower: { readonly layers: readonly number[]; readonly activation: Activation } & LayerExtras;
  /** The factor of this task's mean loss in the sum that is minimised. */
  readonly lossWeight: number;
}

export interface NetworkDescription {
  readonly variant: string;
  readonly input: InputDescription;
  readonly levels: readonly LevelDescription[];
  readonly tasks: readonly TaskDescription[];
  /**
   * The levels l at which a layer in Tucker form begins: U1 at l, S and U3 at l + 1, U2 at l + 2
   * (tensor-factorization). They start from the decomposition of weights that are drawn for each task.
   */
  readonly tucker?: readonly number[];
  /**
   * The penalty strength · Σ_groups Σ_{j<k} ‖θ_j − θ_k‖², which is added to the minimised loss; a group names
   * parameters of one shape (Duong et al. 2015).
   */
  readonly distance?: { readonly strength: number; readonly groups: readonly (readonly string[])[] };
}
