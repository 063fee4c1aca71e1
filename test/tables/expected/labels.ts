import { columnOf, type Column, type Table, type Task } from '../table.js';
import { holds } from './conditions.js';
import { numberOf, trimmed } from './texts.js';

/** A task's labels in all rows of a table, before they are scaled; NaN: missing. */
export interface Labels {
  readonly kind: 'binary' | 'multiclass' | 'regression';
  /** In the order of their numbers; null for regression. */
  readonly classes: readonly string[] | null;
  readonly values: readonly number[];
}

/** `used`: the rows that the experiment uses, in all sources. */
export function labelsOf(table: Table, task: Task, used: ReadonlySet<number>): Labels {
  const { label } = task;
  if (typeof label !== 'string') {
    const values = table.columns[0]!.cells.map((_, row) => {
      const truth = holds(table, label, row);
      return truth === null ? NaN : Number(truth);
    });
    return { kind: 'binary', classes: ['false', 'true'], values };
  }
  const column = columnOf(table, label);
  switch (column.type.kind) {
    case 'truth':
      return { kind: 'binary', classes: ['false', 'true'], values: numbersOf(column) };
    case 'text': {
      const texts = column.cells.map(trimmed);
      const known = texts.filter((_, row) => used.has(row)).filter((text) => text !== null);
      const classes = [...new Set(known)].sort((one, other) => (one < other ? -1 : 1));
      const kind = task.kind ?? (classes.length > 2 ? 'multiclass' : 'binary');
      return { kind, classes, values: texts.map((text) => (text === null ? NaN : classes.indexOf(text))) };
    }
    default: {
      const numbers = numbersOf(column);
      const regression = { kind: 'regression', classes: null, values: numbers } as const;
      if (task.kind === 'regression') return regression;
      const known = [...used].map((row) => numbers[row]!).filter((value) => !Number.isNaN(value));
      const values = [...new Set(known)].sort((one, other) => one - other);
      const isWhole = column.type.kind === 'whole';
      const kind =
        task.kind ?? (values.length === 2 ? 'binary' : isWhole && values.length <= 10 ? 'multiclass' : null);
      if (kind === null) return regression;
      const at = new Map(values.map((value, i) => [value, i]));
      return { kind, classes: values.map(String), values: numbers.map((value) => at.get(value) ?? NaN) };
    }
  }
}

const numbersOf = (column: Column): number[] => column.cells.map((cell) => numberOf(cell, column));
