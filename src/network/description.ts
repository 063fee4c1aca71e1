import type { TaskKind } from '../shared/task-kinds.js';

/**
 * A network as plain data: serialisable, engine-independent, the one thing that engines, exporters and
 * diagrams read.
 *
 * Every variant is a stack of mixture levels with towers on top (Ma et al., KDD 2018, section 4,
 * generalised):
 *
 *     stream_out[k] = Σ_i route[k][i](x) · expert_i(stream_in[source_i])
 *
 * Stream 0 of the first level is the encoded input row.
 */
/**
 * ReLU; none; SiLU x·σ(x) (Elfwing et al. 2018); GELU in its tanh form (Hendrycks & Gimpel 2016, section 2).
 */
export type Activation = 'relu' | 'linear' | 'silu' | 'gelu';

/** The columns that enter, in order: all numeric ones first, then the categorical fields. */
export interface InputDescription {
  /** How many dense numeric columns a row has. */
  readonly numeric: number;
  readonly fields: readonly FieldDescription[];
  /**
   * `fm`: the factorisation machine's pooled products of all embeddings, ½((Σ_f e_f)² − Σ_f e_f²) (Rendle
   * 2010, lemma 3.1), follow the last field in the encoded row. All embeddings then have one width, and there
   * are at least two.
   */
  readonly interactions?: 'fm';
}

/** A categorical column whose rows are indices 0 … size − 1 (0: missing or unseen). */
export interface FieldDescription {
  readonly name: string;
  readonly size: number;
  /** `onehot`: size columns wide, never expanded in memory. `embedding`: a learned table [size, width]. */
  readonly encode: 'onehot' | { readonly embedding: number };
}

/** What a layer does beside its product and activation: dropout(activation(normalization(W x + b))). */
export interface LayerExtras {
  /**
   * `layer`: over a row's units (Ba et al. 2016). `batch`: over the batch's rows, by running statistics where
   * the network is evaluated (Ioffe & Szegedy 2015). Both with a learned scale and shift, ε = 1e-5; running ←
   * 0.9 running + 0.1 batch, the variance biased. Default: none.
   */
  readonly normalization?: 'layer' | 'batch';
  /**
   * Share of units that are set to 0 in a training step, the others divided by 1 − share (Srivastava et al.
   * 2014). Default: 0.
   */
  readonly dropout?: number;
}

/** An MLP: layers [w1, …, wl], the activation after every layer. Reads one stream of the level below. */
export interface ExpertDescription extends LayerExtras {
  /** Index of the stream below that it reads; 0 on the first level. */
  readonly source: number;
  readonly layers: readonly number[];
  readonly activation: Activation;
  /** Default: true. */
  readonly bias?: boolean;
  /** Factor of its last layer's starting weights (of their scale, where they are normalised). Default: 1. */
  readonly startScale?: number;
  /**
   * For people, where its number says too little: the task that owns it, `shared 2`, `factor 1`. Default: its
   * number.
   */
  readonly name?: string;
  /**
   * Index of an earlier expert of the level, alike in all but its source, whose weights it uses too. Default:
   * weights of its own.
   */
  readonly sharesWith?: number;
}

/**
 * Weights over the experts it may see, from a stream: softmax(W_g x [+ b]) (paper, equation 7) unless
 * `choice` says otherwise. One gate may serve several streams (OMoE).
 */
export interface GateDescription {
  /** Index of the stream below that it reads; 0 on the first level. */
  readonly source: number;
  /** Which experts it weighs, ascending. The others get 0. */
  readonly experts: readonly number[];
  /** Of the last layer; hidden layers have one always. */
  readonly bias: boolean;
  /** The logits are divided by it before the softmax; 1 in the paper. */
  readonly temperature: number;
  /** Hidden ReLU layers below the logits. Default: none. */
  readonly layers?: readonly number[];
  /**
   * Chance that an expert is left out for a row in a training step, the others' weights then being those of a
   * softmax over them alone (Zhao et al. 2019, section 4.2). Where all would be left out, none is. Default:
   * 0.
   */
  readonly dropout?: number;
  /** Default: every expert, by softmax. */
  readonly choice?: TopChoice | SelectorChoice;
  /**
   * Factor of the importance loss that is added to the minimised loss: CV(Σ_rows p_e)² over the experts it
   * may see, with the batch's rows, CV² = variance (biased) / mean² (Shazeer et al. 2017, equations 6 and 7).
   * Default: 0.
   */
  readonly balance?: number;
}

/**
 * The softmax over a row's `count` largest logits; ties go to the lower expert (Shazeer et al. 2017,
 * equations 3 to 5).
 */
export interface TopChoice {
  readonly kind: 'top';
  readonly count: number;
  /**
   * In a training step, N(0, 1) · softplus(W_noise x) is added to the logits, before dropout, temperature and
   * choice.
   */
  readonly noisy: boolean;
  /**
   * Factor of the load loss that is added to the minimised loss: CV(Σ_rows P_e)² over the experts it may see,
   * CV as for `balance`, where P_e is the chance that a new draw of e's noise alone would have e among the
   * row's `count` largest: Φ((z_e − H) / softplus(W_noise x)_e) with its logit z_e without noise, and H the
   * `count`-th largest of the other experts' logits with noise (Shazeer et al. 2017, appendix A, equations 8
   * to 11). Of gates with noise that see more experts than `count`; dropout does not count. Default: 0.
   */
  readonly load?: number;
}

/**
 * DSelect-k (Hazimeh et al. 2021, section 3): Σ_s softmax(W_s x)_s · r(z_s), with z = W_z x, `selectors` ×
 * ceil(log2 experts) of them. r gives the expert whose code has bit b set Π_b S(z_b) and Π_b (1 − S(z_b)) for
 * its clear bits, with the smooth step S(t) = 0 below −γ/2, 1 above γ/2, −2 t³/γ³ + 3 t/(2 γ) + ½ between. A
 * code from the number of experts on counts as its remainder by it. The temperature divides the selectors'
 * logits W_s x; `dropout` and `bias` as for other gates, dropout dividing by what is left.
 */
export interface SelectorChoice {
  readonly kind: 'selectors';
  readonly count: number;
  /** γ > 0. */
  readonly width: number;
  /** Factor of the mean over rows of Σ_s Σ_b H(S(z_sb)), in nats, that is added to the minimised loss. */
  readonly entropy: number;
}

/** One row of weights over all experts of the level. */
export type RouteDescription =
  | { readonly kind: 'fixed'; readonly weights: readonly number[] }
  /** Learned, input-free; `initial` has one weight per expert; experts with `null` stay out. */
  | {
      readonly kind: 'constants';
      readonly initial: readonly (number | null)[];
      /** Factor of the learning rate for these weights. Default: 1. */
      readonly learningRate?: number;
    }
  /** Weights that no gradient changes, but the trainer may (PathNet); `initial` has one per expert. */
  | { readonly kind: 'path'; readonly initial: readonly number[] }
  | { readonly kind: 'gate'; readonly gate: number };

export interface StreamDescription {
  /** Readable and unique within the level: the task's name, or `shared`. */
  readonly name: string;
  /** The task whose tower (or next level) it feeds; null for a shared stream. */
  readonly task: number | null;
  readonly route: RouteDescription;
}

/** All experts of a level end in the same width. */
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
  /** Index of the top level's stream that the tower reads. */
  readonly stream: number;
  readonly tower: { readonly layers: readonly number[]; readonly activation: Activation } & LayerExtras;
  /** Factor of this task's mean loss in the sum that is minimised. */
  readonly lossWeight: number;
}

export interface NetworkDescription {
  readonly variant: string;
  readonly input: InputDescription;
  readonly levels: readonly LevelDescription[];
  readonly tasks: readonly TaskDescription[];
  /**
   * Levels l at which a layer in Tucker form begins: U1 at l, S and U3 at l + 1, U2 at l + 2
   * (tensor-factorization). They start from the decomposition of weights that are drawn for each task.
   */
  readonly tucker?: readonly number[];
  /**
   * Adds strength · Σ_groups Σ_{j<k} ‖θ_j − θ_k‖² to the minimised loss; a group names parameters of one
   * shape (Duong et al. 2015).
   */
  readonly distance?: { readonly strength: number; readonly groups: readonly (readonly string[])[] };
}
