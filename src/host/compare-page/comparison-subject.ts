import { dirname } from 'node:path';
import type { ComparisonSubject } from '../../shared/messages/compare-protocol.js';
import { t } from '../editor/localise.js';
import { isReadable, type HostRun, type ReadableRun } from '../runs/run-collection.js';
import { experimentOfRun } from '../../shared/names.js';

/** Finds which runs a compare view is about, and how it is called. */

/**
 * Returns the subject for chosen runs. If these are all runs of one comparison, the subject is the
 * comparison, and runs that join it later are shown as well. Otherwise it is just these runs. `all` are the
 * runs that are known.
 */
export function subjectOf(chosen: readonly ReadableRun[], all: readonly HostRun[]): ComparisonSubject {
  const folders = chosen.map(({ entry }) => entry.folder);
  const comparison = chosen[0]?.entry.manifest.comparison ?? null;
  if (comparison !== null && chosen.every(({ entry }) => entry.manifest.comparison?.id === comparison.id)) {
    const its = all.filter(isReadable).filter(({ entry }) => entry.manifest.comparison?.id === comparison.id);
    if (its.every(({ entry }) => folders.includes(entry.folder)))
      return {
        folders: [],
        comparison: { id: comparison.id, runsFolder: dirname(folders[0]!) },
        title: comparison.name,
      };
  }
  return { folders, comparison: null, title: titleOf(chosen) };
}

/** Returns the runs of a comparison, as far as they are known. */
export const runsOfComparison = (id: string, all: readonly HostRun[]): ReadableRun[] =>
  all.filter(isReadable).filter(({ entry }) => entry.manifest.comparison?.id === id);

/** Returns the runs to show, in the order in which they were made. */
export function runsOfSubject(
  { folders, comparison }: ComparisonSubject,
  all: readonly HostRun[],
): ReadableRun[] {
  return all
    .filter(isReadable)
    .filter(
      ({ entry }) =>
        folders.includes(entry.folder) ||
        (comparison !== null && entry.manifest.comparison?.id === comparison.id),
    )
    .sort((a, b) => (madeAt(a) < madeAt(b) ? -1 : 1));
}

const madeAt = ({ entry }: ReadableRun): string => `${entry.manifest.times.created} ${entry.id}`;

function titleOf(chosen: readonly ReadableRun[]): string {
  const files = new Set(chosen.map(({ entry }) => experimentOfRun(entry.manifest)));
  const [only] = files;
  return files.size === 1 && only !== undefined && only !== null
    ? t('Compare {0}', only)
    : t('Compare {0} runs', chosen.length);
}
