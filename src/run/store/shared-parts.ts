import type { RunManifest } from '../../shared/run/run-manifest.js';

/** The parts of a manifest that many runs have alike. */
const sharedFields = [
  'data',
  'tasks',
  'network',
  'engine',
  'parameterParts',
  'versions',
  'git',
  'comparison',
] as const;

/** Parts of an experiment; what has the seed is each run's own. */
const sharedSettings = ['data', 'columns', 'tasks', 'model', 'engine'] as const;

/**
 * Lets the manifests of many runs share what is equal in them: a thousand runs of an experiment hold its
 * model, its tasks and its network once.
 */
export class SharedParts {
  private readonly parts = new Map<string, unknown>();

  /** Returns the same manifest, made of parts that others have, too. */
  share(manifest: RunManifest): RunManifest {
    const shared: RunManifest = { ...manifest };
    for (const field of sharedFields)
      if (typeof shared[field] === 'object') Object.assign(shared, { [field]: this.one(shared[field]) });
    if (shared.experiment !== null) {
      const experiment = { ...shared.experiment };
      for (const setting of sharedSettings) {
        const value = experiment[setting];
        if (typeof value === 'object' && value !== null) experiment[setting] = this.one(value);
      }
      shared.experiment = experiment;
    }
    return shared;
  }

  private one(part: unknown): unknown {
    if (part === null) return null;
    const key = JSON.stringify(part);
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    this.parts.set(key, part);
    return part;
  }
}

/** Takes a shared manifest apart: what it shares, by where it stands, and the rest. */
export function takeApart(manifest: RunManifest): { shared: Map<string, object>; own: object } {
  const shared = new Map<string, object>();
  const own = without(manifest, sharedFields, (field, value) => shared.set(field, value));
  if (manifest.experiment === null) return { shared, own };
  const experiment = without(manifest.experiment, sharedSettings, (setting, value) =>
    shared.set(`experiment.${setting}`, value),
  );
  return { shared, own: { ...own, experiment } };
}

/** Returns an object without those of its parts that are objects, which `take` gets. */
function without(
  whole: object,
  parts: readonly string[],
  take: (part: string, value: object) => void,
): Record<string, unknown> {
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries<unknown>({ ...whole })) {
    if (parts.includes(name) && typeof value === 'object' && value !== null) take(name, value);
    else rest[name] = value;
  }
  return rest;
}

/** Puts together what was taken apart; whether it is a manifest is still to be checked. */
export function putTogether(own: Readonly<Record<string, unknown>>, shared: ReadonlyMap<string, unknown>) {
  const whole: Record<string, unknown> = { ...own };
  const experiment =
    typeof own['experiment'] === 'object' && own['experiment'] !== null ? { ...own['experiment'] } : null;
  for (const [place, value] of shared) {
    const setting = place.startsWith('experiment.') ? place.slice('experiment.'.length) : null;
    if (setting === null) whole[place] = value;
    else if (experiment !== null) Object.assign(experiment, { [setting]: value });
  }
  whole['experiment'] = experiment;
  return whole;
}
