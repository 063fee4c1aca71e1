import type { RunManifest } from '../run/run-manifest.js';

/** A run whose settings are compared. */
export interface RunWithSettings {
  /** Names the run. */
  readonly folder: string;
  readonly manifest: Pick<
    RunManifest,
    'name' | 'experiment' | 'experimentFile' | 'parameters' | 'data' | 'tasks' | 'seed'
  >;
}

/** The value of a setting, as it is compared and shown. */
export type ComparedValue = string | number | boolean;
/** An experiment's settings by path: `training.learningRate`. */
export type ComparedSettings = ReadonlyMap<string, ComparedValue>;

export const seedPath = 'training.seed';
export const variantPath = 'model.variant';
export const parametersPath = 'parameters';
export const filePath = 'file';
const fingerprintPath = 'data.fingerprint';

/** Returns whether a path stands for what follows from the settings, and is none itself. */
export const isDerived = (path: string): boolean => path === parametersPath || path === fingerprintPath;

/**
 * Returns a run's settings; null while the trainer has not read the experiment yet. The path of a task, or of
 * anything else with a name, has this name and not its place in the list.
 */
export function settingsOf({
  experiment,
  experimentFile,
}: Pick<RunManifest, 'experiment' | 'experimentFile'>): ComparedSettings | null {
  if (experiment === null) return null;
  const settings = new Map<string, ComparedValue>();
  for (const [key, value] of Object.entries(experiment)) if (key !== 'name') flatten(key, value, settings);
  if (experimentFile !== null) settings.set(filePath, experimentFile);
  return settings;
}

/**
 * Returns a run's settings at some paths, as `settingsOf` has them: of very many runs all settings take long. Null
 * while the trainer has not read the experiment yet.
 */
export function settingsAt(
  run: Pick<RunManifest, 'experiment' | 'experimentFile'>,
  paths: readonly string[],
): ComparedSettings | null {
  const { experiment, experimentFile } = run;
  if (experiment === null) return null;
  const settings = new Map<string, ComparedValue>();
  const walk = new Walk(experiment);
  let all: ComparedSettings | null = null;
  for (const path of paths) {
    if (path === filePath) {
      if (experimentFile !== null) settings.set(path, experimentFile);
      continue;
    }
    if (path === 'name') continue;
    const found = walk.valueAt(partsOf(path));
    // Paths lead through lists by names, which may have points in them.
    const value = found === unclear ? (all ??= settingsOf(run))?.get(path) : scalarOf(path, found);
    if (value !== undefined) settings.set(path, value);
  }
  return settings;
}

/** The same paths are asked for of very many runs. */
const splitPaths = new Map<string, readonly string[]>();
const mostPaths = 1000;

function partsOf(path: string): readonly string[] {
  const known = splitPaths.get(path);
  if (known !== undefined) return known;
  if (splitPaths.size >= mostPaths) splitPaths.clear();
  const parts = path.split('.');
  splitPaths.set(path, parts);
  return parts;
}

const unclear = Symbol('a path that leads through a list');

/** Finds values by their paths in one experiment; of paths that lead through the same objects these are checked once. */
class Walk {
  /** [depth] The last object at this depth in which no key has a point. */
  private readonly plain: object[] = [];

  constructor(private readonly experiment: object) {}

  valueAt(parts: readonly string[]): unknown {
    let within: unknown = this.experiment;
    for (const [depth, part] of parts.entries()) {
      if (Array.isArray(within)) return unclear;
      if (typeof within !== 'object' || within === null) return undefined;
      if (this.plain[depth] !== within) {
        // A key with points in it is several parts of a path.
        if (Object.keys(within).some((key) => key.includes('.'))) return unclear;
        this.plain[depth] = within;
      }
      if (!Object.hasOwn(within, part)) return undefined;
      within = (within as Readonly<Record<string, unknown>>)[part];
    }
    return within;
  }
}

function scalarOf(path: string, value: unknown): ComparedValue | undefined {
  if (value === undefined || isScalar(value)) return value;
  const found = new Map<string, ComparedValue>();
  flatten(path, value, found);
  return found.get(path);
}

function flatten(path: string, value: unknown, into: Map<string, ComparedValue>): void {
  if (Array.isArray(value)) {
    const named = value.map(nameOf);
    if (value.length > 0 && named.every((name) => name !== null))
      value.forEach((item: object, index) => {
        for (const [key, inner] of Object.entries(item))
          if (key !== 'name') flatten(`${path}.${named[index]!}.${key}`, inner, into);
      });
    else into.set(path, value.every(isScalar) ? value.join(', ') : JSON.stringify(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(`${path}.${key}`, inner, into);
  } else if (isScalar(value)) into.set(path, value);
  else if (value === null) into.set(path, 'none');
}

const isScalar = (value: unknown): value is ComparedValue =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function nameOf(value: unknown): string | null {
  const name: unknown = typeof value === 'object' && value !== null && 'name' in value ? value.name : null;
  return typeof name === 'string' ? name : null;
}

export interface Differences {
  /** Paths whose values differ, the model's variant first and the seed last. */
  readonly paths: readonly string[];
  /** Settings that are the same in all runs. */
  readonly same: readonly { readonly path: string; readonly value: ComparedValue }[];
  /**
   * The settings of each run, by its folder. A path that is absent is not known, or no setting of its model.
   */
  readonly values: ReadonlyMap<string, ComparedSettings>;
}

/**
 * Returns which settings differ between runs. A setting that only some runs have differs as well; runs whose
 * experiment is not known yet do not count.
 */
export function differences(runs: readonly RunWithSettings[]): Differences {
  const values = new Map<string, ComparedSettings>();
  const found = new Map<string, Set<ComparedValue | undefined>>();
  const known = runs.flatMap((run) => {
    const settings = settingsOf(run.manifest);
    return settings === null ? [] : [{ run, settings }];
  });
  const paths = new Set(known.flatMap(({ settings }) => [...settings.keys()]));
  for (const { run, settings } of known) {
    for (const path of paths) found.set(path, (found.get(path) ?? new Set()).add(settings.get(path)));
    const { parameters, data } = run.manifest;
    const whole = new Map(settings);
    // These two are found out when training starts. Before that they are no difference.
    for (const [path, value] of [
      [fingerprintPath, data?.fingerprint.slice(0, 8) ?? null],
      [parametersPath, parameters],
    ] as const) {
      if (value === null) continue;
      whole.set(path, value);
      found.set(path, (found.get(path) ?? new Set()).add(value));
    }
    values.set(run.folder, whole);
  }
  const order = (path: string): number =>
    path === variantPath ? -1 : path === parametersPath ? 1 : path === seedPath ? 2 : 0;
  const differing = [...found].filter(([, set]) => set.size > 1).map(([path]) => path);
  const same = [...found].flatMap(([path, set]) => {
    const [value] = set;
    return set.size === 1 && value !== undefined ? [{ path, value }] : [];
  });
  return { paths: differing.sort((a, b) => order(a) - order(b)), same, values };
}

/**
 * Returns a key of the settings that the runs of a method have in common, which is all but their seed, and
 * without the model's variant if asked for; null: these are not known yet.
 */
export function methodKey(
  settings: ComparedSettings | undefined,
  { paths }: Pick<Differences, 'paths'>,
  withoutVariant = false,
): string | null {
  if (settings === undefined) return null;
  // The number of parameters follows from the rest and is known later.
  const telling = paths.filter(
    (path) => path !== seedPath && path !== parametersPath && !(withoutVariant && path === variantPath),
  );
  return JSON.stringify(telling.map((path) => [path, settings.get(path) ?? null]));
}
