import type { Experiment } from '../experiment/schema.js';
import { InputError } from '../shared/errors.js';
import type { CheckReport, Problem } from '../shared/messages/reports.js';
import type { DataOptions } from './options.js';
import { leakWarnings, sharedIdWarnings } from './leaks.js';
import { prepareData } from './prepare.js';
import { unaskedCode } from './prepare-streamed.js';
import type { DecidedColumn, PreparedData } from './prepared.js';

export interface DataCheck {
  /** The use of each column; empty where the data cannot be read. */
  readonly columns: CheckReport['columns'];
  readonly problems: readonly Problem[];
  /** The encoded data; null where there are errors, or where it would have been written to the disk unasked. */
  readonly data: PreparedData | null;
}

/**
 * Reads, splits and encodes an experiment's data as a training would, and reports what is wrong instead of
 * throwing.
 */
export async function checkData(experiment: Experiment, options: DataOptions): Promise<DataCheck> {
  let columns: CheckReport['columns'] = [];
  try {
    const data = await prepareData(experiment, options, (decided) => (columns = decided.map(reportOf)));
    const all = [...data.warnings, ...leakWarnings(data), ...(await sharedIdWarnings(data))];
    return { columns, problems: all.map((message) => warning(message, options)), data };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const severity = error.code === unaskedCode ? 'warning' : 'error';
    return { columns, problems: [{ ...problemOf(error, options), severity }], data: null };
  }
}

function reportOf({ name, type, use, why }: DecidedColumn): CheckReport['columns'][number] {
  const kind = use === 'numeric' || use === 'categorical' ? use : 'ignored';
  return { name, type, kind, use: `${use}: ${why}` };
}

function problemOf(error: InputError, options: DataOptions): Problem {
  const { file, line, column, endLine, endColumn, row, columnName } = error.place;
  const where = [
    ...(row !== undefined ? [`row ${row}`] : []),
    ...(columnName !== undefined ? [`column "${columnName}"`] : []),
  ];
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
