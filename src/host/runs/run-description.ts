import type { RunManifest } from '../../shared/run/run-manifest.js';
import { formatMetric } from '../../shared/numbers.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { t } from '../editor/localise.js';
import { trainingProgressText, type RunState } from './run-progress-text.js';
import { statusLabel } from './run-status-text.js';
import { plainText } from '../editor/plain-text.js';

/**
 * Lists each task's main metric at the best epoch, `income AUC 0.9421 · marital 0.9930`, for at most `max`
 * tasks. Returns an empty text if there are no metrics yet.
 */
export function metricsText(manifest: RunManifest, max = 3): string {
  const values = manifest.summary?.validation;
  if (values === undefined) return '';
  let lastLabel = '';
  const parts = manifest.tasks.map((task) => {
    const metric = mainMetric(task.kind);
    const label = metricLabel(metric);
    const named = label === lastLabel ? plainText(task.name) : `${plainText(task.name)} ${label}`;
    lastLabel = label;
    return `${named} ${formatMetric(values[task.name]?.[metric])}`;
  });
  return parts.length > max ? `${parts.slice(0, max).join(' · ')} …` : parts.join(' · ');
}

/** Returns the text that stands beside the name of a run, in the tree and in lists. */
export function runDescription(run: RunState): string {
  const metrics = metricsText(run.manifest);
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
