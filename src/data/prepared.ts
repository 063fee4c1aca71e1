import type { InputDescription } from '../network/description.js';
import type { TaskKind } from '../shared/task-kinds.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import type { Encoder } from './encode/encoder.js';

/** What a network needs to know of the data, and the encoded rows themselves. */
export interface PreparedData {
  /** For people: `census-income.csv`, `synthetic, p = 0.5`. */
  readonly source: string;
  readonly input: InputDescription;
  readonly tasks: readonly PreparedTask[];
  readonly train: EncodedRows;
  /** Null: none was asked for. */
  readonly validation: EncodedRows | null;
  readonly test: EncodedRows | null;
  readonly encoder: Encoder;
  /** Hash of the encoded rows and the encoder: equal data, equal fingerprint. */
  readonly fingerprint: string;
  /** For people: "column \"id\" is left out: every row has another value". */
  readonly warnings: readonly string[];
}

export interface PreparedTask {
  readonly name: string;
  readonly kind: TaskKind;
  /** 1, or the number of classes. */
  readonly outputs: number;
  readonly lossWeight: number;
  /** Class names in index order (multiclass; two for binary: negative, positive). */
  readonly classes: readonly string[] | null;
  /** Share of positive training rows (binary). */
  readonly positive: number | null;
  /** Of the training labels, in the label's units (regression). */
  readonly mean: number | null;
  readonly sd: number | null;
  /** A regression label is learned as (value − offset) / factor; 0 and 1 where `scale` is none. */
  readonly offset: number;
  readonly factor: number;
}
