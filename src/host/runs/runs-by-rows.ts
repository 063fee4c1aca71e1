import { createHash } from 'node:crypto';
import type { RunListEntry } from '../../run/store/run-list-entry.js';
import { forEachInSlices, Slices } from '../../run/files/slices.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { groupsByRows, rowsKey, rowsKeys, type RowsKeys } from '../../shared/settings/same-rows.js';

/** Runs are ranked among those that were judged by the same rows only; here many of them are told apart. */

/** What stands for rows is long to make and to hold, and does not change with a run's progress. */
const made = new WeakMap<object, RowsKeys>();

/** Returns what stands for the rows that a run is judged by, as short texts that are only compared. */
export function shortRowsKeys(manifest: RunManifest): RowsKeys {
  const known = made.get(manifest);
  if (known !== undefined) return known;
  const keys = { ...keysOfInputs(manifest), fingerprint: manifest.data?.fingerprint ?? '' };
  made.set(manifest, keys);
  return keys;
}

/** What stands for rows, by what it is made of: most runs have the data and the columns of others. */
type KeysOfInputs = Pick<RowsKeys, 'choice' | 'encoding'>;
const madeOfObjects = new Map<string, KeysOfInputs>();
const madeOfInputs = new Map<string, KeysOfInputs>();
const mostKept = 1000;

function keysOfInputs(manifest: RunManifest): KeysOfInputs {
  const { experiment, experimentFile, data } = manifest;
  const inputs = [
    experimentFile,
    data?.rows,
    ...['data', 'tasks', 'columns', 'defaults', 'preset'].map((part) => experiment?.[part]),
  ];
  // Runs of one folder share what is equal in them, which then need not be written to be compared.
  const objects = inputs.map((part) => (typeof part === 'object' && part !== null ? [numberOf(part)] : part));
  return kept(madeOfObjects, objects, () =>
    kept(madeOfInputs, inputs, () => {
      const { choice, encoding } = rowsKeys(manifest);
      return { choice: hash(choice), encoding: hash(encoding) };
    }),
  );
}

function kept(
  known: Map<string, KeysOfInputs>,
  by: readonly unknown[],
  make: () => KeysOfInputs,
): KeysOfInputs {
  const key = JSON.stringify(by);
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (known.size >= mostKept) known.clear();
  known.set(key, made);
  return made;
}

const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/** Returns a number that only this object has. */
function numberOf(part: object): number {
  const known = numbers.get(part) ?? ++lastNumber;
  numbers.set(part, known);
  return known;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** Runs that are judged by the same rows. */
export interface RunsOfRows<Run> {
  /** Says how these rows differ from those of the others; empty where all runs are judged by the same. */
  readonly label: string;
  /** As `rowsKey` makes them. */
  readonly keys: ReadonlySet<string>;
  readonly runs: readonly Run[];
}

/**
 * Parts runs by the rows that they are judged by, in the order of each part's first run. Runs that cannot be read are
 * with the last ones.
 */
export async function runsByRows<Run extends { readonly entry: RunListEntry }>(
  runs: readonly Run[],
  slices = new Slices(),
): Promise<readonly RunsOfRows<Run>[]> {
  const byKey = new Map<string, { readonly folder: string; readonly manifest: RunManifest }>();
  const keyOf = new Map<Run, string>();
  await forEachInSlices(runs, slices, (run) => {
    const { entry } = run;
    if (entry.state !== 'ok') return;
    const { folder, manifest } = entry;
    const key = rowsKey(shortRowsKeys(manifest));
    keyOf.set(run, key);
    if (!byKey.has(key)) byKey.set(key, { folder, manifest });
  });
  const groups = groupsByRows([...byKey.values()]).map(({ label, folders }) => ({
    label,
    keys: new Set([...byKey].flatMap(([key, { folder }]) => (folders.has(folder) ? [key] : []))),
    runs: [] as Run[],
  }));
  if (groups.length === 0) return [{ label: '', keys: new Set(), runs }];
  const ofKey = new Map(groups.flatMap((group) => [...group.keys].map((key) => [key, group])));
  await forEachInSlices(runs, slices, (run) => {
    const group = ofKey.get(keyOf.get(run) ?? '') ?? groups.at(-1)!;
    group.runs.push(run);
  });
  return groups;
}
