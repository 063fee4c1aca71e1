import { dirname, join, resolve } from 'node:path';
import { workspaceOf } from '../../experiment/load.js';
import type { Experiment, Source } from '../../experiment/schema.js';
import { InputError } from '../../shared/errors.js';

/** A table to predict, and where it is looked for. */
export interface TableToPredict {
  readonly source: Source;
  /** Paths are relative to this folder. */
  readonly folder: string;
  /** Only files below this folder are read. */
  readonly workspace: string;
  readonly read: Experiment['data']['read'];
  /** Whether it is the run's own source, which is read as it was for training. */
  readonly own: boolean;
}

/** The table as a command names it: files, globs and folders, or a query. */
export interface NamedTable {
  readonly sources: readonly string[];
  readonly sql: string | undefined;
}

/**
 * Returns the table to predict: the one that is named, relative to the current folder, or else the
 * experiment's own, relative to its file. Throws InputError where two are named.
 */
export function tableToPredict(
  { sources, sql }: NamedTable,
  { data }: Experiment,
  experimentFile: () => string,
): TableToPredict {
  const here = process.cwd();
  const { read } = data;
  const [first, ...others] = sources;
  if (sql !== undefined) {
    if (first !== undefined)
      throw new InputError('predict.source', 'give a table or --sql, not both; a query names its own files');
    return { source: { sql }, folder: here, workspace: workspaceOf(join(here, 'query')), read, own: false };
  }
  if (first === undefined) {
    const file = experimentFile();
    return { source: data.source, folder: dirname(file), workspace: workspaceOf(file), read, own: true };
  }
  const source = others.length === 0 ? first : [...sources];
  return { source, folder: here, workspace: workspaceOf(resolve(first)), read, own: false };
}

/** Adds to an error about a column that is not there how a run that was trained on a query is predicted. */
export function withQueryAdvice(error: unknown, { data }: Experiment, { source }: TableToPredict): unknown {
  const isQuery = (one: Source): boolean => typeof one === 'object' && 'sql' in one;
  if (!(error instanceof InputError) || error.code !== 'data.no-column') return error;
  if (!isQuery(data.source) || isQuery(source)) return error;
  const advice = 'the run was trained on a query: give one for new rows with --sql "select …"';
  return new InputError(error.code, `${error.message}; ${advice}`, error.place);
}
