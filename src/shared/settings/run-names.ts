import { defaultRunName, experimentName } from '../names.js';
import { variantOf } from '../run/comparison-rest.js';
import type { RunManifest } from '../run/run-manifest.js';
import { trimmedEnd } from '../trim.js';
import {
  filePath,
  seedPath,
  settingsAt,
  settingsOf,
  variantPath,
  type ComparedSettings,
  type ComparedValue,
} from './run-settings.js';
import { settingName, settingText, withoutZero } from './setting-text.js';

/**
 * What runs are called among others: by what tells them apart, `mmoe · learningRate .01 · seed 3`. `name` of
 * run.json counts where a person has given it, and is never changed here.
 */

type NamedRun = Pick<RunManifest, 'name' | 'experiment' | 'experimentFile'>;

/** How many runs of a group have each value of each setting. */
export class SettingCounts {
  private readonly counts = new Map<string, Map<ComparedValue, number>>();
  private readonly names = new Map<string, number>();
  private runs = 0;
  /** As of the last change; null: to be found. */
  private found: readonly string[] | null = null;
  private foundInNames: readonly string[] | null = null;
  private changes = 0;

  constructor(runs: Iterable<NamedRun> = []) {
    for (const run of runs) this.add(run);
  }

  add(run: NamedRun): void {
    this.count(run, 1);
  }

  /** Takes away a run that was added, as it was then. */
  remove(run: NamedRun): void {
    this.count(run, -1);
  }

  /** Grows with every change: names may be others then. */
  get version(): number {
    return this.changes;
  }

  private count(run: NamedRun, by: 1 | -1): void {
    this.changes++;
    if (!isDefaultName(run)) this.names.set(run.name, (this.names.get(run.name) ?? 0) + by);
    const settings = settingsOf(run);
    if (settings === null) return;
    this.found = this.foundInNames = null;
    this.runs += by;
    for (const [path, value] of settings) {
      const values = this.counts.get(path) ?? new Map<ComparedValue, number>();
      this.counts.set(path, values);
      const count = (values.get(value) ?? 0) + by;
      if (count === 0) values.delete(value);
      else values.set(value, count);
    }
  }

  /** Returns the counts of several groups as those of one. */
  static merged(groups: Iterable<SettingCounts>): SettingCounts {
    const all = new SettingCounts();
    for (const { counts, runs } of groups) {
      all.runs += runs;
      for (const [path, values] of counts) {
        const known = all.counts.get(path) ?? new Map<ComparedValue, number>();
        all.counts.set(path, known);
        for (const [value, count] of values) known.set(value, (known.get(value) ?? 0) + count);
      }
    }
    return all;
  }

  /** The settings in which runs differ: the experiment's file first, then the variant, the seed last. */
  get telling(): readonly string[] {
    const order = (path: string): number =>
      path === filePath ? -2 : path === variantPath ? -1 : path === seedPath ? 1 : 0;
    return (this.found ??= [...this.counts]
      .filter(([, values]) => {
        if (values.size === 0) return false;
        const [first] = values.values();
        return values.size > 1 || first !== this.runs;
      })
      .map(([path]) => path)
      .sort((a, b) => order(a) - order(b)));
  }

  /** The settings that names are made of. */
  get inNames(): readonly string[] {
    return (this.foundInNames ??= [filePath, variantPath, seedPath, ...this.telling]);
  }

  /** Returns how many runs have this value. */
  of(path: string, value: ComparedValue): number {
    return this.counts.get(path)?.get(value) ?? 0;
  }

  /** Returns whether several runs were given this name. */
  isGivenTwice(name: string): boolean {
    return (this.names.get(name) ?? 0) > 1;
  }
}

/** A name has no more settings than this, besides variant and seed: those that the fewest runs share. */
const mostSettings = 3;
const longestValue = 28;

/**
 * Returns what a run is called among those that were counted. With `withoutSeed`, all runs of a method have
 * one name.
 */
export function nameWithin(run: NamedRun, counts: SettingCounts, { withoutSeed = false } = {}): string {
  const given = isDefaultName(run) ? null : withoutSeed ? withoutSeedOf(run.name) : run.name;
  const settings = settingsAt(run, counts.inNames);
  if (settings === null || (given !== null && !counts.isGivenTwice(run.name))) return given ?? run.name;
  const parts = [
    ...(given === null ? startOf(settings, counts) : [given]),
    ...partsOf(settings, counts),
    ...(withoutSeed ? [] : seedOf(settings, counts)),
  ];
  return parts.length > 0 ? parts.join(' · ') : run.name;
}

/** Names begin with the experiment, where there are several, and the variant. */
function startOf(settings: ComparedSettings, { telling }: SettingCounts): string[] {
  const [file, variant] = [settings.get(filePath), settings.get(variantPath)];
  return [
    ...(file !== undefined && telling.includes(filePath) ? [settingText(filePath, file)] : []),
    ...(variant !== undefined ? [settingText(variantPath, variant)] : []),
  ];
}

function partsOf(settings: ComparedSettings, counts: SettingCounts): string[] {
  const told = counts.telling.filter(
    (path) => path !== filePath && path !== variantPath && path !== seedPath && settings.has(path),
  );
  const rarest = [...told]
    .sort((a, b) => counts.of(a, settings.get(a)!) - counts.of(b, settings.get(b)!))
    .slice(0, mostSettings);
  return told.filter((path) => rarest.includes(path)).map((path) => shortened(path, settings.get(path)!));
}

function seedOf(settings: ComparedSettings, { telling }: SettingCounts): string[] {
  const seed = settings.get(seedPath);
  return seed !== undefined && telling.includes(seedPath) ? [settingText(seedPath, seed)] : [];
}

function shortened(path: string, value: ComparedValue): string {
  const text = String(value);
  return text.length > longestValue
    ? `${settingName(path)} ${text.slice(0, longestValue - 1)}…`
    : settingText(path, value);
}

/**
 * Returns whether nobody has chosen the name of a run: it is what training and comparing make of its
 * experiment, variant and seed.
 */
export function isDefaultName({ name, experiment, experimentFile }: NamedRun): boolean {
  const variant = variantOf(experiment);
  if (variant === null) return false;
  const given = experiment?.['name'];
  const names = [
    ...(typeof given === 'string' ? [given] : []),
    ...(experimentFile === null ? [] : [experimentName(experimentFile)]),
    undefined,
  ];
  const plain = withoutSeedOf(name);
  return names.some(
    (own) =>
      plain === `${own ?? 'experiment'} ${variant}` ||
      plain === defaultRunName({ name: own, model: { variant } }),
  );
}

/** Returns a name without the seed at its end. */
function withoutSeedOf(name: string): string {
  const at = name.search(/\bseed \d+$/);
  return at < 0 ? name : trimmedEnd(name.slice(0, at), ' ,\t\r\n');
}

/** Returns a name as it is compared: case, blanks and zeros before a point do not matter. */
export const comparableName = (name: string): string =>
  withoutZero(
    name
      .toLowerCase()
      .replaceAll('·', ' ')
      .split(/\s+/)
      .filter((word) => word !== '')
      .join(' '),
  );
