import { formatCount, formatMetric, formatPercent } from '../../shared/numbers.js';
import { escapeMarkdown } from '../editor/markdown.js';
import type { ColumnReport, DescribeReport } from '../../shared/messages/reports.js';

/** The texts of completions and hovers about a column. */

/** Describes a column in one line: `numeric · BIGINT · 0 … 90 · 12 missing`. */
export const columnDetail = (column: ColumnReport): string =>
  [column.several === undefined ? column.kind : 'set', ...columnFacts(column)].join(' · ');

/** Lists the type of a column, its extent and its gaps, whatever the column is used for. */
export function columnFacts(column: ColumnReport): string[] {
  const facts = [column.type];
  if (column.kind === 'numeric' && column.min !== null && column.max !== null)
    facts.push(`${column.min} … ${column.max}`);
  else if (column.several === undefined) facts.push(`${formatCount(column.distinct)} values`);
  // Of texts with several values it is known how many differ; lists are not counted.
  else if (column.several.separator !== null) facts.push(`${formatCount(column.distinct)} combinations`);
  if (column.missing > 0) facts.push(`${formatCount(column.missing)} missing`);
  return facts;
}

/** Describes a column in Markdown: its detail, why it has its kind, and its most frequent values. */
export function columnMarkdown(column: ColumnReport, table: DescribeReport): string {
  const lines = [
    `**${escapeMarkdown(column.name)}** — ${escapeMarkdown(columnDetail(column))}`,
    '',
    escapeMarkdown(column.why),
  ];
  if (column.top.length > 0 && column.kind !== 'numeric') {
    lines.push('', '| value | rows | |', '|:--|--:|--:|');
    for (const { value, count: rows } of column.top.slice(0, 8)) {
      const share = formatPercent(rows / Math.max(1, table.rows));
      lines.push(`| ${escapeMarkdown(value)} | ${formatCount(rows)} | ${share} |`);
    }
  } else if (column.mean !== null) lines.push('', `mean ${formatMetric(column.mean)}`);
  return lines.join('\n');
}
