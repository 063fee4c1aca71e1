import type { Metrics } from '../../shared/run/run-manifest.js';
import { isLive } from '../../shared/run/run-status.js';
import { isSameRows } from '../../shared/settings/same-rows.js';
import { biggerIsBetter, mainMetric } from '../../shared/task-kinds.js';
import { t } from '../editor/localise.js';
import { valuesText } from '../runs/run-description.js';
import { shortRowsKeys } from '../runs/runs-by-rows.js';
import { type RunState } from '../runs/run-progress-text.js';
import { statusLabel } from '../runs/run-status-text.js';

/**
 * Returns the text that stands beside an experiment: that it trains, or the best that any of its runs has
 * reached for each task on the rows that the newest one was judged by. Where there is no metric, it is the status of the last run (the first one given), and
 * nothing if there is no run.
 */
export function experimentDescription(runs: readonly RunState[]): string {
  const live = runs.filter(isLive).length;
  if (live > 0) return live === 1 ? t('training') : t('{0} runs training', live);
  const [last] = runs;
  if (last === undefined) return '';
  const tasks = last.manifest.tasks;
  const best = bestOf(runs);
  const isKnown = tasks.some(({ name, kind }) => best[name]?.[mainMetric(kind)] !== undefined);
  return isKnown ? t('best validation: {0}', valuesText(tasks, best)) : statusLabel(last.status);
}

/**
 * Returns the best validation value of each task's main metric over the runs that were judged by the same rows as the
 * first one that has been judged.
 */
function bestOf(runs: readonly RunState[]): Metrics {
  const best: Record<string, Record<string, number>> = {};
  const judged = runs.filter(({ manifest: { summary } }) => summary !== null);
  const [newest] = judged;
  const alike = judged.filter(
    ({ manifest }) =>
      newest !== undefined && isSameRows(shortRowsKeys(newest.manifest), shortRowsKeys(manifest)),
  );
  for (const { manifest } of alike)
    for (const { name, kind } of manifest.tasks) {
      const metric = mainMetric(kind);
      const value = manifest.summary?.validation[name]?.[metric] ?? null;
      if (value === null) continue;
      const known = best[name]?.[metric];
      const isBetter = known === undefined || (biggerIsBetter(metric) ? value > known : value < known);
      if (isBetter) best[name] = { [metric]: value };
    }
  return best;
}
