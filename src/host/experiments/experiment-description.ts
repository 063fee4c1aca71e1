import { t } from '../editor/localise.js';
import { metricsText } from '../runs/run-description.js';
import { type RunState } from '../runs/run-progress-text.js';
import { statusLabel } from '../runs/run-status-text.js';
import { isLive } from '../../shared/run/run-status.js';

/**
 * Returns the text that stands beside an experiment: that it trains, or how its last run (the first one
 * given) went. It is empty if there is no run.
 */
export function experimentDescription(runs: readonly RunState[]): string {
  const live = runs.filter(isLive).length;
  if (live > 0) return live === 1 ? t('training') : t('{0} runs training', live);
  const [last] = runs;
  if (last === undefined) return '';
  const metrics = metricsText(last.manifest);
  return last.status === 'finished' && metrics !== '' ? metrics : statusLabel(last.status);
}
