import { formatCount, formatDuration, formatProgress } from '../../shared/numbers.js';
import { experimentOfRun } from '../../shared/names.js';
import { plannedRuns, variantOf } from '../../shared/run/comparison-rest.js';
import { overviewOf } from '../../shared/run/overview.js';
import type { PlannedComparison, RunStatus } from '../../shared/run/run-manifest.js';
import { filePath, seedPath, settingsAt, variantPath } from '../../shared/settings/run-settings.js';
import { settingText } from '../../shared/settings/setting-text.js';
import { t } from '../editor/localise.js';
import { nameWithin, SettingCounts } from '../../shared/settings/run-names.js';
import { missingOf, onceForEach, type HostComparison } from './comparisons.js';
import type { ReadableRun } from './run-collection.js';

const overview = onceForEach(({ runs }) => overviewOf(runs.map(({ entry }) => entry)));

/** What the runs of a comparison come to: the most urgent of their statuses. */
export const statusOfComparison = onceForEach((comparison): RunStatus => {
  const { counts } = overview(comparison);
  const order = ['running', 'queued', 'failed', 'interrupted', 'stopped'] as const;
  return order.find((status) => counts.has(status)) ?? 'finished';
});

/**
 * Says how far a comparison is: `3 of 12 runs · 41 % · about 0:40 left`, or what it has come to:
 * `12 runs · 2 failed`.
 */
export const comparisonDescription = onceForEach((comparison): string => {
  const entries = comparison.runs.map(({ entry }) => entry);
  const { counts, isLive, share, secondsLeft } = overview(comparison);
  const finished = counts.get('finished') ?? 0;
  const failed = counts.get('failed') ?? 0;
  const all = plannedRuns(entries);
  const isWhole = isLive || missingOf(comparison) > 0;
  const parts = [
    isWhole
      ? t('{0} of {1} runs', formatCount(finished), formatCount(all))
      : all === 1
        ? t('1 run')
        : t('{0} runs', formatCount(all)),
    ...(isLive ? [formatProgress(share)] : []),
    ...(secondsLeft === null ? [] : [t('about {0} left', formatDuration(secondsLeft))]),
    ...(failed > 0 ? [t('{0} failed', formatCount(failed))] : []),
  ];
  return parts.join(' · ');
});

/** A name has no more settings than this. */
const mostSettings = 2;

/**
 * Returns what a comparison is called below its experiment: what tells it from others of the experiment, whose runs
 * differ in `telling`, and what it compares, `learningRate .01 · 4 variants × 5 seeds`; or the name that a person has
 * given it.
 */
export const nameBelowExperiment = (comparison: HostComparison, telling: readonly string[]): string =>
  namesOf(comparison)(telling);

/** Remembers the name as long as the experiment's runs differ in the same settings, which then are the same list. */
const namesOf = onceForEach((comparison) => {
  let last: { readonly telling: readonly string[]; readonly name: string } | null = null;
  return (telling: readonly string[]): string => {
    if (last?.telling !== telling) last = { telling, name: makeName(comparison, telling) };
    return last.name;
  };
});

function makeName({ name, runs }: HostComparison, telling: readonly string[]): string {
  const manifests = runs.map(({ entry }) => entry.manifest);
  // Runs of a comparison differ in variant and seed; another call may have joined it with settings of its own.
  const [first, last] = [manifests[0]!, manifests.at(-1)!];
  const isDefault = [experimentOfRun(first), 'experiment'].some((own) => name.startsWith(`${own}: `));
  if (!isDefault) return name;
  const [one, other] = [settingsAt(first, telling), settingsAt(last, telling)];
  const settings = telling
    .filter((path) => path !== filePath && path !== variantPath && path !== seedPath)
    .flatMap((path) => {
      const value = one?.get(path);
      return value === undefined || value !== other?.get(path) ? [] : [settingText(path, value)];
    });
  // The oldest run comes last, and variants come in the order in which they were to be trained.
  const planned = new Set<PlannedComparison>();
  const [variants, trained, seeds] = [new Set<string>(), new Set<string>(), new Set<number>()];
  for (const { comparison, experiment, seed } of manifests.toReversed()) {
    if (comparison?.planned !== undefined) planned.add(comparison.planned);
    const variant = variantOf(experiment);
    if (variant !== null) trained.add(variant);
    seeds.add(seed);
  }
  for (const plan of planned) {
    for (const variant of plan.variants) variants.add(variant);
    for (const seed of plan.seeds) seeds.add(seed);
  }
  for (const variant of trained) variants.add(variant);
  const compared = variants.size > mostListed ? t('{0} variants', variants.size) : [...variants].join(', ');
  const parts = [
    ...settings.slice(0, mostSettings),
    seeds.size > 1 ? t('{0} × {1} seeds', compared, seeds.size) : compared,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** What the runs of a comparison differ in. */
const countsOf = onceForEach(({ runs }) => new SettingCounts(runs.map(({ entry }) => entry.manifest)));

/** Returns what a run is called below its comparison: by what tells it from the others there, `mmoe · seed 3`. */
export const nameInComparison = ({ entry: { manifest } }: ReadableRun, comparison: HostComparison): string =>
  nameWithin(manifest, countsOf(comparison));

/** More variants are counted. */
const mostListed = 2;

/** Making one takes longer than all else that is said of a comparison. */
const dates = new Map<string, Intl.DateTimeFormat>();

/** Says when a comparison was begun: `Nov 29`. */
export function begunText({ runs }: HostComparison, language: string): string {
  const created = new Date(runs.at(-1)!.entry.manifest.times.created);
  if (Number.isNaN(created.getTime())) return '';
  const format = dates.get(language) ?? new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  dates.set(language, format);
  return format.format(created);
}
