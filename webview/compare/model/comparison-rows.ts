import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { nameWithin, SettingCounts } from '../../../src/shared/settings/run-names.js';
import { methodKey, type Differences } from '../../../src/shared/settings/run-settings.js';

/** A method (runs that differ in nothing but their seed) or a single run: it has a colour and a row. */
export interface ComparisonRow {
  /** The folder of the row's first run. */
  readonly key: string;
  readonly label: string;
  /** Index of its colour: its place in the order in which rows were made, however they are sorted. */
  readonly line: number;
  readonly runs: readonly ComparedRun[];
}

/**
 * Makes a row of the runs that differ in their seed only. `runs` come in the order in which they were made.
 */
export function methods(runs: readonly ComparedRun[], differing: Differences): ComparisonRow[] {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = methodKey(differing.values.get(run.folder), differing) ?? run.folder;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return named(
    [...groups.values()].map((its) => ({ key: its[0]!.folder, runs: its })),
    { withoutSeed: true },
  );
}

/** Makes a row of every run. */
export const singles = (runs: readonly ComparedRun[]): ComparisonRow[] =>
  named(
    runs.map((run) => ({ key: run.folder, runs: [run] })),
    { withoutSeed: false },
  );

/** Names the rows by what tells them apart; rows that nothing tells apart by numbers. */
function named(
  groups: readonly { key: string; runs: readonly ComparedRun[] }[],
  options: { withoutSeed: boolean },
): ComparisonRow[] {
  const counts = new SettingCounts(groups.flatMap(({ runs }) => runs.map(({ manifest }) => manifest)));
  const labels = groups.map(({ runs }) => nameWithin(runs[0]!.manifest, counts, options));
  return groups.map(({ key, runs }, line) => {
    const before = labels.slice(0, line).filter((label) => label === labels[line]).length;
    return { key, runs, line, label: before === 0 ? labels[line]! : `${labels[line]!} (${before + 1})` };
  });
}

/** Makes a row of one run of a method, for its place below the method. */
export const singleRow = (run: ComparedRun, { label, line }: ComparisonRow): ComparisonRow => ({
  key: run.folder,
  label: `${label} ${run.manifest.seed}`,
  line,
  runs: [run],
});
