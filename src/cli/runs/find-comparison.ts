import { join } from 'node:path';
import { isRunId } from '../../run/id.js';
import { systemProbe } from '../../run/liveness.js';
import { readStatus } from '../../run/reader.js';
import { InputError } from '../../shared/errors.js';
import type { RunManifest, RunStatus } from '../../shared/run/run-manifest.js';
import { listed, runIds } from './find-run.js';

export interface FoundRun {
  readonly folder: string;
  readonly manifest: RunManifest;
  /** The true status. */
  readonly status: RunStatus;
}

export interface FoundComparison {
  readonly comparison: NonNullable<RunManifest['comparison']>;
  /** Its runs that can be read, the oldest first. */
  readonly runs: readonly FoundRun[];
}

/** Folders that are read at once. */
const atOnce = 16;

/**
 * COMPARISON: its id, a unique start of one, or a name that one comparison has. Throws InputError where there
 * is none, with those that there are.
 */
export async function findComparison(wanted: string, runsFolder: string): Promise<FoundComparison> {
  const ids = (await runIds(runsFolder)).sort();
  const found = new Map<string, { comparison: FoundComparison['comparison']; runs: FoundRun[] }>();
  for (let from = 0; from < ids.length; from += atOnce) {
    const read = await Promise.all(
      ids.slice(from, from + atOnce).map(async (id) => {
        const folder = join(runsFolder, id);
        return { folder, reading: await readStatus(folder, systemProbe(), Date.now()) };
      }),
    );
    for (const { folder, reading } of read) {
      if (reading.state !== 'ok') continue;
      const { comparison } = reading.manifest;
      // Its id becomes the name of a file.
      if (comparison === null || !isRunId(comparison.id)) continue;
      const known = found.get(comparison.id) ?? { comparison, runs: [] };
      known.runs.push({ folder, manifest: reading.manifest, status: reading.status });
      found.set(comparison.id, known);
    }
  }
  const all = [...found.values()];
  const exact = found.get(wanted);
  if (exact !== undefined) return exact;
  const named = all.filter(({ comparison }) => comparison.name === wanted);
  const starting = wanted === '' ? [] : all.filter(({ comparison }) => comparison.id.startsWith(wanted));
  const matching = named.length > 0 ? named : starting;
  if (matching.length === 1) return matching[0]!;
  const label = ({ comparison }: FoundComparison): string => `${comparison.id} (${comparison.name})`;
  if (matching.length > 1)
    throw new InputError(
      'compare.ambiguous',
      `${matching.length} comparisons are called "${wanted}": ${listed(matching.map(label))}; ` +
        'give more of the id',
    );
  const known = all.length === 0 ? 'there is none yet' : `there are ${listed(all.reverse().map(label))}`;
  throw new InputError('compare.unknown', `there is no comparison "${wanted}"; ${known}`, {
    file: runsFolder,
  });
}
