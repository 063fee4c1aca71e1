import { isKept } from '../../../src/shared/run/kept-epoch.js';
import type { RunHistory } from '../../../src/shared/run/run-history.js';
import type { RunManifest, RunTask } from '../../../src/shared/run/run-manifest.js';
import { biggerIsBetter, mainMetric } from '../../../src/shared/task-kinds.js';

export interface TaskScore {
  readonly metric: string;
  /** The value at the epoch whose weights are kept; null: not known yet. */
  readonly validation: number | null;
  /** That epoch. */
  readonly epoch: number | null;
  /** The value of the best epoch's weights on test rows; null until the end. */
  readonly test: number | null;
  /** The epoch that was best for this task alone; null: not known yet. */
  readonly own: { readonly epoch: number; readonly value: number } | null;
}

/** Reads the score from the events, which are ahead of the manifest while a run is trained. */
export function taskScore({ name, kind }: RunTask, history: RunHistory, { summary }: RunManifest): TaskScore {
  const metric = mainMetric(kind);
  const sign = biggerIsBetter(metric) ? 1 : -1;
  const best = history.epochs.findLast((event) => isKept(event, name));
  let own: TaskScore['own'] = null;
  for (const { epoch, validation } of history.epochs) {
    const value = validation?.[name]?.[metric] ?? null;
    if (epoch >= 1 && value !== null && (own === null || sign * value > sign * own.value))
      own = { epoch, value };
  }
  return {
    metric,
    validation: best?.validation?.[name]?.[metric] ?? summary?.validation[name]?.[metric] ?? null,
    epoch: best?.epoch ?? summary?.keptEpochs?.[name] ?? summary?.bestEpoch ?? null,
    test: summary?.test?.[name]?.[metric] ?? null,
    own,
  };
}
