import type { RunManifest, RunStatus } from '../../shared/run/run-manifest.js';
import { isLive } from '../../shared/run/run-status.js';
import type { TrainingProgress } from '../../shared/run/training-progress.js';

export type RunListEntry =
  | {
      readonly state: 'ok';
      readonly id: string;
      readonly folder: string;
      readonly manifest: RunManifest;
      /** The true status: `interrupted` if no trainer is alive. */
      readonly status: RunStatus;
      /** Null unless the run trains and has a first event. */
      readonly progress: TrainingProgress | null;
    }
  /** A run.json that this version cannot read; `id` is the folder's name. */
  | { readonly state: 'unreadable'; readonly id: string; readonly folder: string; readonly reason: string };

/** Returns whether a run's state may change though none of its files does: its trainer may be gone. */
export const mayChange = (entry: RunListEntry): boolean => entry.state === 'ok' && isLive(entry);

/** Orders the newest first. */
export function newestFirst(one: RunListEntry, other: RunListEntry): number {
  const [a, b] = [createdOf(one), createdOf(other)];
  return a < b ? 1 : a > b ? -1 : 0;
}

const createdOf = (entry: RunListEntry): string =>
  entry.state === 'ok' ? `${entry.manifest.times.created} ${entry.id}` : entry.id;
