import { experimentOfRun } from '../../shared/names.js';
import type { RunManifest } from '../../shared/run/run-manifest.js';
import { comparableName, isDefaultName, nameWithin, SettingCounts } from '../../shared/settings/run-names.js';

/**
 * Returns what each run is called in the editor, below its experiment: `mmoe · learningRate .01 · seed 3`. The
 * runs are all of a runs folder.
 */
export function derivedNames(runs: readonly RunManifest[]): Map<RunManifest, string> {
  const groups = new Map<string | null, SettingCounts>();
  for (const run of runs) {
    const counts = groups.get(run.experimentFile) ?? new SettingCounts();
    groups.set(run.experimentFile, counts);
    counts.add(run);
  }
  return new Map(runs.map((run) => [run, nameWithin(run, groups.get(run.experimentFile)!)]));
}

/** Returns a run's derived name with its experiment before it, which a name that a person has given lacks. */
export function fullName(run: RunManifest, derived: string): string {
  const experiment = isDefaultName(run) ? experimentOfRun(run) : null;
  return experiment === null ? derived : `${experiment} · ${derived}`;
}

/** Returns the runs that are called so, as in run.json or as in the editor. */
export function runsCalled(name: string, runs: readonly RunManifest[]): RunManifest[] {
  const exact = runs.filter((run) => run.name === name);
  const wanted = comparableName(name);
  if (wanted === '') return exact;
  const derived = derivedNames(runs);
  const likewise = runs.filter((run) => {
    const own = derived.get(run)!;
    return comparableName(own) === wanted || comparableName(fullName(run, own)) === wanted;
  });
  return [...new Set([...exact, ...likewise])];
}
