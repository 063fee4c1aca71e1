import { plannedRuns } from '../../shared/run/comparison-rest.js';
import { isLive } from '../../shared/run/run-status.js';
import { shareTrained } from '../../shared/run/training-progress.js';
import type { ReadableRun } from './run-collection.js';

/**
 * How far all training is that has been going on since the last time that nothing trained. Runs that have ended
 * count as done, and those of a comparison that have not begun yet as still to do, so the share does not fall
 * back when a run ends or the next one begins.
 */
export class WholeProgress {
  /** Folders of the runs that were live at some time. */
  private readonly begun = new Set<string>();

  /** Returns how many runs are being trained in all and the share that is done, 0 … 1; null: nothing trains. */
  of(runs: readonly ReadableRun[]): { readonly runs: number; readonly share: number } | null {
    const live = runs.filter(({ entry }) => isLive(entry));
    if (live.length === 0) {
      this.begun.clear();
      return null;
    }
    const comparisons = new Set(live.flatMap(({ entry }) => entry.manifest.comparison?.id ?? []));
    for (const { entry } of live) this.begun.add(entry.folder);
    const counted = runs.filter(
      ({ entry }) =>
        this.begun.has(entry.folder) || comparisons.has(entry.manifest.comparison?.id ?? 'none of them'),
    );
    const done = counted.reduce((sum, run) => sum + shareOf(run), 0);
    const total = counted.length + this.toCome(counted, comparisons);
    return { runs: total, share: done / total };
  }

  /** Returns how many runs the comparisons have planned beyond those that there are. */
  private toCome(counted: readonly ReadableRun[], comparisons: ReadonlySet<string>): number {
    let more = 0;
    for (const id of comparisons) {
      const its = counted.filter(({ entry }) => entry.manifest.comparison?.id === id);
      more += Math.max(0, plannedRuns(its.map(({ entry }) => entry)) - its.length);
    }
    return more;
  }
}

const shareOf = ({ entry }: ReadableRun): number => (isLive(entry) ? (shareTrained(entry.progress) ?? 0) : 1);
