import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import { mainMetric, metricLabel, metricNames } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';

/** The name under which a chart shows the factors of the tasks' losses, which are no metric. */
export const lossWeight = 'lossWeight';

/** Returns how people call what a chart shows: a metric, or the loss weights. */
export const curveLabel = (metric: string): string =>
  metric === lossWeight ? s('lossWeight') : metricLabel(metric);

/** Returns the metrics that some task has: loss first, then what the tasks are judged by, then the rest. */
export function availableMetrics(tasks: readonly RunTask[]): string[] {
  const mains = tasks.map(({ kind }) => mainMetric(kind));
  const all = tasks.flatMap(({ kind }) => [...metricNames[kind]]);
  return tasks.length === 0 ? [] : [...new Set<string>(['loss', ...mains, ...all])];
}
