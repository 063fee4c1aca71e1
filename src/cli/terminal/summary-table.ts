import type { RunManifest, TaskMetrics } from '../../shared/run/run-manifest.js';
import { membersScore } from '../../shared/run/members.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { formatMetric } from '../../shared/numbers.js';
import { formatTable } from './table.js';

/**
 * A line per task: its main metric and loss at the best epoch, on validation and on test; and of several members,
 * what they are worth together and alone.
 */
export function summaryTable(manifest: RunManifest): string[] {
  const { tasks, summary } = manifest;
  if (summary === null || tasks.length === 0) return [];
  const rows = tasks.map(({ name, kind }) => {
    const main = mainMetric(kind);
    const pair = (metrics: TaskMetrics | undefined): string[] => [
      formatMetric(metrics?.[main]),
      formatMetric(metrics?.['loss']),
    ];
    return [name, metricLabel(main), ...pair(summary.validation[name]), ...pair(summary.test?.[name])];
  });
  const table = formatTable(['task', 'metric', 'validation', 'loss', 'test', 'loss'], rows, 2);
  return [...table, ...membersLines(manifest)];
}

/** Returns `income: mean of 4 members 0.9522, members alone 0.9514 – 0.9519 (test AUC)`, per task. */
function membersLines(manifest: RunManifest): string[] {
  return manifest.tasks.flatMap((task) => {
    const score = membersScore(manifest, task);
    if (score === null) return [];
    const { members, mean, least, most } = score;
    return [
      `${task.name}: mean of ${members} members ${formatMetric(mean)}, members alone ` +
        `${formatMetric(least)} – ${formatMetric(most)} (test ${metricLabel(mainMetric(task.kind))})`,
    ];
  });
}

/** The mean of the tasks' main metrics on test, else on validation; null: not known yet. */
export function mainScore(manifest: RunManifest): { value: number; label: string } | null {
  const { tasks, summary } = manifest;
  if (summary === null || tasks.length === 0) return null;
  const metrics = summary.test ?? summary.validation;
  const values = tasks.map(({ name, kind }) => metrics[name]?.[mainMetric(kind)] ?? null);
  const known = values.filter((value) => value !== null);
  if (known.length !== tasks.length) return null;
  const labels = [...new Set(tasks.map(({ kind }) => metricLabel(mainMetric(kind))))];
  const listed =
    labels.length < 2 ? labels.join() : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)!}`;
  const part = summary.test === null ? 'validation' : 'test';
  const mean = tasks.length < 2 ? '' : labels.length < 2 ? 'mean ' : 'mean of ';
  const label = `${mean}${part} ${listed}`;
  return { value: known.reduce((sum, value) => sum + value, 0) / known.length, label };
}

/** `income AUC 0.9412, never married AUC 0.9921 (test)`. */
export function scoresText({ tasks, summary }: RunManifest): string {
  const metrics = summary?.test ?? summary?.validation ?? {};
  const parts = tasks.map(({ name, kind }) => {
    const main = mainMetric(kind);
    return `${name} ${metricLabel(main)} ${formatMetric(metrics[name]?.[main])}`;
  });
  return `${parts.join(', ')} (${summary?.test ? 'test' : 'validation'})`;
}
