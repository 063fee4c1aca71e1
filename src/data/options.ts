/** Where data is looked for, and what may be read. */
export interface DataOptions {
  /** The experiment file's folder: paths are relative to it. */
  readonly folder: string;
  /** DuckDB may read only below it. */
  readonly workspace: string;
  /** The experiment's file and text: with them, errors about the experiment name line and column. */
  readonly file?: { readonly path: string; readonly text: string };
  readonly onProgress?: (text: string) => void;
}
