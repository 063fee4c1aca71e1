import { resolve } from 'node:path';
import { describeSource } from '../../data/describe.js';
import { workspaceOf } from '../../experiment/load.js';
import { formatCount, formatMetric } from '../numbers.js';
import { formatTable } from '../table.js';
import { stdout } from '../terminal.js';

export async function describeCommand(source: string, options: { json?: boolean }): Promise<void> {
  const report = await describeSource(source, { folder: process.cwd(), workspace: workspaceOf(resolve(source)) });
  if (options.json === true) {
    stdout.line(JSON.stringify(report, null, 2));
    return;
  }
  const files = report.files === 1 ? '' : ` in ${formatCount(report.files)} files`;
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
  for (const line of formatTable(['column', 'type', 'use', 'label', 'distinct', 'missing', 'min', 'max', 'mean'], rows, 4))
    stdout.line(line);
}
