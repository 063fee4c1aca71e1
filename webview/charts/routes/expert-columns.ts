import type { RunManifest } from '../../../src/shared/run.js';

export type Level = NonNullable<RunManifest['network']>['levels'][number];

/**
 * An expert as the pictures place it: experts with the same weights, each reading another stream, are one
 * column.
 */
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
  const taskNamed = (wanted: string): number | null =>
    streams.find(({ name, task }) => task !== null && name === wanted)?.task ?? null;
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

const fits = (text: string, width: number): boolean => textWidth(text) <= width;

const cut = (text: string, width: number): string =>
  `${text.slice(0, Math.max(1, Math.floor(width / characterWidth) - 1))}…`;

/**
 * For places of `width` pixels each: names, or for those of a kind their numbers in it, all alike, where some
 * name is too long; of other names as much as fits, or the number.
 */
export function columnLabels(columns: readonly ExpertColumn[], width: number): string[] {
  const allFit = columns.every(({ name, group }) => group === null || name === null || fits(name, width));
  return columns.map(({ name, group, number }) => {
    if (name === null) return String(number);
    if (group !== null) return allFit ? name : group.number;
    if (fits(name, width)) return name;
    return width >= fewest * characterWidth ? cut(name, width) : String(number);
  });
}

/** Its name beside a row of its own, the kind shortened where it is too long: `watch m… 2`. */
export function columnRowLabel({ name, group, number }: ExpertColumn, width: number): string {
  const full = name ?? String(number);
  if (fits(full, width)) return full;
  return group === null
    ? cut(full, width)
    : `${cut(group.name, width - textWidth(` ${group.number}`))} ${group.number}`;
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
    if (open?.last === index - 1 && open.name === called && index % perRow !== 0)
      runs[runs.length - 1] = { ...open, last: index };
    else runs.push({ first: index, last: index, name: called, task });
  });
  return runs;
}
