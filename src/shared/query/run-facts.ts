import { experimentOfRun } from '../names.js';
import { variantOf } from '../run/comparison-rest.js';
import type { Metrics, RunManifest, RunStatus } from '../run/run-manifest.js';
import { comparableName } from '../settings/run-names.js';
import { mainMetric } from '../task-kinds.js';
import type { Facts } from './query.js';

/** A run as a query sees it. */
export interface QueriedRun {
  readonly manifest: RunManifest;
  readonly status: RunStatus;
  /** What it is called among others. */
  readonly name: string;
}

type Value = string | number | boolean;

/** Properties of a run by the key that asks for them; what is not here is a setting or a metric. */
const properties = {
  name: ({ name, manifest }) => [name, manifest.name],
  id: ({ manifest }) => [manifest.id],
  experiment: ({ manifest }) => present(experimentOfRun(manifest), manifest.experimentFile),
  comparison: ({ manifest }) => present(manifest.comparison?.name),
  status: ({ status }) => [status],
  tag: ({ manifest }) => manifest.tags,
  starred: ({ manifest }) => [manifest.starred],
  archived: ({ manifest }) => [manifest.archived === true],
  variant: ({ manifest }) => present(manifest.network?.variant ?? variantOf(manifest.experiment)),
  seed: ({ manifest }) => [manifest.seed],
  parameters: ({ manifest }) => present(manifest.parameters),
  epochs: ({ manifest }) => present(manifest.epochs),
  bestEpoch: ({ manifest }) => present(manifest.summary?.bestEpoch),
  seconds: ({ manifest }) => [manifest.times.seconds],
  created: ({ manifest }) => [manifest.times.created],
  commit: ({ manifest }) => present(manifest.git?.commit),
  branch: ({ manifest }) => present(manifest.git?.branch),
  notes: ({ manifest }) => (manifest.notes === '' ? [] : [manifest.notes]),
} as const satisfies Record<string, (run: QueriedRun) => readonly Value[]>;

/** The keys of a run's properties. */
export const propertyKeys = Object.keys(properties);

const present = (...values: (Value | null | undefined)[]): Value[] =>
  values.flatMap((value) => (value === null || value === undefined ? [] : [value]));

/** Returns what a query can ask of a run. */
export function factsOf(run: QueriedRun): Facts {
  return {
    valuesOf: (key) => {
      const property = propertyOf(key);
      return property === undefined ? settingsAndMetrics(run.manifest, key) : property(run);
    },
    hasWord: (word) =>
      textsOf(run).some((text) => text.includes(word) || comparableName(text).includes(comparableName(word))),
  };
}

function propertyOf(key: string): ((run: QueriedRun) => readonly Value[]) | undefined {
  const found = Object.entries(properties).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found?.[1];
}

const textsOf = ({ manifest, name }: QueriedRun): string[] =>
  [
    name,
    manifest.name,
    manifest.experimentFile ?? '',
    manifest.id,
    manifest.notes,
    manifest.network?.variant ?? '',
    ...manifest.tags,
  ].map((text) => text.toLowerCase());

/**
 * Returns the values of a setting by its path, or the end of it (`learningRate`, `experts.count`), and else of
 * a metric: `auc` or `click.auc` of validation rows, `test.click.auc`, or a task by its main metric.
 */
function settingsAndMetrics(manifest: RunManifest, key: string): Value[] {
  const parts = key.split('.');
  const settings = foundBelow(manifest.experiment ?? {}, parts);
  return settings.length > 0 ? settings : metricsOf(manifest, parts);
}

/** Looks for a path, from wherever it may begin; a list is one value. */
function foundBelow(within: unknown, path: readonly string[]): Value[] {
  if (typeof within !== 'object' || within === null || Array.isArray(within)) return [];
  const own = valueAt(within, path);
  return [...own, ...Object.values(within).flatMap((inner) => foundBelow(inner, path))];
}

function valueAt(within: object, [first, ...rest]: readonly string[]): Value[] {
  const found = Object.entries(within).find(([key]) => key.toLowerCase() === first?.toLowerCase());
  if (found === undefined) return [];
  const value: unknown = found[1];
  if (rest.length > 0) return typeof value === 'object' && value !== null ? valueAt(value, rest) : [];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [value];
  if (value === null) return ['none'];
  return Array.isArray(value) ? [value.join(', ')] : [];
}

function metricsOf({ summary, tasks }: RunManifest, parts: readonly string[]): Value[] {
  if (summary === null) return [];
  const split = parts[0] === 'test' || parts[0] === 'validation' ? parts[0] : null;
  const metrics: Metrics | null = split === 'test' ? summary.test : summary.validation;
  const rest = (split === null ? parts : parts.slice(1)).join('.').toLowerCase();
  return tasks.flatMap(({ name, kind }) =>
    Object.entries(metrics?.[name] ?? {}).flatMap(([metric, value]) => {
      const isIt =
        rest === metric.toLowerCase() ||
        rest === `${name}.${metric}`.toLowerCase() ||
        (rest === name.toLowerCase() && metric === mainMetric(kind));
      return isIt && value !== null ? [value] : [];
    }),
  );
}
