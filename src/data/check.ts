import { placed } from '../experiment/experiment-error.js';
import type { Experiment } from '../experiment/schema.js';
import { InputError } from '../shared/errors.js';
import type { CheckReport, Problem } from '../shared/reports.js';
import { Database } from './duckdb/database.js';
import { realFolders } from './read/source-files.js';
import type { DataOptions } from './options.js';
import { planData } from './decide/data-plan.js';
import { prepareFromPlan } from './prepare.js';
import type { PreparedData } from './prepared.js';

export interface DataCheck {
  /** What each column is for; empty where the data cannot be read. */
  readonly columns: CheckReport['columns'];
  readonly problems: readonly Problem[];
  /** The encoded data; null where there are errors. */
  readonly data: PreparedData | null;
}

/**
 * Reads, splits and encodes an experiment's data as a training would, and reports what is wrong instead of
 * throwing.
 */
export async function checkData(experiment: Experiment, options: DataOptions): Promise<DataCheck> {
  let columns: CheckReport['columns'] = [];
  try {
    const folders = await realFolders(options.folder, options.workspace);
    const db = await Database.open(folders.workspace);
    try {
      const plan = await planData(db, experiment, folders, options.onProgress ?? (() => undefined));
      columns = plan.columns.map(({ name, type, use, why }) => {
        const kind = use === 'numeric' || use === 'categorical' ? use : 'ignored';
        return { name, type, kind, use: `${use}: ${why}` };
      });
      const data = await prepareFromPlan(db, plan, experiment, options);
      return { columns, problems: data.warnings.map((message) => warning(message, options)), data };
    } finally {
      db.close();
    }
  } catch (error) {
    const known = placed(error, options.file);
    if (!(known instanceof InputError)) throw known;
    return { columns, problems: [problemOf(known, options)], data: null };
  }
}

function problemOf(error: InputError, options: DataOptions): Problem {
  const { file, line, column, endLine, endColumn, row, columnName } = error.place;
  const where = [
    row !== undefined ? `row ${row}` : '',
    columnName !== undefined ? `column "${columnName}"` : '',
  ].filter((part) => part !== '');
  return {
    severity: 'error',
    code: error.code,
    message: where.length > 0 ? `${where.join(', ')}: ${error.message}` : error.message,
    file: file ?? options.file?.path ?? null,
    line: line ?? null,
    column: column ?? null,
    endLine: endLine ?? null,
    endColumn: endColumn ?? null,
  };
}

const warning = (message: string, options: DataOptions): Problem => ({
  severity: 'warning',
  code: 'data.warning',
  message,
  file: options.file?.path ?? null,
  line: null,
  column: null,
  endLine: null,
  endColumn: null,
});
