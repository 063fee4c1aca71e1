import { dirname, resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { describeSource, hasInfinite } from '../../../data/decide/describe.js';
import { readExperiment, workspaceOf } from '../../../experiment/load.js';
import { InputError } from '../../../shared/errors.js';
import type { DescribeReport } from '../../../shared/messages/reports.js';
import { missedDelimiter, missedDelimiterText } from '../../../shared/missed-delimiter.js';
import { tableOf } from '../../tables/experiment-table.js';
import { formatCount, formatMetric } from '../../../shared/numbers.js';
import { formatTable } from '../../terminal/table.js';
import { printJson, stdout } from '../../terminal/terminal.js';

export interface DescribeOptions {
  readonly json?: boolean;
  /** SOURCE is an experiment file: its table is meant. */
  readonly experiment?: boolean;
  readonly stdin?: boolean;
}

export async function describeCommand(source: string, options: DescribeOptions): Promise<void> {
  const report =
    options.experiment === true
      ? await describeExperiment(resolve(source), options.stdin === true)
      : await describeTable(source);
  if (options.json === true) printJson(report);
  else print(report);
}

const describeTable = (source: string): Promise<DescribeReport> =>
  describeSource(source, { folder: process.cwd(), workspace: workspaceOf(resolve(source)) });

async function describeExperiment(path: string, stdin: boolean): Promise<DescribeReport> {
  const { source, read, defaults } = tableOf(
    stdin ? await readAll(process.stdin) : await readExperiment(path),
    path,
  );
  const where = {
    folder: dirname(path),
    workspace: workspaceOf(path),
    read: read ?? {},
    newer: defaults === 2,
  };
  return describeSource(source, where).catch((error: unknown) => {
    if (!(error instanceof InputError) || error.place.file !== undefined) throw error;
    throw new InputError(error.code, error.message, { ...error.place, file: path }, error.cause);
  });
}

function print(report: DescribeReport): void {
  const files = report.files > 1 ? ` in ${formatCount(report.files)} files` : '';
  stdout.line(`${report.source}: ${formatCount(report.rows)} rows${files}, ${report.columns.length} columns`);
  const rows = report.columns.map((column) => [
    column.name,
    column.type,
    column.kind,
    column.looksLikeLabel && column.labelKind !== null ? `${column.labelKind}?` : '',
    formatCount(column.distinct),
    formatCount(column.missing),
    column.min ?? '',
    column.max ?? '',
    column.mean === null ? '' : formatMetric(column.mean),
  ]);
  for (const line of formatTable(
    ['column', 'type', 'use', 'label', 'distinct', 'missing', 'min', 'max', 'mean'],
    rows,
    4,
  ))
    stdout.line(line);
  const delimiter = missedDelimiter(report.columns.map(({ name }) => name));
  if (delimiter !== null) stdout.line(`warning: ${missedDelimiterText(delimiter)}`);
  for (const note of report.notes ?? []) stdout.line(`warning: ${note}`);
  for (const column of report.columns.filter(hasInfinite))
    stdout.line(`warning: column "${column.name}": ${column.why}`);
}
