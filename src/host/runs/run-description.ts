import type { Metrics, RunManifest } from '../../shared/run/run-manifest.js';
import { withoutZero } from '../../shared/settings/setting-text.js';
import { formatMetric } from '../../shared/numbers.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { t } from '../editor/localise.js';
import { trainingProgressText, type RunState } from './run-progress-text.js';
import { statusLabel } from './run-status-text.js';
import { plainText } from '../editor/plain-text.js';

/**
 * Lists each task's main metric at the best epoch, `validation: income AUC 0.9421 · marital 0.9930`, for at
 * most `max` tasks. Returns an empty text if there are no metrics yet.
 */
export function metricsText(manifest: RunManifest, max = 3): string {
  const values = manifest.summary?.validation;
  return values === undefined ? '' : t('validation: {0}', valuesText(manifest.tasks, values, max));
}

/** Lists the main metrics of tasks, `income AUC 0.9421 · marital 0.9930`, for at most `max` of them. */
export function valuesText(tasks: RunManifest['tasks'], values: Metrics, max = 3): string {
  let lastLabel = '';
  const parts = tasks.map((task) => {
    const metric = mainMetric(task.kind);
    const label = metricLabel(metric);
    const named = label === lastLabel ? plainText(task.name) : `${plainText(task.name)} ${label}`;
    lastLabel = label;
    return `${named} ${formatMetric(values[task.name]?.[metric])}`;
  });
  return parts.length > max ? `${parts.slice(0, max).join(' · ')} …` : parts.join(' · ');
}

/**
 * Lists the metrics of all tasks in their order, as short as can be: `val AUC .9421 · .9930`, so that those of
 * several tasks fit beside a name in the tree. Its tooltip has the tasks' names.
 */
export function shortMetricsText({ summary, tasks }: RunManifest): string {
  if (summary === null) return '';
  let lastLabel = '';
  const parts = tasks.map(({ name, kind }) => {
    const metric = mainMetric(kind);
    const label = metricLabel(metric);
    const value = withoutZero(formatMetric(summary.validation[name]?.[metric]));
    const part = label === lastLabel ? value : `${label} ${value}`;
    lastLabel = label;
    return part;
  });
  return t('val {0}', parts.join(' · '));
}

/** Returns the text that stands beside the name of a run in lists. */
export function runDescription(run: RunState, metrics = metricsText(run.manifest)): string {
  const and = (text: string): string => (metrics === '' ? text : `${text} · ${metrics}`);
  switch (run.status) {
    case 'queued':
      return t('queued');
    case 'running':
      return and(trainingProgressText(run));
    case 'finished':
      return metrics === '' ? t('finished') : metrics;
    case 'failed':
      return run.manifest.error === null
        ? t('failed')
        : `${t('failed')}: ${plainText(run.manifest.error.message)}`;
    case 'stopped':
    case 'interrupted':
      return and(statusLabel(run.status));
  }
}
