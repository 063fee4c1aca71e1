import { dash, formatMetric } from '../numbers.js';

/** The numbers behind a chart, as they go into the table, onto the clipboard and into the CSV file. */
export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/**
 * Writes a table as CSV (RFC 4180): full precision, and an empty field where there is no number. A text that a
 * spreadsheet would take for a formula gets an apostrophe before it.
 */
export function toCsv({ columns, rows }: TableData): string {
  const field = (value: string | number | null): string => {
    const plain = value === null ? '' : String(value);
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(field).join(',') + '\n').join('');
}

/** Writes a table as GitHub's Markdown, its numbers as people read them. */
export function toMarkdown({ columns, rows }: TableData): string {
  const field = (value: string): string =>
    value
      .replace(/([\\|`*_<>[\]])/g, '\\$1')
      .replaceAll(/\s+/g, ' ')
      .trim();
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const body = rows.map((row) => line(row.map((value) => field(cellText(value)))));
  const rule = columns.map((_, i) => (isNumeric(rows, i) ? '---:' : '---'));
  return [line(columns.map(field)), line(rule), ...body].join('');
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '−': '$-$',
  '→': '$\\to$',
  '²': '\\textsuperscript{2}',
  '–': '--',
};

/** Writes a table as a LaTeX tabular with the rules of booktabs. */
export function toLatex({ columns, rows }: TableData): string {
  const field = (value: string): string =>
    value.replace(/[\\~^±−→²–#$%&_{}]/g, (one) => special[one] ?? `\\${one}`).replaceAll(/\s+/g, ' ');
  const line = (cells: readonly string[]): string => `  ${cells.map(field).join(' & ')} \\\\\n`;
  const layout = columns.map((_, i) => (isNumeric(rows, i) ? 'r' : 'l')).join('');
  return [
    `\\begin{tabular}{${layout}}\n  \\toprule\n`,
    line(columns),
    '  \\midrule\n',
    ...rows.map((row) => line(row.map(cellText))),
    '  \\bottomrule\n\\end{tabular}\n',
  ].join('');
}

/** Returns a cell as people read it. */
export function cellText(value: string | number | null): string {
  if (value === null) return dash;
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en') : formatMetric(value);
}

/** Whether a column has numbers and nothing else, where it has something. */
const isNumeric = (rows: TableData['rows'], column: number): boolean =>
  rows.some((row) => typeof row[column] === 'number') && rows.every((row) => typeof row[column] !== 'string');
