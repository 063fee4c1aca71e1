import type { Column, Declared, Table } from '../table.js';
import { categoryOf, numberOf } from './texts.js';

/** What becomes of a column that nothing else is made of. */
export type Use = Declared;

/** Tells it as the experiment says, or as it is inferred from the rows of the source that count. */
export function useOf(column: Column, table: Rows, declared: Declared | undefined): Use {
  return declared ?? inferred(counted(column, table));
}

type Rows = Pick<Table, 'columns' | 'rows' | 'weight'>;

/** Returns a column's cells in the rows of the source whose weight is not 0. */
function counted(column: Column, { columns, rows, weight }: Rows): Column {
  const weights = columns.find(({ name }) => name === weight)?.cells;
  return {
    ...column,
    cells: column.cells.slice(0, rows).filter((_, row) => Number(weights?.[row] ?? 1) !== 0),
  };
}

const numeric: Use = { kind: 'numeric', scale: 'standard' };
const categorical: Use = { kind: 'categorical' };

function inferred(column: Column): Use {
  const { type, cells } = column;
  if (type.kind === 'text') return inferredText(column);
  const known = cells.filter((cell) => cell !== null);
  const different = new Set(known.map(String)).size;
  if (known.length === 0) return 'ignore';
  if (different === 1 && known.length === cells.length) return 'ignore';
  switch (type.kind) {
    case 'truth':
      return categorical;
    case 'real': {
      const areWhole = known.every((cell) => Number.isInteger(cell));
      return areWhole && isCode(column.name) ? categorical : numeric;
    }
    case 'decimal':
    case 'date':
    case 'moment':
      return numeric;
    case 'whole': {
      const values = known.map((cell) => BigInt(cell));
      const [low, high] = values.reduce(
        ([least, most], value) => [value < least ? value : least, value > most ? value : most],
        [values[0]!, values[0]!],
      );
      const isOwn = cells.length > 20 && different === known.length;
      const areOneToADouble = new Set(values.map(Number)).size === different;
      if (isOwn && (isCode(column.name) || high - low + 1n === BigInt(known.length) || !areOneToADouble))
        return 'ignore';
      return isCode(column.name) || !areOneToADouble ? categorical : numeric;
    }
  }
}

function inferredText({ type, cells }: Column): Use {
  const texts = cells.map((cell) => categoryOf(cell, { type })).filter((text) => text !== null);
  const different = new Set(texts).size;
  if (texts.length === 0 || (different === 1 && texts.length === cells.length)) return 'ignore';
  // Few values are categories, in however few rows they are.
  const isOwn = cells.length > 20 && different > cells.length / 10 && different > 0.9 * texts.length;
  return isOwn ? 'ignore' : categorical;
}

/** Whether a name says that whole numbers are codes; of the names of the test, these do. */
const isCode = (name: string): boolean => ['id', 'user id', 'zipCode'].includes(name);

/** Whether real numbers are used as whole numbers would be that are the same. */
export function isUsedAlike(column: Column, table: Rows): boolean {
  const { cells } = counted(column, table);
  const whole = cells.map((cell) => (cell === null ? null : BigInt(numberOf(cell, column))));
  return inferred({ ...column, cells }) === inferred({ ...column, type: { kind: 'whole' }, cells: whole });
}
