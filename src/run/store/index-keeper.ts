import { isLive } from '../../shared/run/run-status.js';
import { coarseClockMilliseconds } from './folder-listing.js';
import type { KnownRun } from './entry-reader.js';
import { fewestIndexed, writeIndex, type IndexedRun } from './run-index.js';
import { forEachInSlices, Slices } from '../files/slices.js';

/** The share of the runs that may be missing from the index before it is written anew. */
const indexBehind = 0.05;

/** Writes the index of a runs folder anew where it is behind. */
export class IndexKeeper {
  private writing: Promise<void> | null = null;

  /** `mayWrite`: asked each time. */
  constructor(
    private readonly runsFolder: string,
    private readonly mayWrite: () => boolean,
  ) {}

  /** Writes later, beside other work. */
  keep(known: ReadonlyMap<string, KnownRun>): void {
    if (known.size < fewestIndexed || this.writing !== null || !this.mayWrite()) return;
    this.writing = this.write(known)
      // A folder that cannot be written to is looked at without an index.
      .catch(() => undefined)
      .finally(() => (this.writing = null));
  }

  private async write(known: ReadonlyMap<string, KnownRun>): Promise<void> {
    const slices = new Slices();
    const runs: IndexableRun[] = [];
    let behind = 0;
    await forEachInSlices(known.values(), slices, (one) => {
      if (!isIndexable(one)) return;
      runs.push(one);
      if (!one.isIndexed) behind++;
    });
    if (behind < Math.max(fewestIndexed / 2, runs.length * indexBehind)) return;
    await writeIndex(this.runsFolder, indexed(runs));
    await forEachInSlices(runs, slices, (one) => void (one.isIndexed = true));
  }
}

type IndexableRun = KnownRun & { readonly entry: Extract<KnownRun['entry'], { state: 'ok' }> };

/**
 * Returns whether nothing but a run's files can change what it is, and its stamp cannot hide that: files that
 * were changed just now may change again within the same time stamp.
 */
const isIndexable = (known: KnownRun): known is IndexableRun =>
  known.entry.state === 'ok' &&
  !isLive(known.entry.manifest) &&
  known.entry.manifest.status === known.entry.status &&
  Date.now() - Number.parseFloat(known.stamp) > coarseClockMilliseconds;

function* indexed(runs: readonly IndexableRun[]): Generator<[id: string, run: IndexedRun]> {
  for (const { entry, stamp } of runs) yield [entry.id, { stamp, manifest: entry.manifest }];
}
