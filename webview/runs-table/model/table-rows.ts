import type { RowsSet } from '../../../src/shared/messages/runs-table-protocol.js';
import type { TableRun, TableValue } from '../../../src/shared/messages/table-run-schema.js';
import { isSameRows, rowsKey } from '../../../src/shared/settings/same-rows.js';
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

/**
 * Returns the table's lines: the runs, below the headings of their groups where there are any. Where runs are sorted
 * by a score, those that were judged by other rows have a heading of their own. `sets`: the sets of rows.
 */
export function linesOf(
  runs: readonly TableRun[],
  { group, closed, sort }: Pick<TableState, 'group' | 'closed' | 'sort'>,
  columns: readonly TableColumn[],
  sets: readonly RowsSet[] = [],
): TableLine[] {
  const by = columns.find(({ id }) => id === group);
  const isRanked = sort.some(({ column: id }) => columns.find((one) => one.id === id)?.isScore === true);
  const setOf = isRanked ? setFinder(runs, sets) : null;
  if (by === undefined && setOf === null) return runs.map(lineOf);
  const groups = new Map<string, TableRun[]>();
  for (const run of runs) {
    const key = [
      ...(by === undefined ? [] : [keyOf(run, by)]),
      ...(setOf === null ? [] : [`rows\n${sets.indexOf(setOf(run))} ${setOf(run).label}`]),
    ].join('\n');
    const its = groups.get(key);
    if (its === undefined) groups.set(key, [run]);
    else its.push(run);
  }
  return [...groups].flatMap(([key, its]): TableLine[] => {
    const isOpen = !closed.includes(key);
    const [first] = its;
    const label = [
      ...(by === undefined ? [] : [groupLabel(by, first!)]),
      ...(setOf === null ? [] : [s('rankedOnTheirOwn', setOf(first!).label || s('remainingRows'))]),
    ].join(' · ');
    return [{ is: 'group', key, label, count: its.length, isOpen }, ...(isOpen ? its.map(lineOf) : [])];
  });
}

/** Returns what tells the set of rows that a run was judged by; null: all were judged by the same. */
function setFinder(runs: readonly TableRun[], sets: readonly RowsSet[]): ((run: TableRun) => RowsSet) | null {
  const ofKey = new Map(sets.flatMap((set) => set.keys.map((key) => [key, set])));
  const last = sets.at(-1);
  if (last === undefined) return null;
  // A run whose rows are not known yet has no score, and is with the last ones.
  const setOf = ({ rows }: TableRun): RowsSet => (rows === null ? last : (ofKey.get(rowsKey(rows)) ?? last));
  return new Set(runs.map(setOf)).size > 1 ? setOf : null;
}

function groupLabel(by: TableColumn, run: TableRun): string {
  const value = by.valueOf(run);
  if (value === null) return s('noneOf', by.label);
  return by.id === 'comparison' ? String(value) : s('groupHeading', by.label, by.textOf(run));
}

const lineOf = (run: TableRun): TableLine => ({ is: 'run', key: run.folder, run });

/** Comparisons of one name are several. */
const keyOf = (run: TableRun, by: TableColumn): string =>
  `${by.id}\n${by.id === 'comparison' ? (run.comparison?.id ?? '') : String(by.valueOf(run) ?? '')}`;

/** The difference of a score to the baseline's; null: they are of other rows, or one of them has none. */
export function differenceTo(baseline: TableRun | null, run: TableRun, column: TableColumn): number | null {
  if (baseline === null || baseline.folder === run.folder || !column.isScore) return null;
  if (run.rows === null || baseline.rows === null || !isSameRows(run.rows, baseline.rows)) return null;
  const [own, other] = [column.valueOf(run), column.valueOf(baseline)];
  return typeof own === 'number' && typeof other === 'number' ? own - other : null;
}

/** Returns by how many different sets of rows the runs were judged. */
export const countRowSets = (runs: readonly TableRun[]): number =>
  new Set(runs.flatMap(({ rows }) => (rows === null ? [] : [rows.choice]))).size;
