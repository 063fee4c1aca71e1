import type { Cell, Column, ColumnType, RowRange } from '../table.js';
import { textOf, type TextStyle } from './cell-text.js';

export interface JsonStyle extends TextStyle {
  /** What a missing value is: null, or no key. */
  readonly missing: 'null' | 'absent' | 'either';
}

/** Writes rows as JSON lines; columns that are `empty` in all files have their key all the same. */
export function jsonText(
  columns: readonly Column[],
  { first, rows }: RowRange,
  style: JsonStyle,
  empty: ReadonlySet<Column>,
): string {
  let cells = 0;
  const lines: string[] = [];
  for (let row = first; row < first + rows; row++) {
    const pairs = columns.flatMap((column) => {
      const cell = column.cells[row] ?? null;
      cells++;
      const isAbsent = style.missing === 'absent' || (style.missing === 'either' && cells % 3 === 0);
      if (cell === null && isAbsent && !empty.has(column)) return [];
      return [`${JSON.stringify(column.name)}:${jsonOf(cell, column.type, style)}`];
    });
    lines.push(`{${pairs.join(',')}}\n`);
  }
  return lines.join('');
}

function jsonOf(cell: Cell, type: ColumnType, style: JsonStyle): string {
  if (cell === null) return 'null';
  switch (type.kind) {
    case 'truth':
    case 'whole':
    case 'real':
    case 'decimal':
      return textOf(cell, type, { ...style, truth: 'true' });
    case 'date':
    case 'moment':
    case 'text':
      return JSON.stringify(textOf(cell, type, style));
  }
}
