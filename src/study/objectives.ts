import type { StudyLine } from '../shared/study/line.js';
import { biggerIsBetter, mainMetric, type MetricName } from '../shared/task-kinds.js';
import type { TuneSettings } from './tune-schema.js';

/** A validation metric of a task that is tuned for. */
export interface Objective {
  readonly task: string;
  /** Null: the one that the task is judged by. */
  readonly metric: MetricName | null;
}

/** Returns what is tuned for. `tasks`: the names of the experiment's. */
export const objectivesOf = ({ objectives }: TuneSettings, tasks: readonly string[]): Objective[] =>
  (objectives ?? [{ task: tasks[0]! }]).map(({ task, metric = null }) => ({ task, metric }));

/** Returns the metric of an objective, in a training with tasks of these kinds. */
export const metricOf = ({ task, metric }: Objective, kinds: StudyLine['kinds']): MetricName =>
  metric ?? mainMetric(kinds[task] ?? 'regression');

/** Returns a metric's value as a cost, of which less is better, and a cost as the value. */
export const asCost = (metric: string, value: number): number => (biggerIsBetter(metric) ? -value : value);

/** Returns what a training has come to in an objective, less is better; null: it has no such metric. */
export function costOf(
  { validation, kinds }: Pick<StudyLine, 'validation' | 'kinds'>,
  objective: Objective,
): number | null {
  const metric = metricOf(objective, kinds);
  const value = validation?.[objective.task]?.[metric] ?? null;
  return value === null || !Number.isFinite(value) ? null : asCost(metric, value);
}
