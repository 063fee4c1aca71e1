import type { RunProgress } from '../../run/store.js';
import type { Metrics, RunManifest, RunStatus } from '../../shared/run.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { t } from '../editor/localise.js';
import { formatDuration, formatMetric, formatProgress } from '../../shared/numbers.js';

/** One run in words: what stands beside its name in the tree, in the status bar and in notifications. */

export interface RunState {
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  readonly progress: RunProgress | null;
}

export function statusLabel(status: RunStatus): string {
  switch (status) {
    case 'queued':
      return t('queued');
    case 'running':
      return t('training');
    case 'finished':
      return t('finished');
    case 'stopped':
      return t('stopped');
    case 'failed':
      return t('failed');
    case 'interrupted':
      return t('interrupted');
  }
}

/** A codicon and, where it means trouble or life, a theme colour. */
export function statusIcon(status: RunStatus): { icon: string; color?: string } {
  switch (status) {
    case 'queued':
      return { icon: 'clock' };
    case 'running':
      return { icon: 'sync~spin', color: 'progressBar.background' };
    case 'finished':
      return { icon: 'pass' };
    case 'stopped':
      return { icon: 'debug-pause' };
    case 'failed':
      return { icon: 'error', color: 'list.errorForeground' };
    case 'interrupted':
      return { icon: 'warning', color: 'list.warningForeground' };
  }
}

/** 0 … 1; null before the first step. */
export function shareDone({ progress }: RunState): number | null {
  return progress === null || progress.steps === null || progress.steps === 0
    ? null
    : Math.min(1, progress.step / progress.steps);
}

/** Seconds of training still to go at the speed so far; null while that cannot be told. */
export function secondsLeft({ progress }: RunState): number | null {
  if (progress === null || progress.steps === null || progress.step === 0) return null;
  return (progress.seconds / progress.step) * Math.max(0, progress.steps - progress.step);
}

/** The epoch that is being trained, from 1. */
function currentEpoch({ manifest, progress }: RunState): number | null {
  const { epochs, stepsPerEpoch } = manifest;
  if (progress === null || epochs === null || stepsPerEpoch === null || stepsPerEpoch === 0) return null;
  return Math.min(epochs, Math.floor(progress.step / stepsPerEpoch) + 1);
}

/** `epoch 13 of 20 · 62 %`; `starting` before there is a first step. */
export function progressText(run: RunState): string {
  const epoch = currentEpoch(run);
  const share = shareDone(run);
  if (epoch === null || share === null) return t('starting');
  return `${t('epoch {0} of {1}', epoch, run.manifest.epochs ?? epoch)} · ${formatProgress(share)}`;
}

export function timeLeftText(run: RunState): string | null {
  const seconds = secondsLeft(run);
  return seconds === null ? null : t('{0} left', formatDuration(seconds));
}

/**
 * Each task's main metric at the best epoch: `income AUC 0.9421 · marital 0.9930`; empty when there is none.
 */
export function metricsText(manifest: RunManifest, most = 3): string {
  const values = manifest.summary?.validation;
  if (values === undefined) return '';
  let lastLabel = '';
  const parts = manifest.tasks.map((task) => {
    const metric = mainMetric(task.kind);
    const label = metricLabel(metric);
    const text = `${task.name}${label === lastLabel ? '' : ` ${label}`} ${formatMetric(values[task.name]?.[metric])}`;
    lastLabel = label;
    return text;
  });
  return parts.length > most ? `${parts.slice(0, most).join(' · ')} …` : parts.join(' · ');
}

/** What stands beside the name in the tree. */
export function runDescription(run: RunState): string {
  const metrics = metricsText(run.manifest);
  const and = (text: string): string => (metrics === '' ? text : `${text} · ${metrics}`);
  switch (run.status) {
    case 'queued':
      return t('queued');
    case 'running':
      return and(progressText(run));
    case 'finished':
      return metrics === '' ? t('finished') : metrics;
    case 'failed':
      return run.manifest.error === null ? t('failed') : `${t('failed')}: ${run.manifest.error.message}`;
    case 'stopped':
    case 'interrupted':
      return and(statusLabel(run.status));
  }
}

/** A task's main metric at the best epoch, to sort by; null: none. */
export function headline(manifest: RunManifest, task: string): number | null {
  const kind = manifest.tasks.find((one) => one.name === task)?.kind;
  const validation: Metrics | undefined = manifest.summary?.validation;
  return kind === undefined ? null : (validation?.[task]?.[mainMetric(kind)] ?? null);
}
