import { mainMetric, metricLabel, r2WithoutWorst } from '../task-kinds.js';
import type { StudyLine } from './line.js';
import type { StudyRecord } from './record.js';
import { isSameValue, lastOf, shownValue, type Settings } from './settings.js';
import { isChosen, splitOf, tasksOf, type Combination, type Split, type StudyPlan } from './summary.js';

/** The results of a study as tables and figures show them. */

/** What is read of a training: a metric of a task, or its mean over all tasks. */
export interface Measure {
  /** Null: the mean over all tasks. */
  readonly task: string | null;
  readonly metric: string;
  readonly split: Split;
}

/** Combinations that differ in one setting, side by side in a panel. */
export interface Facet {
  /** What they have in common; '': there is but one. */
  readonly title: string;
  readonly series: readonly Series[];
}

/** A combination with its colour. */
export interface Series {
  /** The place of its name and colour. */
  readonly index: number;
  readonly combination: Combination;
}

/** How combinations are laid out: a setting by colour, all others by panels. */
export interface Layout {
  readonly names: readonly string[];
  readonly facets: readonly Facet[];
}

/** Returns the trainings of a study by combination, in the order in which these are planned. */
export function combinationsOf(record: StudyRecord, lines: Iterable<StudyLine>): Combination[] {
  const planned = record.planned === null ? null : new Set(record.planned);
  const paths = Object.keys(record.vary);
  const byKey = new Map<string, StudyLine>();
  for (const one of lines)
    if (!one.isTrial && (planned === null || planned.has(one.key))) byKey.set(one.key, one);
  const groups = new Map<string, { settings: Settings; lines: StudyLine[] }>();
  for (const one of byKey.values()) {
    const key = JSON.stringify([...paths, ...record.drawn].map((path) => one.settings[path]));
    const group = groups.get(key) ?? { settings: one.settings, lines: [] };
    group.lines.push(one);
    groups.set(key, group);
  }
  const places = (settings: Settings): number[] =>
    paths.map((path) => record.vary[path]!.findIndex((value) => isSameValue(value, settings[path])));
  return [...groups.values()]
    .map(({ settings, lines: its }) => ({ settings, lines: its.sort((a, b) => a.seed - b.seed) }))
    .sort((a, b) => {
      const [one, other] = [places(a.settings), places(b.settings)];
      const at = one.findIndex((place, i) => place !== other[i]);
      return at < 0 ? 0 : one[at]! - other[at]!;
    });
}

/** Lays combinations out: the variant by colour where it varies, else the setting that varies last. */
export function layoutOf(plan: StudyPlan, combinations: readonly Combination[]): Layout {
  const { vary } = plan;
  const varied = Object.keys(vary).filter((path) => vary[path]!.length > 1 && !isChosen(plan, path));
  const coloured = varied.includes('model.variant') ? 'model.variant' : varied.at(-1);
  const others = varied.filter((path) => path !== coloured);
  const names = new Map<string, number>();
  const facets = new Map<string, { title: string; series: Series[] }>();
  for (const combination of combinations) {
    const { settings } = combination;
    const name = coloured === undefined ? '' : shownValue(settings[coloured]);
    if (!names.has(name)) names.set(name, names.size);
    const title = others.map((path) => `${lastOf(path)} = ${shownValue(settings[path])}`).join(', ');
    const facet = facets.get(title) ?? { title, series: [] };
    facets.set(title, facet);
    facet.series.push({ index: names.get(name)!, combination });
  }
  return { names: [...names.keys()].filter((name) => name !== ''), facets: [...facets.values()] };
}

/** Returns a combination's name for people: the values of what varies. */
export const nameOf = ({ settings }: Pick<Combination, 'settings'>): string =>
  Object.values(settings).map(shownValue).join(' · ');

/** Returns the value of a measure; null: the training has none. */
export function measured(line: StudyLine, { task, metric, split }: Measure): number | null {
  const metrics = line[split];
  if (metrics === null) return null;
  if (task !== null) return metrics[task]?.[metric] ?? null;
  const values = Object.keys(line.kinds).map((name) => metrics[name]?.[metric] ?? null);
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum / values.length;
}

/** Returns the values of a measure by seed. */
export function measuredBySeed({ lines }: Pick<Combination, 'lines'>, measure: Measure): Map<number, number> {
  const values = new Map<number, number>();
  for (const line of lines) {
    const value = measured(line, measure);
    if (value !== null) values.set(line.seed, value);
  }
  return values;
}

/** Returns the metrics that trainings have: of a task, or those that all tasks have. */
function metricsOf(lines: readonly StudyLine[], task: string | null): string[] {
  const split = splitOf(lines);
  const tasks = task === null ? tasksOf(lines).map((one) => one.task) : [task];
  const found = tasks.map((name) => new Set(lines.flatMap((line) => Object.keys(line[split]?.[name] ?? {}))));
  // What R² is without one row is a remark on R², and no metric to choose.
  return [...(found[0] ?? [])].filter(
    (metric) => metric !== r2WithoutWorst && found.every((its) => its.has(metric)),
  );
}

/** Returns what a measure is called: `test loss, mean of tasks`. */
export const measureName = ({ task, metric, split }: Measure): string =>
  `${split} ${metricLabel(metric)}${task === null ? ', mean of tasks' : ` of ${task}`}`;

/** What a person may choose to look at, and has chosen. */
export interface MeasureChoices {
  /** Null: the mean over all of them. */
  readonly tasks: readonly (string | null)[];
  readonly metrics: readonly string[];
  readonly measure: Measure;
}

/**
 * Returns what can be read of a study's results. `task`: the wanted one, undefined: none is; the paper's synthetic
 * study shows the mean loss over its tasks then, others their first task by the metric that it is judged by.
 */
export function measureChoices(
  { origin }: Pick<StudyRecord, 'origin'>,
  lines: readonly StudyLine[],
  wanted: { readonly task?: string | null | undefined; readonly metric?: string | null } = {},
): MeasureChoices {
  const found = tasksOf(lines);
  const isPaper = origin.is === 'paper' && found.every(({ kind }) => kind === 'regression');
  const canMean = found.length > 1 && new Set(found.map(({ kind }) => kind)).size === 1;
  const tasks = [...found.map(({ task }) => task), ...(canMean ? [null] : [])];
  const first = isPaper && canMean ? null : (tasks[0] ?? null);
  const task = wanted.task !== undefined && tasks.includes(wanted.task) ? wanted.task : first;
  const metrics = metricsOf(lines, task);
  const kind = (found.find((one) => one.task === task) ?? found[0])?.kind;
  const usual = isPaper || kind === undefined ? 'loss' : mainMetric(kind);
  const metric = [wanted.metric, usual, metrics[0]].find(
    (one) => one !== undefined && one !== null && metrics.includes(one),
  );
  return { tasks, metrics, measure: { task, metric: metric ?? usual, split: splitOf(lines) } };
}
