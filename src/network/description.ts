/**
 * A network as plain data: serialisable, engine-independent, the one thing that engines, exporters and diagrams read.
 *
 * Every variant is a stack of mixture levels with towers on top (Ma et al., KDD 2018, section 4, generalised):
 *
 *     stream_out[k] = Σ_i route[k][i](x) · expert_i(stream_in[source_i])
 *
 * Stream 0 of the first level is the encoded input row.
 */
export type Activation = 'relu' | 'linear';

/** The columns that enter, in order: all numeric ones first, then the categorical fields. */
export interface InputDescription {
  /** How many dense numeric columns a row has. */
  readonly numeric: number;
  readonly fields: readonly FieldDescription[];
}

/** A categorical column whose rows are indices 0 … size − 1 (0: missing or unseen). */
export interface FieldDescription {
  readonly name: string;
  readonly size: number;
  /** `onehot`: size columns wide, never expanded in memory. `embedding`: a learned table [size, width]. */
  readonly encode: 'onehot' | { readonly embedding: number };
}

/** An MLP: layers [w1, …, wl], the activation after every layer. Reads one stream of the level below. */
export interface ExpertDescription {
  /** Index of the stream below that it reads; 0 on the first level. */
  readonly source: number;
  readonly layers: readonly number[];
  readonly activation: Activation;
}

/** softmax(W_g x [+ b]) over the experts it may see (paper, equation 7). One gate may serve several streams (OMoE). */
export interface GateDescription {
  /** Index of the stream below that it reads; 0 on the first level. */
  readonly source: number;
  /** Which experts it weighs, ascending. The others get 0. */
  readonly experts: readonly number[];
  readonly bias: boolean;
  /** The logits are divided by it before the softmax; 1 in the paper. */
  readonly temperature: number;
}

/** One row of weights over all experts of the level. */
export type RouteDescription =
  | { readonly kind: 'fixed'; readonly weights: readonly number[] }
  /** Learned, input-free; `initial` has one weight per expert; experts with `null` stay out. */
  | { readonly kind: 'constants'; readonly initial: readonly (number | null)[] }
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

export type TaskKind = 'binary' | 'multiclass' | 'regression';

/** A tower (ReLU layers, then one linear layer of `outputs` units) and its loss. */
export interface TaskDescription {
  readonly name: string;
  readonly kind: TaskKind;
  /** 1 for binary (a logit) and regression, the number of classes for multiclass (logits). */
  readonly outputs: number;
  /** Index of the top level's stream that the tower reads. */
  readonly stream: number;
  readonly tower: { readonly layers: readonly number[]; readonly activation: Activation };
  /** Factor of this task's mean loss in the sum that is minimised. */
  readonly lossWeight: number;
}

export interface NetworkDescription {
  readonly variant: string;
  readonly input: InputDescription;
  readonly levels: readonly LevelDescription[];
  readonly tasks: readonly TaskDescription[];
}
