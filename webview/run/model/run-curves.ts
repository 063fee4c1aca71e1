import type { RunHistory } from '../../../src/shared/run/run-history.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { biggerIsBetter, hasMetric, mainMetric } from '../../../src/shared/task-kinds.js';
import { curveLabel, lossWeight } from '../../charts/curves/curve-metrics.js';
import type { Axis, Curves, Role, Series } from '../../charts/curves/curves.js';
import { linesTable, type TableLine } from '../../charts/curves/lines-table.js';
import { smooth } from '../../charts/curves/smooth.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';

/** The curves of one run. A line is a task; its main role is that of the validation rows. */
export interface RunCurves extends Curves {
  /** The tasks that do not have this metric, each with the one that it is judged by. */
  readonly without: readonly { readonly task: number; readonly main: string }[];
}

/** Returns whether the loss weighting changes the factors of the tasks' losses, so that they make a curve. */
export const hasLossWeights = ({ epochs }: RunHistory): boolean =>
  epochs.some(({ lossWeights }) => lossWeights !== undefined);

interface RunCurvesOptions {
  readonly metric: string;
  readonly axis: Axis;
  /** 0 … 1 */
  readonly smoothing: number;
}

/**
 * Builds the curves of a run. Train losses come from the step events where the axis is fine enough to show
 * them; all other values come from the epochs.
 */
export function buildRunCurves(
  history: RunHistory,
  tasks: readonly RunTask[],
  { metric, axis, smoothing }: RunCurvesOptions,
): RunCurves {
  if (metric === lossWeight) return lossWeightCurves(history, tasks, { axis, smoothing });
  const has = tasks.map(({ kind }) => hasMetric(kind, metric));
  const { epochs, steps } = history;
  const epochX = epochs.map((event) => event[axis]);
  const showsSteps = axis !== 'epoch' && metric === 'loss' && steps.length > 0;
  const stepX = steps.map((event) => event[axis]);
  const series: Series[] = [];
  const best: Curves['best'][number][] = [];
  tasks.forEach(({ name }, task) => {
    if (!has[task]) return;
    const add = (role: Role, x: readonly number[], raw: (number | null)[]): void => {
      if (raw.some((value) => value !== null))
        series.push({ line: task, role, x, raw, y: smooth(raw, smoothing) });
    };
    if (showsSteps)
      add(
        'train',
        stepX,
        steps.map((event) => event.losses[name] ?? null),
      );
    else
      add(
        'train',
        epochX,
        epochs.map((event) => event.train[name]?.[metric] ?? null),
      );
    const validation = epochs.map((event) => event.validation?.[name]?.[metric] ?? null);
    add('main', epochX, validation);
    const at = bestIndex(validation, history, metric);
    if (at !== null) best.push({ line: task, x: epochX[at]!, y: validation[at]!, epoch: epochs[at]!.epoch });
  });
  return { metric, axis, series, best, xMax: plannedEnd(history, axis), without: withoutMetric(tasks, has) };
}

function lossWeightCurves(
  history: RunHistory,
  tasks: readonly RunTask[],
  { axis, smoothing }: Omit<RunCurvesOptions, 'metric'>,
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

/** Returns the index of the best epoch, for which the untrained network is no candidate. */
function bestIndex(values: readonly (number | null)[], history: RunHistory, metric: string): number | null {
  const sign = biggerIsBetter(metric) ? 1 : -1;
  let found: number | null = null;
  values.forEach((value, index) => {
    if (value === null || history.epochs[index]!.epoch < 1) return;
    if (found === null || sign * value > sign * values[found]!) found = index;
  });
  return found;
}

/** Returns where the axis ends, so that a run that has ended takes the whole width; null: not known. */
function plannedEnd({ start, end, epochs }: RunHistory, axis: Axis): number | null {
  if (start === null || axis === 'time') return null;
  const done = end?.status === 'finished' ? (epochs.at(-1)?.epoch ?? start.epochs) : start.epochs;
  return axis === 'epoch' ? done : done * start.stepsPerEpoch;
}

function withoutMetric(tasks: readonly RunTask[], has: readonly boolean[]): RunCurves['without'] {
  return tasks.flatMap(({ kind }, task) => (has[task] ? [] : [{ task, main: mainMetric(kind) }]));
}

/** Returns the raw values by place, and beside each line's the smoothed ones where there are any. */
export function runCurvesTable(
  { series, axis, metric }: Curves,
  tasks: readonly RunTask[],
  smoothing: number,
  words: { smoothed: string },
): TableData {
  const lines = series.flatMap(({ line, role, x, raw, y }): TableLine[] => {
    const what = metric === lossWeight ? curveLabel(metric) : role === 'main' ? 'validation' : 'train';
    const name = `${tasks[line]!.name} ${what}`;
    return [
      { name, x, values: raw },
      ...(smoothing > 0 ? [{ name: `${name} ${words.smoothed}`, x, values: y }] : []),
    ];
  });
  return linesTable(axis, lines);
}
