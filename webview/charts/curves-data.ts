import type { RunHistory } from '../../src/shared/history.js';
import { biggerIsBetter, mainMetric, metricLabels, metricNames, type RunTask } from '../../src/shared/run.js';
import { smooth } from './smoothing.js';
import type { Table } from './table.js';

export type Axis = 'step' | 'epoch' | 'time';

export interface Series {
  /** Index of the task. */
  readonly task: number;
  readonly split: 'train' | 'validation';
  readonly x: readonly number[];
  readonly raw: readonly (number | null)[];
  /** As drawn; the same as `raw` without smoothing. */
  readonly y: readonly (number | null)[];
}

export interface Curves {
  readonly metric: string;
  readonly axis: Axis;
  readonly series: readonly Series[];
  /** Of each task that has one, the best validation value of this metric after the first epoch. */
  readonly best: readonly { readonly task: number; readonly x: number; readonly y: number; readonly epoch: number }[];
  /** Where the axis ends: the planned end of training, where it is known. */
  readonly xMax: number | null;
  /** Tasks without this metric, and the one that they are judged by. */
  readonly without: readonly { readonly task: number; readonly main: string }[];
}

/** Metrics that some task has: loss first, then what the tasks are judged by, then the rest. */
export function availableMetrics(tasks: readonly RunTask[]): string[] {
  const mains = tasks.map(({ kind }) => mainMetric(kind));
  const all = tasks.flatMap(({ kind }) => [...metricNames[kind]]);
  return tasks.length === 0 ? [] : [...new Set<string>(['loss', ...mains, ...all])];
}

export const metricLabel = (metric: string): string => metricLabels[metric] ?? metric;

interface CurvesOptions {
  readonly metric: string;
  readonly axis: Axis;
  /** 0 … 1 */
  readonly smoothing: number;
}

/** Train losses by step come from the step events where the axis is fine enough to show them, all else from the epochs. */
export function buildCurves(history: RunHistory, tasks: readonly RunTask[], { metric, axis, smoothing }: CurvesOptions): Curves {
  const has = tasks.map(({ kind }) => (metricNames[kind] as readonly string[]).includes(metric));
  const epochX = history.epochs.map((event) => event[axis]);
  const stepX = axis === 'epoch' || metric !== 'loss' ? null : history.steps.map((event) => event[axis]);
  const series: Series[] = [];
  const best: Curves['best'][number][] = [];
  tasks.forEach(({ name }, task) => {
    if (!has[task]) return;
    const add = (split: Series['split'], x: readonly number[], raw: (number | null)[]): void => {
      if (raw.some((value) => value !== null)) series.push({ task, split, x, raw, y: smooth(raw, smoothing) });
    };
    if (stepX !== null && stepX.length > 0) {
      const losses = history.steps.map((event) => event.losses[name] ?? null);
      add('train', stepX, losses);
    } else {
      const values = history.epochs.map((event) => event.train[name]?.[metric] ?? null);
      add('train', epochX, values);
    }
    const validation = history.epochs.map((event) => event.validation?.[name]?.[metric] ?? null);
    add('validation', epochX, validation);
    const at = bestIndex(validation, history, metric);
    if (at !== null) best.push({ task, x: epochX[at]!, y: validation[at]!, epoch: history.epochs[at]!.epoch });
  });
  return { metric, axis, series, best, xMax: plannedEnd(history, axis), without: withoutMetric(tasks, has) };
}

/** Index of the best epoch; the untrained network is no candidate. */
function bestIndex(values: readonly (number | null)[], history: RunHistory, metric: string): number | null {
  const sign = biggerIsBetter(metric) ? 1 : -1;
  let found: number | null = null;
  values.forEach((value, index) => {
    if (value === null || history.epochs[index]!.epoch < 1) return;
    if (found === null || sign * value > sign * values[found]!) found = index;
  });
  return found;
}

/** A run that has ended takes the whole width. */
function plannedEnd({ start, end, epochs }: RunHistory, axis: Axis): number | null {
  if (start === null || axis === 'time') return null;
  const done = end?.status === 'finished' ? (epochs.at(-1)?.epoch ?? start.epochs) : start.epochs;
  return axis === 'epoch' ? done : done * start.stepsPerEpoch;
}

function withoutMetric(tasks: readonly RunTask[], has: readonly boolean[]): Curves['without'] {
  return tasks.flatMap(({ kind }, task) => (has[task] ? [] : [{ task, main: mainMetric(kind) }]));
}

/** What the curves say at the place nearest to `x`, one entry per task. */
export interface Reading {
  readonly x: number;
  readonly tasks: readonly { readonly task: number; readonly train: number | null; readonly validation: number | null }[];
}

export function readCurves({ series }: Curves, x: number): Reading | null {
  const places = series.map((one) => one.x[nearestIndex(one.x, x)]).filter((place) => place !== undefined);
  if (places.length === 0) return null;
  const at = places.reduce((nearest, place) => (Math.abs(place - x) < Math.abs(nearest - x) ? place : nearest));
  const values = new Map<number, { train: number | null; validation: number | null }>();
  for (const one of series) {
    const entry = values.get(one.task) ?? { train: null, validation: null };
    entry[one.split] = one.y[nearestIndex(one.x, at)] ?? null;
    values.set(one.task, entry);
  }
  return { x: at, tasks: [...values].map(([task, entry]) => ({ task, ...entry })) };
}

/** Whether a value is known and neither of its neighbours is. */
export function isAlone(values: readonly (number | null)[], index: number): boolean {
  const known = (at: number): boolean => (values[at] ?? null) !== null;
  return known(index) && !known(index - 1) && !known(index + 1);
}

/** In ascending `values`; -1 where there are none. */
export function nearestIndex(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= wanted) low = middle;
    else high = middle;
  }
  return wanted - values[low]! <= values[high]! - wanted ? low : high;
}

/** One row per place, raw values; smoothed ones beside them where there are any. */
export function curvesTable({ series, axis }: Curves, tasks: readonly RunTask[], smoothing: number, words: { smoothed: string }): Table {
  const places = [...new Set(series.flatMap(({ x }) => [...x]))].sort((a, b) => a - b);
  const columns = [axis as string];
  const lookups: Map<number, number | null>[] = [];
  for (const { task, split, x, raw, y } of series) {
    columns.push(`${tasks[task]!.name} ${split}`);
    lookups.push(new Map(x.map((place, index) => [place, raw[index] ?? null])));
    if (smoothing <= 0) continue;
    columns.push(`${tasks[task]!.name} ${split} ${words.smoothed}`);
    lookups.push(new Map(x.map((place, index) => [place, y[index] ?? null])));
  }
  return { columns, rows: places.map((place) => [place, ...lookups.map((lookup) => lookup.get(place) ?? null)]) };
}
