import type { RunMetrics, RowsSet } from '../../../src/shared/messages/runs-table-protocol.js';
import type { TableRun } from '../../../src/shared/messages/table-run-schema.js';
import { rowsKey } from '../../../src/shared/settings/same-rows.js';
import { filePath, isDerived, seedPath, variantPath } from '../../../src/shared/settings/run-settings.js';
import { withoutZero } from '../../../src/shared/settings/setting-text.js';
import type { Axis } from '../../../src/shared/study/figures/parallel.js';
import type { StudyLine } from '../../../src/shared/study/line.js';
import type { StudyRecord } from '../../../src/shared/study/record.js';
import { combinationsOf, type Layout } from '../../../src/shared/study/results.js';
import { mainMetric } from '../../../src/shared/task-kinds.js';

/** Runs as trainings of a study that nobody has planned, so that the figures of studies draw them. */
export interface ChartedRuns {
  readonly record: StudyRecord;
  readonly lines: readonly StudyLine[];
  /** How many runs have no metric of those rows, and how many are too many. */
  readonly without: number;
  readonly beyond: number;
}

/** More are neither told apart by the eye nor drawn in a moment. */
const mostCharted = 2000;
const experimentPath = 'experiment';
const parametersSetting = 'parameters';

/**
 * Returns the runs that can be drawn side by side. `paths`: the settings in which runs differ; `metrics`: all metrics
 * of runs by their folders, as far as they are known.
 */
export function chartedRuns(
  runs: readonly TableRun[],
  paths: readonly string[],
  metrics: ReadonlyMap<string, RunMetrics>,
): ChartedRuns {
  const scored = runs.filter(({ scores }) =>
    Object.values(scores).some(({ validation }) => validation !== null),
  );
  const tested = scored.filter(({ scores }) => Object.values(scores).some(({ test }) => test !== null));
  const judged = tested.length > 0 ? tested : scored;
  const shown = judged.slice(0, mostCharted);
  const lines = shown.map((run) => lineOf(run, paths, metrics.get(run.folder)));
  const settings = [...new Set(lines.flatMap((line) => Object.keys(line.settings)))];
  const vary = Object.fromEntries(
    settings
      .filter((setting) => setting !== parametersSetting)
      .map((setting) => [setting, valuesOf(lines, setting)]),
  );
  return {
    record: recordOf(vary),
    lines,
    without: runs.length - judged.length,
    beyond: judged.length - shown.length,
  };
}

/** Returns the values of a setting in their order, numbers by size. */
function valuesOf(lines: readonly StudyLine[], setting: string): unknown[] {
  const values = [...new Set(lines.flatMap(({ settings }) => settings[setting] ?? []))];
  return values.every((value) => typeof value === 'number') ? values.sort((a, b) => a - b) : values;
}

const recordOf = (vary: Record<string, unknown[]>): StudyRecord => ({
  ...{ format: 1, name: '', description: '', version: '', vary, drawn: [parametersSetting] },
  origin: { is: 'file', path: '' },
  base: { path: '', text: '' },
  seeds: { count: 1, first: 1, data: false },
  ...{ compare: null, pick: null, tune: null, planned: null, total: null },
  times: { begun: '', before: 0, ended: null },
});

function lineOf(run: TableRun, paths: readonly string[], metrics: RunMetrics | undefined): StudyLine {
  const { scores, parameters } = run;
  const main = (split: 'test' | 'validation') =>
    Object.fromEntries(
      Object.entries(scores).map(([task, score]) => [task, { [mainMetric(score.kind)]: score[split] }]),
    );
  const settings = paths.flatMap((path, i): [string, unknown][] => {
    const value = run.settings[i] ?? null;
    if (path === filePath) return run.experiment === null ? [] : [[experimentPath, run.experiment]];
    return value === null || path === seedPath || isDerived(path) ? [] : [[path, value]];
  });
  const seed = run.settings[paths.indexOf(seedPath)];
  return {
    key: run.folder,
    settings: Object.fromEntries([
      ...settings,
      ...(parameters === null ? [] : [[parametersSetting, parameters] as const]),
    ]),
    seed: typeof seed === 'number' ? seed : 1,
    ...{ isTrial: false, status: 'finished', bestEpoch: null, epochs: run.epochs ?? 0 },
    kinds: Object.fromEntries(Object.entries(scores).map(([task, { kind }]) => [task, kind])),
    validation: metrics?.validation ?? main('validation'),
    test: Object.values(scores).some(({ test }) => test !== null) ? (metrics?.test ?? main('test')) : null,
    curves: { epochs: [], train: {}, validation: {} },
    ...{ parameters: parameters ?? 0, seconds: run.seconds, fingerprint: '', version: '' },
    engine: { name: '', target: '', threads: 1 },
  };
}

/** Returns the sets of rows that some of the runs are judged by, those of the most runs first. */
export function setsOf(
  runs: readonly TableRun[],
  sets: readonly RowsSet[],
): readonly { readonly set: RowsSet; readonly runs: readonly TableRun[] }[] {
  const found = new Map<RowsSet, TableRun[]>();
  const ofKey = new Map(sets.flatMap((set) => set.keys.map((key) => [key, set])));
  for (const run of runs) {
    const set = run.rows === null ? undefined : ofKey.get(rowsKey(run.rows));
    if (set !== undefined) found.set(set, [...(found.get(set) ?? []), run]);
  }
  return [...found].map(([set, its]) => ({ set, runs: its })).sort((a, b) => b.runs.length - a.runs.length);
}

/** More groups cannot be told apart. */
const mostGroups = 12;

/** Lays runs out by the values of an axis, those with the same value together; undefined: all are. */
export function layoutBy(axis: Axis | undefined, { lines }: ChartedRuns): Layout {
  if (axis === undefined)
    return {
      names: [],
      facets: [{ title: '', series: [{ index: 0, combination: { settings: {}, lines } }] }],
    };
  const groups = new Map<number, StudyLine[]>();
  for (const line of lines) {
    const at = axis.at(line);
    if (at === null) continue;
    const known = groups.get(at);
    if (known === undefined) groups.set(at, [line]);
    else known.push(line);
  }
  const sorted = [...groups].sort(([a], [b]) => a - b).slice(0, mostGroups);
  return {
    names: sorted.map(([at]) => axis.values?.[at] ?? withoutZero(String(at))),
    facets: [
      {
        title: '',
        series: sorted.map(([, its], index) => ({
          index,
          combination: { settings: { [axis.name]: its[0]!.settings[axis.name] }, lines: its },
        })),
      },
    ],
  };
}

/** Lays runs out by all their settings, in the colours of an axis's values; undefined: all in one. */
export function layoutInColours(axis: Axis | undefined, { record, lines }: ChartedRuns): Layout {
  return {
    names: axis?.values ?? [],
    facets: [
      {
        title: '',
        series: combinationsOf(record, lines).map((combination) => ({
          index: axis?.at(combination.lines[0]!) ?? 0,
          combination,
        })),
      },
    ],
  };
}

/** Returns the axis by whose values runs are coloured: the variant, or another one that has names for values. */
export const colouredBy = (axes: readonly Axis[], besides?: Axis): Axis | undefined =>
  axes.find((one) => one.name === variantPath && one !== besides) ??
  axes.find((one) => one.values !== null && one !== besides && one.values.length <= mostGroups);
