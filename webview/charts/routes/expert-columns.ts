import type { RunManifest } from '../../../src/shared/run/run-manifest.js';

export type Level = NonNullable<RunManifest['network']>['levels'][number];

/**
 * An expert as the pictures place it. Experts with the same weights, each of which reads another stream, are
 * one column.
 */
export interface ExpertColumn {
  /** Indices of the level's experts; the first stands for all. */
  readonly copies: readonly number[];
  /** The number of the first copy, from 1. */
  readonly number: number;
  /** Null: the number says all. */
  readonly name: string | null;
  /** For one of several of a kind, as `shared 2`: the kind's name, and the number in it. Otherwise null. */
  readonly group: { readonly name: string; readonly number: string } | null;
  /** Index of the task that owns the expert; null: no task does. */
  readonly task: number | null;
}

/** Returns the columns of a level, in the order of its experts. */
export function expertColumns(level: Level): ExpertColumn[] {
  const { experts, expertNames, streams } = level;
  const firstAlike = level.sameWeights ?? Array.from({ length: experts }, (_, expert) => expert);
  const taskNamed = (wanted: string): number | null =>
    streams.find(({ name, task }) => task !== null && name === wanted)?.task ?? null;
  // If each task has a network of its own, the names are the tasks', whatever these end with.
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

/** Returns a stream's weights by column: the weight of the copy that the stream uses. */
export const columnWeights = (columns: readonly ExpertColumn[], weights: readonly number[]): number[] =>
  weights.length === 0 ? [] : columns.map((column) => columnWeight(column, weights));

/** Returns the weight of a column: of the copy that the stream uses; 0 where there is none. */
export const columnWeight = (column: ExpertColumn, weights: ArrayLike<number>): number =>
  weights[usedCopy(column, weights)] ?? 0;

/** Returns the copy whose weight is not 0, or the first copy if there is none. */
export const usedCopy = ({ copies }: ExpertColumn, weights: ArrayLike<number>): number =>
  copies.length === 1 ? copies[0]! : (copies.find((expert) => (weights[expert] ?? 0) !== 0) ?? copies[0]!);

/** Returns what a column is called in tables. */
export const columnName = ({ name, number }: ExpertColumn): string | number => name ?? number;

/** Pixels of an average character at 11 pixels. */
const characterWidth = 6.2;
/** A name that is cut to fewer characters says nothing. */
const minCharacters = 5;

export const textWidth = (text: string): number => text.length * characterWidth;

const fits = (text: string, width: number): boolean => textWidth(text) <= width;

const cut = (text: string, width: number): string =>
  `${text.slice(0, Math.max(1, Math.floor(width / characterWidth) - 1))}…`;

/** Returns the text, cut to `width` pixels where it is longer; three characters are kept in any case. */
export function cutText(text: string, width: number): string {
  const max = Math.max(3, Math.floor(width / characterWidth));
  return text.length > max ? `${text.slice(0, max - 1)}…` : text;
}

/**
 * Returns labels for places of `width` pixels each. A column of a kind is labelled by its name, or by its
 * number in the kind as soon as one such name is too long. Another name is cut to what fits, or replaced by
 * the column's number.
 */
export function columnLabels(columns: readonly ExpertColumn[], width: number): string[] {
  const allFit = columns.every(({ name, group }) => group === null || name === null || fits(name, width));
  return columns.map(({ name, group, number }) => {
    if (name === null) return String(number);
    if (group !== null) return allFit ? name : group.number;
    if (fits(name, width)) return name;
    return width >= minCharacters * characterWidth ? cut(name, width) : String(number);
  });
}

/** Returns the label beside a row of its own, with a kind's name cut where it is too long: `watch m… 2`. */
export function columnRowLabel({ name, group, number }: ExpertColumn, width: number): string {
  const full = name ?? String(number);
  if (fits(full, width)) return full;
  return group === null
    ? cut(full, width)
    : `${cut(group.name, width - textWidth(` ${group.number}`))} ${group.number}`;
}

/** Neighbours of one kind or task, columns `first` … `last`, which are marked together. */
export interface ColumnRun {
  readonly first: number;
  readonly last: number;
  readonly name: string;
  readonly task: number | null;
}

/** Returns the runs of columns that have a kind or a task, each within one row of `perRow` columns. */
export function columnRuns(columns: readonly ExpertColumn[], perRow: number): ColumnRun[] {
  const runs: ColumnRun[] = [];
  columns.forEach(({ group, name, task }, index) => {
    if (group === null && task === null) return;
    const called = group?.name ?? name ?? '';
    const open = runs.at(-1);
    if (open?.last === index - 1 && open.name === called && index % perRow !== 0)
      runs[runs.length - 1] = { ...open, last: index };
    else runs.push({ first: index, last: index, name: called, task });
  });
  return runs;
}
