import { dayText } from '../written/cell-text.js';
import type { Cell, Column } from '../table.js';

/** A text without the blanks around it; null where nothing is left. */
export function trimmed(cell: Cell): string | null {
  if (cell === null) return null;
  const text = String(cell)
    .replace(/^[ \t\r\n]+/, '')
    .replace(/[ \t\r\n]+$/, '');
  return text === '' ? null : text;
}

/** The text of a value as a category; real numbers are whole then. */
export function categoryOf(cell: Cell, { type }: Pick<Column, 'type'>): string | null {
  if (cell === null) return null;
  switch (type.kind) {
    case 'truth':
    case 'whole':
      return String(cell);
    case 'real':
      return String(BigInt(Number(cell)));
    case 'date':
      return dayText(cell as bigint);
    case 'text':
      return trimmed(cell);
    case 'decimal':
    case 'moment':
      throw new Error(`${type.kind} is never a category here`);
  }
}

/** A value as a number: 0 and 1 for truth values, seconds since 1970 for dates and moments. */
export function numberOf(cell: Cell, { type }: Pick<Column, 'type'>): number {
  if (cell === null) return NaN;
  switch (type.kind) {
    case 'truth':
    case 'whole':
    case 'real':
      return Number(cell);
    case 'decimal':
      return Number(`${String(cell)}e-${type.scale}`);
    case 'date':
      return Number(cell) * 86_400;
    case 'moment':
      return Number(cell) / 1e6;
    case 'text':
      throw new Error('a text is never a number here');
  }
}
