import type { RunStatus } from '../../shared/run/run-manifest.js';
import { biggerIsBetter, mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { forEachInSlices, Slices, sortInSlices } from '../../run/store/slices.js';
import { t } from '../editor/localise.js';
import type { HostRun } from '../runs/run-collection.js';
import { statusLabel } from '../runs/run-status-text.js';

/** Orders, filters and groups the list of runs for the tree, without the editor. */

export type RunOrder =
  { readonly by: 'time' } | { readonly by: 'name' } | { readonly by: 'metric'; readonly task: string };

export interface RunFilter {
  /** Words to find in the name, the experiment, the id, tags, notes or variant; empty: all runs. */
  readonly text: string;
  /** The statuses to show; empty: all. */
  readonly statuses: readonly RunStatus[];
  readonly starred: boolean;
}

export interface RunArrangement {
  readonly grouped: boolean;
  readonly order: RunOrder;
  readonly filter: RunFilter;
}

export const noFilter: RunFilter = { text: '', statuses: [], starred: false };
export const isFiltering = (filter: RunFilter): boolean =>
  filter.text !== '' || filter.statuses.length > 0 || filter.starred;

/** Says a filter in words: `starred, failed or stopped, "census"`. */
export function filterText({ text, statuses, starred }: RunFilter): string {
  const parts = [
    starred ? t('starred') : '',
    statuses.map(statusLabel).join(` ${t('or')} `),
    text === '' ? '' : `"${text}"`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The part of a run that arranging needs. */
export type Arrangeable = Pick<HostRun, 'entry' | 'workspace'>;

export interface RunGroup<Run> {
  /** Unique: made of the folder and the experiment. */
  readonly key: string;
  readonly workspace: string;
  /** The path of the experiment from the folder that holds `.mmoe`; null: these runs have none. */
  readonly experimentFile: string | null;
  readonly runs: Run[];
}

/** Groups runs by experiment, in the order of each group’s first run. */
export async function groupByExperiment<Run extends Arrangeable>(
  runs: readonly Run[],
  slices = new Slices(),
): Promise<RunGroup<Run>[]> {
  const groups = new Map<string, RunGroup<Run>>();
  await forEachInSlices(runs, slices, (run) => {
    const experimentFile = run.entry.state === 'ok' ? run.entry.manifest.experimentFile : null;
    const key = `${run.workspace}\n${experimentFile ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, workspace: run.workspace, experimentFile, runs: [run] });
    else group.runs.push(run);
  });
  return [...groups.values()];
}

/** Returns the runs to show, starred ones first. `runs` come newest first, and equals stay in that order. */
export async function arrangeRuns<Run extends Arrangeable>(
  runs: readonly Run[],
  { order, filter }: RunArrangement,
  slices = new Slices(),
): Promise<Run[]> {
  const starred: Run[] = [];
  const others: Run[] = [];
  await forEachInSlices(runs, slices, (run) => {
    if (matches(run, filter)) (isStarred(run) ? starred : others).push(run);
  });
  const compare = comparison(order);
  if (compare === null) return starred.concat(others);
  const [first, rest] = [
    await sortInSlices(starred, compare, slices),
    await sortInSlices(others, compare, slices),
  ];
  return first.concat(rest);
}

const isStarred = ({ entry }: Arrangeable): boolean => entry.state === 'ok' && entry.manifest.starred;

function matches({ entry }: Arrangeable, filter: RunFilter): boolean {
  if (!isFiltering(filter)) return true;
  if (entry.state !== 'ok')
    return filter.text !== '' && filter.statuses.length === 0 && entry.id.includes(filter.text);
  const { manifest } = entry;
  if (filter.starred && !manifest.starred) return false;
  if (filter.statuses.length > 0 && !filter.statuses.includes(entry.status)) return false;
  const texts = [
    manifest.name,
    manifest.experimentFile ?? '',
    entry.id,
    manifest.notes,
    manifest.network?.variant ?? '',
    ...manifest.tags,
  ];
  const words = filter.text.toLowerCase().split(/\s+/);
  return words.every((word) => texts.some((text) => text.toLowerCase().includes(word)));
}

const byNumbers = new Intl.Collator(undefined, { numeric: true });

/** Null: runs stay in their order. */
function comparison(order: RunOrder): ((a: Arrangeable, b: Arrangeable) => number) | null {
  switch (order.by) {
    case 'time':
      return null;
    case 'name':
      return (a, b) => byNumbers.compare(nameOf(a), nameOf(b));
    case 'metric':
      return (a, b) => compareBest(metricOf(a, order.task), metricOf(b, order.task));
  }
}

const nameOf = ({ entry }: Arrangeable): string => (entry.state === 'ok' ? entry.manifest.name : entry.id);

/** Returns a task's main metric at the best epoch; null: there is none. */
function metricOf({ entry }: Arrangeable, task: string): number | null {
  if (entry.state !== 'ok') return null;
  const { tasks, summary } = entry.manifest;
  const kind = tasks.find(({ name }) => name === task)?.kind;
  return kind === undefined ? null : (summary?.validation[task]?.[mainMetric(kind)] ?? null);
}

/** Puts the best first, and a run without the metric last. More of a main metric is always better. */
function compareBest(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}

/** Lists the metrics that runs can be sorted by: the main one of each task. */
export function sortableTasks(runs: readonly Arrangeable[]): { task: string; label: string }[] {
  const found = new Map<string, string>();
  for (const { entry } of runs) {
    if (entry.state !== 'ok' || entry.manifest.summary === null) continue;
    for (const { name, kind } of entry.manifest.tasks) {
      const metric = mainMetric(kind);
      if (biggerIsBetter(metric)) found.set(name, metricLabel(metric));
    }
  }
  return [...found].map(([task, label]) => ({ task, label })).sort((a, b) => a.task.localeCompare(b.task));
}
