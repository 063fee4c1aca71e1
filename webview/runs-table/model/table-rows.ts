import type { TableRun, TableValue } from '../../../src/shared/messages/runs-table-protocol.js';
import { s } from '../../strings.js';
import type { TableColumn } from './table-columns.js';
import type { TableState } from './table-state.js';

/** A line of the table: a group's heading, or a run. */
export type TableLine =
  | {
      readonly is: 'group';
      readonly key: string;
      readonly label: string;
      readonly count: number;
      readonly isOpen: boolean;
    }
  | { readonly is: 'run'; readonly key: string; readonly run: TableRun };

const byText = new Intl.Collator(undefined, { numeric: true });

/** Returns the runs in the order that is chosen; runs without a value come last, equals stay in their order. */
export function sorted(
  runs: readonly TableRun[],
  sort: TableState['sort'],
  columns: readonly TableColumn[],
): TableRun[] {
  const by = sort.flatMap(({ column: id, descending }) => {
    const column = columns.find((one) => one.id === id);
    return column === undefined ? [] : [{ column, sign: descending ? -1 : 1 }];
  });
  if (by.length === 0) return [...runs];
  const keyed = runs.map((run) => ({ run, values: by.map(({ column }) => column.valueOf(run)) }));
  keyed.sort((a, b) => {
    for (const [i, { sign }] of by.entries()) {
      const order = compared(a.values[i]!, b.values[i]!, sign);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ run }) => run);
}

function compared(a: TableValue, b: TableValue, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * byText.compare(String(a), String(b));
}

/** Returns what a click on a column's head makes of the order; `isMore`: the other columns go on counting. */
export function resorted(
  sort: TableState['sort'],
  { id, isNumber }: TableColumn,
  isMore: boolean,
): TableState['sort'] {
  const now = sort.find(({ column }) => column === id);
  // Of numbers the largest is looked for first, of names the first.
  const next =
    now === undefined
      ? { column: id, descending: isNumber }
      : now.descending === isNumber
        ? { column: id, descending: !isNumber }
        : null;
  if (!isMore) return next === null ? [] : [next];
  return now === undefined
    ? [...sort, next!]
    : sort.flatMap((one) => (one.column !== id ? [one] : next === null ? [] : [next]));
}

/** Returns the table's lines: the runs, below the headings of their groups where there are any. */
export function linesOf(
  runs: readonly TableRun[],
  { group, closed }: Pick<TableState, 'group' | 'closed'>,
  columns: readonly TableColumn[],
): TableLine[] {
  const by = columns.find(({ id }) => id === group);
  if (by === undefined) return runs.map(lineOf);
  const groups = new Map<string, TableRun[]>();
  for (const run of runs) {
    const key = keyOf(run, by);
    const its = groups.get(key);
    if (its === undefined) groups.set(key, [run]);
    else its.push(run);
  }
  return [...groups].flatMap(([key, its]): TableLine[] => {
    const isOpen = !closed.includes(key);
    const value = by.valueOf(its[0]!);
    const label =
      value === null
        ? s('noneOf', by.label)
        : by.id === 'comparison'
          ? String(value)
          : groupLabel(by, its[0]!);
    return [{ is: 'group', key, label, count: its.length, isOpen }, ...(isOpen ? its.map(lineOf) : [])];
  });
}

const groupLabel = (by: TableColumn, run: TableRun): string => s('groupHeading', by.label, by.textOf(run));

const lineOf = (run: TableRun): TableLine => ({ is: 'run', key: run.folder, run });

/** Comparisons of one name are several. */
const keyOf = (run: TableRun, by: TableColumn): string =>
  `${by.id}\n${by.id === 'comparison' ? (run.comparison?.id ?? '') : String(by.valueOf(run) ?? '')}`;

/** The difference of a score to the baseline's; null: they are of other rows, or one of them has none. */
export function differenceTo(baseline: TableRun | null, run: TableRun, column: TableColumn): number | null {
  if (baseline === null || baseline.folder === run.folder || !column.isScore) return null;
  if (!isSameRows(run.rows, baseline.rows)) return null;
  const [own, other] = [column.valueOf(run), column.valueOf(baseline)];
  return typeof own === 'number' && typeof other === 'number' ? own - other : null;
}

/** Runs are judged by the same rows if these are chosen alike, and the data has not changed meanwhile. */
const isSameRows = (one: TableRun['rows'], other: TableRun['rows']): boolean =>
  one !== null &&
  other !== null &&
  one.choice === other.choice &&
  (one.encoding !== other.encoding || one.fingerprint === other.fingerprint);

/** Returns by how many different sets of rows the runs were judged. */
export const countRowSets = (runs: readonly TableRun[]): number =>
  new Set(runs.flatMap(({ rows }) => (rows === null ? [] : [rows.choice]))).size;
