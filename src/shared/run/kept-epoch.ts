import type { EventOf } from './run-events.js';
import type { RunManifest } from './run-manifest.js';

/**
 * Returns whether an epoch was the best so far for a task, so that the task's weights were kept. Of a run's
 * epochs the last such one is the task's; where tasks share weights it is the same for all.
 */
export const isKept = (
  { best, bestTasks }: Pick<EventOf<'epoch'>, 'best' | 'bestTasks'>,
  task: string,
): boolean => best && (bestTasks?.includes(task) ?? true);

/**
 * Returns the epoch whose weights are kept in words: `7`, or `7 (click), 12 (like)` where tasks keep different
 * ones. Null: there is none yet.
 */
export function keptEpochText({ summary }: Pick<RunManifest, 'summary'>): string | null {
  const epoch = summary?.bestEpoch ?? null;
  if (epoch === null) return null;
  const kept = Object.entries(summary?.keptEpochs ?? {});
  if (kept.every(([, own]) => own === epoch)) return String(epoch);
  return kept.map(([task, own]) => `${own} (${task})`).join(', ');
}
