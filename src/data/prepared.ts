import type { InputDescription } from '../network/description.js';
import type { TaskKind } from '../shared/task-kinds.js';
import type { EncodedRows } from '../network/encoded-rows.js';
import { heldRows, type PartOfRows } from '../network/streamed-rows.js';
import type { Verification } from './stream/verification.js';
import type { PlannedColumn } from './decide/plan-columns.js';
import type { Encoder } from './encode/encoder.js';
import type { LabelCounts, Leak, OutsideOfPart, VocabularyFacts } from '../shared/run/run-manifest.js';

/** The encoded rows, with everything that a network needs to know about the data. */
export interface PreparedData {
  /** The source's name for people: `census-income.csv`, `synthetic, p = 0.5`. */
  readonly source: string;
  readonly input: InputDescription;
  readonly tasks: readonly PreparedTask[];
  readonly train: PartOfRows;
  /** The validation rows; null: none were asked for. */
  readonly validation: PartOfRows | null;
  readonly test: PartOfRows | null;
  readonly encoder: Encoder;
  /** A hash of the encoded rows and the encoder: equal data has an equal fingerprint. */
  readonly fingerprint: string;
  /** The values of validation and test rows outside the range of the training rows' ones. */
  readonly outside: readonly OutsideOfPart[];
  /** What became of the values of columns with `maxValues` or `hash`. */
  readonly vocabularies: readonly VocabularyFacts[];
  /** The file that the rows are in; null: they are in memory. */
  readonly stream: RowsInFile | null;
  /** Warnings for people: "column \"id\" is left out: every row has another value". */
  readonly warnings: readonly string[];
}

/** Prepared data whose rows are in memory. */
export interface HeldData extends PreparedData {
  readonly train: EncodedRows;
  readonly validation: EncodedRows | null;
  readonly test: EncodedRows | null;
}

/** Returns data whose rows are in memory; throws for others. */
export function inMemory(data: PreparedData): HeldData {
  const { train, validation, test } = data;
  return {
    ...data,
    train: heldRows(train),
    validation: validation && heldRows(validation),
    test: test && heldRows(test),
  };
}

/** Encoded rows in a file, and what was found out about them when they were encoded. */
export interface RowsInFile {
  /** The path of the file; null: it has none any more, and is gone when it is closed. */
  readonly path: string | null;
  /** An open file. */
  readonly file: number;
  readonly bytes: number;
  /** So many training rows are shuffled among each other. */
  readonly window: number;
  readonly known: KnownOfRows;
  /**
   * Begins to verify the file and the files that it comes from, once; null: it has just been written, or another
   * program verifies it.
   */
  verification(): Verification | null;
  close(): void;
}

/** What was decided of a column of the source. */
export interface DecidedColumn {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
  readonly use: PlannedColumn['use'];
  readonly why: string;
}

/** What takes a look at all rows. */
export interface KnownOfRows {
  readonly labels: readonly LabelCounts[];
  readonly leaks: readonly Leak[];
  /** Of ids that training rows and others share. */
  readonly sharedIds: readonly string[];
  readonly columns: readonly DecidedColumn[];
}

export interface PreparedTask {
  readonly name: string;
  readonly kind: TaskKind;
  /** The number of outputs: 1, or the number of classes. */
  readonly outputs: number;
  readonly lossWeight: number;
  /** The class names in index order (two for binary: negative, positive); null for regression. */
  readonly classes: readonly string[] | null;
  /** The share of positive training rows (binary); null for others. */
  readonly positive: number | null;
  /**
   * Mean and standard deviation of the training labels, in the label's units (regression); null for others.
   */
  readonly mean: number | null;
  readonly sd: number | null;
  /** A regression label is learned as (value − offset) / factor; 0 and 1 where `scale` is none. */
  readonly offset: number;
  readonly factor: number;
  /** What a prediction of a regression is limited to, in the label's units. Default: nothing. */
  readonly limits?: { readonly low: number; readonly high: number } | undefined;
}
