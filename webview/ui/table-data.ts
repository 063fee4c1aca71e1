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
