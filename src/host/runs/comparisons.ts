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

/**
 * Returns all comparisons by their ids, in the order of each one's first run. One that is as it was in `before` is the
 * same object, so that what was found out of it stays.
 */
export async function comparisonsOf(
  all: readonly HostRun[],
  slices = new Slices(),
  before: ReadonlyMap<string, HostComparison> = new Map(),
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
  return new Map([...found].map(([id, now]) => [id, asBefore(now, before.get(id)) ?? now]));
}

/** Returns the comparison as it was before; null: it has changed. */
function asBefore(now: HostComparison, before: HostComparison | undefined): HostComparison | null {
  if (before === undefined || before.runs.length !== now.runs.length) return null;
  return before.runs.every((run, at) => run === now.runs[at]) ? before : null;
}

/** Finds something out of each comparison once: these are made anew when their runs change. */
export function onceForEach<T>(find: (comparison: HostComparison) => T): (comparison: HostComparison) => T {
  const found = new WeakMap<HostComparison, { readonly value: T }>();
  return (comparison) => {
    const known = found.get(comparison) ?? { value: find(comparison) };
    found.set(comparison, known);
    return known.value;
  };
}

/** Returns how many runs a comparison is still to train; 0 also while some train. */
export const missingOf = onceForEach(({ runs }) => missingRuns(runs.map(({ entry }) => entry)) ?? 0);

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
export const isArchived = onceForEach(({ runs }) =>
  runs.every(({ entry }) => entry.manifest.archived === true),
);
