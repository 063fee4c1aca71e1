import { columnOf, type Cell, type Condition, type Table } from '../table.js';
import { trimmed } from './texts.js';

/** Whether a condition is true in a row; null where that is not known, as in SQL. */
export function holds(table: Table, condition: Condition, row: number): boolean | null {
  const column = columnOf(table, condition.column);
  const cell = column.type.kind === 'text' ? trimmed(column.cells[row]!) : column.cells[row]!;
  switch (condition.test) {
    case 'is null':
      return cell === null;
    case 'is not null':
      return cell !== null;
    case 'is true':
      return cell === null ? null : cell === true;
    case '>':
      return cell === null ? null : comparable(cell) > comparable(condition.than);
    case '=':
      return cell === null ? null : cell === condition.than;
  }
}

function comparable(cell: Cell): bigint | number {
  if (typeof cell === 'bigint' || typeof cell === 'number') return cell;
  throw new Error(`${String(cell)} is no number`);
}
