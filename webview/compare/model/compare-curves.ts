import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { isLive } from '../../../src/shared/run/run-status.js';
import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { hasMetric, mainMetric } from '../../../src/shared/task-kinds.js';
import type { Axis, Curves, Series } from '../../charts/curves/curves.js';
import { linesTable, type TableLine } from '../../charts/curves/lines-table.js';
import { smooth } from '../../charts/curves/smooth.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import type { ComparisonRow } from './comparison-rows.js';

export interface CompareCurvesOptions {
  /** `main`: the metric that the task is judged by. */
  readonly metric: string;
  readonly axis: Extract<Axis, 'epoch' | 'time'>;
  /** 0 … 1 */
  readonly smoothing: number;
}

/** Returns the metric of the task that `metric` asks for; null: tasks of its kind do not have it. */
export function metricOf({ kind }: RunTask, metric: string): string | null {
  if (metric === 'main') return mainMetric(kind);
  return hasMetric(kind, metric) ? metric : null;
}

/**
 * Builds the curves of a task, a line for each row. A row of several runs has a thin line for each of them
 * and a main one for their mean, as far as all that have begun have come: a mean of only some of them would
 * jump when another run joins.
 */
export function buildCompareCurves(
  rows: readonly ComparisonRow[],
  task: RunTask,
  { metric: wanted, axis, smoothing }: CompareCurvesOptions,
): Curves {
  const metric = metricOf(task, wanted) ?? wanted;
  const series: Series[] = [];
  for (const { line, runs } of rows) {
    const own = runs
      .map((run) => pointsOf(run, task.name, metric, axis))
      .filter(({ raw }) => raw.some((value) => value !== null));
    const add = (role: Series['role'], { x, raw }: Points): void => {
      series.push({ line, role, x, raw, y: smoothing > 0 ? smooth(raw, smoothing) : raw });
    };
    if (own.length > 1) for (const points of own) add('seed', points);
    const main = own.length > 1 ? meanOf(own) : own[0];
    if (main !== undefined && main.x.length > 0) add('main', main);
  }
  return { metric, axis, series, best: [], xMax: axis === 'time' ? null : lastEpoch(rows) };
}

interface Points {
  readonly epochs: readonly number[];
  readonly x: readonly number[];
  readonly raw: readonly (number | null)[];
}

/**
 * Returns the points of a run. As soon as there are epochs to see, the untrained network is left out, because
 * all lines would rise steeply from it.
 */
function pointsOf(
  run: ComparedRun,
  task: string,
  metric: string,
  axis: CompareCurvesOptions['axis'],
): Points {
  const trained = run.epochs.filter(({ epoch }) => epoch > 0);
  const epochs = trained.length > 0 ? trained : run.epochs;
  return {
    epochs: epochs.map(({ epoch }) => epoch),
    x: epochs.map((epoch) => epoch[axis]),
    raw: epochs.map(({ metrics }) => metrics[task]?.[metric] ?? null),
  };
}

/** Returns the mean over the epochs that all runs have; places are averaged as values are. */
function meanOf(runs: readonly Points[]): Points {
  const places = runs.map(({ epochs }) => new Map(epochs.map((epoch, index) => [epoch, index])));
  const shared = runs[0]!.epochs.filter((epoch) => places.every((known) => known.has(epoch)));
  const average = (values: readonly (number | null)[]): number | null =>
    values.reduce<number | null>(
      (sum, value) => (sum === null || value === null ? null : sum + value / values.length),
      0,
    );
  const each = (epoch: number, pick: 'x' | 'raw'): (number | null)[] =>
    runs.map((run, at) => run[pick][places[at]!.get(epoch)!] ?? null);
  return {
    epochs: shared,
    x: shared.map((epoch) => average(each(epoch, 'x')) ?? epoch),
    raw: shared.map((epoch) => average(each(epoch, 'raw'))),
  };
}

/** Returns the epoch at which the last run will end, or has ended; null: not known. */
function lastEpoch(rows: readonly ComparisonRow[]): number | null {
  const ends = rows.flatMap(({ runs }) =>
    runs.flatMap(({ manifest, status, epochs }) => {
      const end = isLive({ status }) ? manifest.epochs : (epochs.at(-1)?.epoch ?? null);
      return end === null ? [] : [end];
    }),
  );
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Returns the values by place, a column for each line; those of single seeds are named by `seedNumber`. */
export function compareCurvesTable(
  { axis, series }: Curves,
  rows: readonly ComparisonRow[],
  words: { seedNumber(seed: number): string },
): TableData {
  const seen = new Map<number, number>();
  const lines = series.map(({ line, role, x, raw }): TableLine => {
    const row = rows.find((one) => one.line === line)!;
    if (role !== 'seed') return { name: row.label, x, values: raw };
    const at = seen.get(line) ?? 0;
    seen.set(line, at + 1);
    const begun = row.runs.filter(({ epochs }) => epochs.length > 0);
    const seed = begun[at]?.manifest.seed ?? at;
    return { name: `${row.label} ${words.seedNumber(seed)}`, x, values: raw };
  });
  return linesTable(axis, lines);
}
