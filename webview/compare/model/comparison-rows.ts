import type { ComparedRun } from '../../../src/shared/messages/compare-protocol.js';
import { trimmedEnd } from '../../../src/shared/trim.js';
import { seedPath, variantPath, type Differences, type ComparedSettings } from './compared-settings.js';

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
    differing,
    (run) => withoutSeed(run.manifest.name),
  );
}

const withoutSeed = (name: string): string => {
  const at = name.search(/\bseed \d+$/);
  return at < 0 ? name : trimmedEnd(name.slice(0, at), ' ,\t\r\n');
};

/** Makes a row of every run. */
export const singles = (runs: readonly ComparedRun[], differing: Differences): ComparisonRow[] =>
  named(
    runs.map((run) => ({ key: run.folder, runs: [run] })),
    differing,
    (run) => run.manifest.name,
  );

/**
 * Returns a key of the settings that the runs of a method have in common, without the model's variant if
 * asked for; null: these are not known yet.
 */
export function methodKey(
  settings: ComparedSettings | undefined,
  { paths }: Differences,
  withoutVariant = false,
): string | null {
  if (settings === undefined) return null;
  // The number of parameters follows from the rest and is known later.
  const telling = paths.filter(
    (path) => path !== seedPath && path !== 'parameters' && !(withoutVariant && path === variantPath),
  );
  return JSON.stringify(telling.map((path) => [path, settings.get(path) ?? null]));
}

/**
 * Names the rows as their runs, without the words with which all names begin. A row that this does not tell
 * from others is named by the settings that do.
 */
function named(
  groups: readonly { key: string; runs: readonly ComparedRun[] }[],
  differing: Differences,
  nameOf: (run: ComparedRun) => string,
): ComparisonRow[] {
  const names = groups.map(({ runs }) => {
    const [first, ...others] = new Set(runs.map(nameOf));
    return first !== undefined && others.length === 0 ? first : settingsText(runs[0]!, differing);
  });
  const short = withoutCommonStart(names);
  const labels = short.map((label, index) => {
    if (label !== '' && short.indexOf(label) === short.lastIndexOf(label)) return label;
    return [label, settingsText(groups[index]!.runs[0]!, differing)]
      .filter((text) => text !== '')
      .join(' · ');
  });
  return groups.map(({ key, runs }, line) => {
    const before = labels.slice(0, line).filter((label) => label === labels[line]).length;
    return { key, runs, line, label: before === 0 ? labels[line]! : `${labels[line]!} (${before + 1})` };
  });
}

function settingsText(run: ComparedRun, { paths, values }: Differences): string {
  const settings = values.get(run.folder);
  const parts = paths
    .filter((path) => path !== seedPath && path !== 'parameters')
    .flatMap((path) => {
      const value = settings?.get(path);
      return value === undefined
        ? []
        : [path === variantPath ? String(value) : `${path.split('.').at(-1)!} ${value}`];
    });
  return parts.length > 0 ? parts.slice(0, 3).join(' · ') : run.manifest.name;
}

function withoutCommonStart(names: readonly string[]): string[] {
  if (new Set(names).size < 2) return [...names];
  const words = names.map((name) => name.split(' '));
  let common = 0;
  while (words.every((own) => own.length > common + 1 && own[common] === words[0]![common])) common++;
  return words.map((own) => own.slice(common).join(' '));
}

/** Makes a row of one run of a method, for its place below the method. */
export const singleRow = (run: ComparedRun, { label, line }: ComparisonRow): ComparisonRow => ({
  key: run.folder,
  label: `${label} ${run.manifest.seed}`,
  line,
  runs: [run],
});
