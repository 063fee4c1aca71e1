import type { RunHistory } from '../../../src/shared/history.js';
import type { RunTask } from '../../../src/shared/run.js';
import { biggerIsBetter, mainMetric, metricLabel, metricNames } from '../../../src/shared/task-kinds.js';
import type { Axis, Curves, Role, Series } from '../../charts/curves/curves.js';
import { smooth } from '../../charts/curves/smooth.js';
import type { TableData } from '../../ui/table-data.js';

/** The curves of one run; a line is a task, its main one is of the validation rows. */
export interface RunCurves extends Curves {
  /** Tasks without this metric, and the one that they are judged by. */
  readonly without: readonly { readonly task: number; readonly main: string }[];
}

/** No metric, but drawn as one: the factors of the tasks' losses, where the loss weighting changes them. */
export const lossWeight = 'lossWeight';

/** Metrics that some task has: loss first, then what the tasks are judged by, then the rest. */
export function availableMetrics(tasks: readonly RunTask[]): string[] {
  const mains = tasks.map(({ kind }) => mainMetric(kind));
  const all = tasks.flatMap(({ kind }) => [...metricNames[kind]]);
  return tasks.length === 0 ? [] : [...new Set<string>(['loss', ...mains, ...all])];
}

export const hasLossWeights = ({ epochs }: RunHistory): boolean =>
  epochs.some(({ lossWeights }) => lossWeights !== undefined);

/** Returns how people call what a chart can show: a metric, or the loss weights. */
export const curveLabel = (metric: string): string =>
  metric === lossWeight ? 'loss weight' : metricLabel(metric);

interface CurvesOptions {
  readonly metric: string;
  readonly axis: Axis;
  /** 0 … 1 */
  readonly smoothing: number;
}

/**
 * Train losses by step come from the step events where the axis is fine enough to show them, all else from
 * the epochs.
 */
export function buildRunCurves(
  history: RunHistory,
  tasks: readonly RunTask[],
  { metric, axis, smoothing }: CurvesOptions,
): RunCurves {
  const has = tasks.map(({ kind }) => (metricNames[kind] as readonly string[]).includes(metric));
  const epochX = history.epochs.map((event) => event[axis]);
  const stepX = axis === 'epoch' || metric !== 'loss' ? null : history.steps.map((event) => event[axis]);
  if (metric === lossWeight) return weightCurves(history, tasks, { axis, smoothing });
  const series: Series[] = [];
  const best: Curves['best'][number][] = [];
  tasks.forEach(({ name }, task) => {
    if (!has[task]) return;
    const add = (role: Role, x: readonly number[], raw: (number | null)[]): void => {
      if (raw.some((value) => value !== null))
        series.push({ line: task, role, x, raw, y: smooth(raw, smoothing) });
    };
    if (stepX !== null && stepX.length > 0) {
      const losses = history.steps.map((event) => event.losses[name] ?? null);
      add('train', stepX, losses);
    } else {
      const values = history.epochs.map((event) => event.train[name]?.[metric] ?? null);
      add('train', epochX, values);
    }
    const validation = history.epochs.map((event) => event.validation?.[name]?.[metric] ?? null);
    add('main', epochX, validation);
    const at = bestIndex(validation, history, metric);
    if (at !== null)
      best.push({ line: task, x: epochX[at]!, y: validation[at]!, epoch: history.epochs[at]!.epoch });
  });
  return { metric, axis, series, best, xMax: plannedEnd(history, axis), without: withoutMetric(tasks, has) };
}

function weightCurves(
  history: RunHistory,
  tasks: readonly RunTask[],
  { axis, smoothing }: Omit<CurvesOptions, 'metric'>,
): RunCurves {
  const x = history.epochs.map((event) => event[axis]);
  const series = tasks.flatMap(({ name }, line): Series[] => {
    const raw = history.epochs.map(({ lossWeights }) => lossWeights?.[name] ?? null);
    return raw.some((weight) => weight !== null)
      ? [{ line, role: 'main', x, raw, y: smooth(raw, smoothing) }]
      : [];
  });
  return { metric: lossWeight, axis, series, best: [], xMax: plannedEnd(history, axis), without: [] };
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

function withoutMetric(tasks: readonly RunTask[], has: readonly boolean[]): RunCurves['without'] {
  return tasks.flatMap(({ kind }, task) => (has[task] ? [] : [{ task, main: mainMetric(kind) }]));
}

/** One row per place, raw values; smoothed ones beside them where there are any. */
export function runCurvesTable(
  { series, axis, metric }: Curves,
  tasks: readonly RunTask[],
  smoothing: number,
  words: { smoothed: string },
): TableData {
  const places = [...new Set(series.flatMap(({ x }) => [...x]))].sort((a, b) => a - b);
  const columns = [axis as string];
  const lookups: Map<number, number | null>[] = [];
  for (const { line, role, x, raw, y } of series) {
    const name = `${tasks[line]!.name} ${metric === lossWeight ? curveLabel(metric) : role === 'main' ? 'validation' : 'train'}`;
    columns.push(name);
    lookups.push(new Map(x.map((place, index) => [place, raw[index] ?? null])));
    if (smoothing <= 0) continue;
    columns.push(`${name} ${words.smoothed}`);
    lookups.push(new Map(x.map((place, index) => [place, y[index] ?? null])));
  }
  return {
    columns,
    rows: places.map((place) => [place, ...lookups.map((lookup) => lookup.get(place) ?? null)]),
  };
}
