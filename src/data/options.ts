import type { Encoder } from './encode/encoder.js';

/** The options that say where data is looked for and what may be read. */
export interface DataOptions {
  /** The experiment file's folder, which paths are relative to. */
  readonly folder: string;
  /** The folder that DuckDB may read; nothing outside of it. */
  readonly workspace: string;
  /** The experiment's file and text; with these, errors about the experiment name line and column. */
  readonly file?: { readonly path: string; readonly text: string };
  /** The encoder of a run that is gone on with: the columns and tasks that it has are encoded as there. */
  readonly earlier?: Encoder;
  readonly onProgress?: (text: string) => void;
  /** Nobody waits for the answer: rows that would be written to the disk are refused with `data.stream-unasked`. */
  readonly isUnasked?: boolean;
  /** Hears what a person should know before much is written to the disk. */
  readonly onNote?: (text: string) => void;
}
