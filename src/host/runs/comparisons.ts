import { missingRuns } from '../../shared/run/comparison-rest.js';
import { forEachInSlices, Slices } from '../../run/files/slices.js';
import { isReadable, type HostRun, type ReadableRun } from './run-collection.js';

/** The runs that one `mmoe compare` made, with what people have made of it. */
export interface HostComparison {
  readonly id: string;
  readonly name: string;
  readonly notes: string;
  /** All that are known, archived ones, too; at least one, the newest first. */
  readonly runs: readonly ReadableRun[];
}

/** Returns all comparisons by their ids, in the order of each one's first run. */
export async function comparisonsOf(
  all: readonly HostRun[],
  slices = new Slices(),
): Promise<Map<string, HostComparison>> {
  const found = new Map<string, HostComparison & { readonly runs: ReadableRun[] }>();
  await forEachInSlices(all, slices, (run) => {
    if (!isReadable(run)) return;
    const { comparison } = run.entry.manifest;
    if (comparison === null) return;
    const { id, name, notes = '' } = comparison;
    const known = found.get(id);
    if (known === undefined) found.set(id, { id, name, notes, runs: [run] });
    else known.runs.push(run);
  });
  return found;
}

/** As a comparison is made anew when its runs change, what is found out of it stays. */
const missing = new WeakMap<HostComparison, number>();

/** Returns how many runs a comparison is still to train; 0 also while some train. */
export function missingOf(comparison: HostComparison): number {
  const known = missing.get(comparison);
  if (known !== undefined) return known;
  const found = missingRuns(comparison.runs.map(({ entry }) => entry)) ?? 0;
  missing.set(comparison, found);
  return found;
}

/** Returns the comparisons that have runs still to be trained, none of which trains just now, by their ids. */
export async function unfinishedComparisons(all: readonly HostRun[]): Promise<Map<string, HostComparison>> {
  const found = await comparisonsOf(all);
  for (const [id, comparison] of found) if (missingOf(comparison) === 0) found.delete(id);
  return found;
}

/** Returns the tags that all runs of a comparison have. */
export const tagsOfComparison = ({ runs }: HostComparison): string[] => {
  const [first, ...rest] = runs.map(({ entry }) => entry.manifest.tags);
  return (first ?? []).filter((tag) => rest.every((tags) => tags.includes(tag)));
};

/** Returns whether a comparison is out of sight: all its runs are archived. */
export const isArchived = ({ runs }: HostComparison): boolean =>
  runs.every(({ entry }) => entry.manifest.archived === true);
