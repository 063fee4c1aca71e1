import type { RunManifest, RunStatus } from './run-manifest.js';
import { isLive } from './run-status.js';

/**
 * The epoch whose gates and experts stand for a run: of one that has ended the one that is kept, as its
 * metrics and predictions are. Null: the latest that there is.
 */
export function shownEpoch({ summary }: Pick<RunManifest, 'summary'>, status: RunStatus): number | null {
  return isLive({ status }) ? null : (summary?.bestEpoch ?? null);
}

/** The last event of a level up to an epoch; the events are in the order of their epochs. */
export function lastOfLevel<E extends { readonly level: number; readonly epoch: number }>(
  events: readonly E[],
  level: number,
  epoch: number | null,
): E | undefined {
  return events.findLast((event) => event.level === level && (epoch === null || event.epoch <= epoch));
}
