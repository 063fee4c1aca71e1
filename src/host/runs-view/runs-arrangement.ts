import * as v from 'valibot';
import { asksFor, matchesQuery, parseQuery, type Query } from '../../shared/query/query.js';
import { factsOf } from '../../shared/query/run-facts.js';
import { runStatuses } from '../../shared/run/run-manifest.js';
import { settingsAt, type ComparedValue } from '../../shared/settings/run-settings.js';
import { biggerIsBetter, mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { forEachInSlices, Slices, sortInSlices } from '../../run/files/slices.js';
import type { HostRun } from '../runs/run-collection.js';

/** Orders, filters and groups the list of runs for the tree, without the editor. */

export type RunOrder =
  { readonly by: 'time' } | { readonly by: 'name' } | { readonly by: 'metric'; readonly task: string };

export interface RunFilter {
  /** As parseQuery reads it; empty: all runs but archived ones. */
  readonly query: string;
}

/** What runs stand below: an experiment, a comparison, their tags, a value of a setting, or nothing. */
export type RunGrouping = { readonly by: 'experiment' | 'comparison' | 'nothing' } | ValueGrouping;

/** What runs have a value of. */
export type ValueGrouping = { readonly by: 'tags' } | { readonly by: 'setting'; readonly path: string };

export interface RunArrangement {
  readonly group: RunGrouping;
  readonly order: RunOrder;
  readonly filter: RunFilter;
}

export const noFilter: RunFilter = { query: '' };
export const isFiltering = ({ query }: RunFilter): boolean => query.trim() !== '';

/** What a filter was in older windows of this workspace, whose arrangement is kept. */
const olderFilterSchema = v.object({
  text: v.string(),
  statuses: v.array(v.picklist(runStatuses)),
  starred: v.boolean(),
});
const filterSchema = v.object({ query: v.string() });

/** Reads a filter that was kept, also one of an older version. */
export function restoreFilter(kept: unknown): RunFilter {
  const now = v.safeParse(filterSchema, kept);
  if (now.success) return now.output;
  const older = v.safeParse(olderFilterSchema, kept);
  if (!older.success) return noFilter;
  const { text, statuses, starred } = older.output;
  const either = statuses.map((status) => `status = ${status}`).join(' or ');
  const parts = [
    starred ? 'starred = true' : '',
    statuses.length > 1 ? `(${either})` : either,
    text
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((word) =>
        /^[^\s"()=<>~!]+$/.test(word) && !/^(and|or|not)$/i.test(word)
          ? word
          : `"${word.replaceAll('"', '')}"`,
      )
      .join(' '),
  ];
  return { query: parts.filter((part) => part !== '').join(' and ') };
}

const groupingSchema = v.variant('by', [
  v.object({ by: v.picklist(['experiment', 'comparison', 'tags', 'nothing']) }),
  v.object({ by: v.literal('setting'), path: v.string() }),
]);
/** Older windows had groups by experiment, or none. */
const olderGroupingSchema = v.object({ grouped: v.boolean() });

/** Reads the grouping of an arrangement that was kept, also of an older version. */
export function restoreGrouping(kept: unknown): RunGrouping {
  const now = v.safeParse(v.object({ group: groupingSchema }), kept);
  if (now.success) return now.output.group;
  const older = v.safeParse(olderGroupingSchema, kept);
  return { by: older.success && !older.output.grouped ? 'nothing' : 'experiment' };
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

/** Runs that have the same tags, or the same value of a setting. */
export interface ValueGroup<Run> {
  /** The tags, or the value; null: these runs have none. */
  readonly value: ComparedValue | null;
  readonly runs: Run[];
}

/** Groups runs by their tags or a setting, in the order of each group’s first run. */
export async function groupByValue<Run extends Arrangeable>(
  runs: readonly Run[],
  by: ValueGrouping,
  slices = new Slices(),
): Promise<ValueGroup<Run>[]> {
  const groups = new Map<ComparedValue | null, ValueGroup<Run>>();
  await forEachInSlices(runs, slices, (run) => {
    const value = valueOf(run, by);
    const group = groups.get(value);
    if (group === undefined) groups.set(value, { value, runs: [run] });
    else group.runs.push(run);
  });
  return [...groups.values()];
}

function valueOf({ entry }: Arrangeable, by: ValueGrouping): ComparedValue | null {
  if (entry.state !== 'ok') return null;
  const { manifest } = entry;
  if (by.by === 'setting') return settingsAt(manifest, [by.path])?.get(by.path) ?? null;
  return manifest.tags.length === 0 ? null : manifest.tags.join(', ');
}

/** Returns the runs to show, starred ones first. `runs` come newest first, and equals stay in that order. */
export async function arrangeRuns<Run extends Arrangeable>(
  runs: readonly Run[],
  { order, filter }: Pick<RunArrangement, 'order' | 'filter'>,
  nameOf: (run: Run) => string,
  slices = new Slices(),
): Promise<Run[]> {
  const matches = matcherOf(filter, nameOf);
  const starred: Run[] = [];
  const others: Run[] = [];
  await forEachInSlices(runs, slices, (run) => {
    if (matches(run)) (isStarred(run) ? starred : others).push(run);
  });
  const compare = comparison(order, nameOf);
  if (compare === null) return starred.concat(others);
  const [first, rest] = [
    await sortInSlices(starred, compare, slices),
    await sortInSlices(others, compare, slices),
  ];
  return first.concat(rest);
}

const isStarred = ({ entry }: Arrangeable): boolean => entry.state === 'ok' && entry.manifest.starred;

/** Returns whether a run is to be shown. A query that cannot be understood shows all. */
function matcherOf<Run extends Arrangeable>(
  { query: text }: RunFilter,
  nameOf: (run: Run) => string,
): (run: Run) => boolean {
  const parsed = parseQuery(text);
  const query: Query = 'query' in parsed ? parsed.query : { is: 'all', of: [] };
  const withArchived = asksFor(query, 'archived');
  const isEmpty = !isFiltering({ query: text });
  return (run) => {
    const { entry } = run;
    if (entry.state !== 'ok') return isEmpty || (query.is === 'word' && entry.id.includes(query.word));
    if (entry.manifest.archived === true && !withArchived) return false;
    if (isEmpty) return true;
    return matchesQuery(
      query,
      factsOf({ manifest: entry.manifest, status: entry.status, name: nameOf(run) }),
    );
  };
}

const byNumbers = new Intl.Collator(undefined, { numeric: true });

/** Null: runs stay in their order. */
function comparison<Run extends Arrangeable>(
  order: RunOrder,
  nameOf: (run: Run) => string,
): ((a: Run, b: Run) => number) | null {
  switch (order.by) {
    case 'time':
      return null;
    case 'name':
      return (a, b) => byNumbers.compare(nameOf(a), nameOf(b));
    case 'metric':
      return (a, b) => compareBest(metricOf(a, order.task), metricOf(b, order.task));
  }
}

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
