import { missingRuns } from '../../shared/run/comparison-rest.js';
import { forEachInSlices, Slices } from '../../run/store/slices.js';
import { isReadable, type HostRun, type ReadableRun } from './run-collection.js';

/** Returns the comparisons that have runs still to be trained, none of which trains just now, by their ids. */
export async function unfinishedComparisons(
  all: readonly HostRun[],
  slices = new Slices(),
): Promise<Map<string, ReadableRun[]>> {
  const found = new Map<string, ReadableRun[]>();
  await forEachInSlices(all, slices, (run) => {
    if (!isReadable(run)) return;
    const id = run.entry.manifest.comparison?.id;
    if (id === undefined) return;
    const its = found.get(id);
    if (its === undefined) found.set(id, [run]);
    else its.push(run);
  });
  for (const [id, runs] of found)
    if ((missingRuns(runs.map(({ entry }) => entry)) ?? 0) === 0) found.delete(id);
  return found;
}
