import type { Column, RowRange } from '../table.js';
import { textOf, type TextStyle } from './cell-text.js';

export interface CsvStyle extends TextStyle {
  readonly delimiter: ',' | ';' | '\t' | '|';
  /** Which fields are enclosed in quotation marks; those that need them always are. */
  readonly quoting: 'needed' | 'texts' | 'all' | 'every third';
  readonly newline: '\n' | '\r\n';
  readonly lastNewline: boolean;
  readonly byteOrderMark: boolean;
}

/** Writes rows with a line of names, as RFC 4180 says; lines may also end without a carriage return. */
export function csvText(columns: readonly Column[], { first, rows }: RowRange, style: CsvStyle): string {
  let fields = 0;
  const field = (text: string | null, isText: boolean): string => {
    fields++;
    if (text === null) return '';
    const isEnclosed =
      /["\r\n]/.test(text) ||
      text.includes(style.delimiter) ||
      style.quoting === 'all' ||
      (style.quoting === 'texts' && isText) ||
      (style.quoting === 'every third' && fields % 3 === 0);
    return isEnclosed ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.map(({ name }) => field(name, true)).join(style.delimiter)];
  for (let row = first; row < first + rows; row++) {
    const line = columns.map(({ type, cells }) => {
      const cell = cells[row] ?? null;
      return field(cell === null ? null : textOf(cell, type, style), type.kind === 'text');
    });
    lines.push(line.join(style.delimiter));
  }
  const text = lines.join(style.newline) + (style.lastNewline ? style.newline : '');
  return style.byteOrderMark ? `\ufeff${text}` : text;
}
