import type { RunManifest } from '../../src/shared/run.js';

export type Level = NonNullable<RunManifest['network']>['levels'][number];

/** An expert as the pictures place it: experts with the same weights, each reading another stream, are one column. */
export interface ExpertColumn {
  /** Indices of the level's experts; the first stands for all. */
  readonly copies: readonly number[];
  /** From 1, of the first one. */
  readonly number: number;
  /** Null: its number says all. */
  readonly name: string | null;
  /** Where it is one of several alike, `shared 2`: what these are called, and its number among them. */
  readonly group: { readonly name: string; readonly number: string } | null;
  /** Index of the task that it is of; null: shared, or anyone's. */
  readonly task: number | null;
}

export function expertColumns(level: Level): ExpertColumn[] {
  const { experts, expertNames, streams } = level;
  const firstAlike = level.sameWeights ?? Array.from({ length: experts }, (_, expert) => expert);
  const taskNamed = (wanted: string): number | null => streams.find(({ name, task }) => task !== null && name === wanted)?.task ?? null;
  // A network per task is called as its task, whatever that ends with.
  const tasksOwn = expertNames?.every((name) => taskNamed(name) !== null) ?? false;
  return [...new Set(firstAlike)].map((first) => {
    const given = expertNames?.[first] ?? null;
    const name = given === String(first + 1) ? null : given;
    const [, kind, number] = (tasksOwn ? null : /^(.*) (\d+)$/.exec(name ?? '')) ?? [];
    return {
      copies: firstAlike.flatMap((each, expert) => (each === first ? [expert] : [])),
      number: first + 1,
      name,
      group: kind === undefined || number === undefined ? null : { name: kind, number },
      task: name === null ? null : taskNamed(kind ?? name),
    };
  });
}

/** A stream's weights, by column: of copies, the one that the stream uses. */
export const columnWeights = (columns: readonly ExpertColumn[], weights: readonly number[]): number[] =>
  weights.length === 0 ? [] : columns.map((column) => weights[usedCopy(column, weights)] ?? 0);

/** The copy whose weight is not 0, the first if there is none. */
export const usedCopy = ({ copies }: ExpertColumn, weights: readonly number[]): number =>
  copies.find((expert) => (weights[expert] ?? 0) !== 0) ?? copies[0]!;

/** In tables. */
export const columnName = ({ name, number }: ExpertColumn): string | number => name ?? number;

const characterWidth = 6.2;
/** Fewer characters of a name say nothing. */
const fewest = 5;

export const textWidth = (text: string): number => text.length * characterWidth;

/** As much as a place of `width` pixels takes: its name, its number among those alike, the start of its name, or its number. */
export function columnLabel({ name, group, number }: ExpertColumn, width: number): string {
  const most = Math.floor(width / characterWidth);
  if (name !== null && name.length <= most) return name;
  if (group !== null) return group.number;
  return name !== null && most >= fewest ? `${name.slice(0, most - 1)}…` : String(number);
}

/** Neighbours of one kind or task, to be marked together: of columns `first` … `last`. */
export interface ColumnRun {
  readonly first: number;
  readonly last: number;
  readonly name: string;
  readonly task: number | null;
}

/** Those that have a kind or a task, within rows of `perRow` columns. */
export function columnRuns(columns: readonly ExpertColumn[], perRow: number): ColumnRun[] {
  const runs: ColumnRun[] = [];
  columns.forEach(({ group, name, task }, index) => {
    if (group === null && task === null) return;
    const called = group?.name ?? name ?? '';
    const open = runs.at(-1);
    if (open?.last === index - 1 && open.name === called && index % perRow !== 0) runs[runs.length - 1] = { ...open, last: index };
    else runs.push({ first: index, last: index, name: called, task });
  });
  return runs;
}
