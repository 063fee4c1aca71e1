import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import type { Comparison } from './compare-feed.js';
import type { ComparePageState } from './compare-page-state.js';
import { differences, type Differences } from '../../../src/shared/settings/run-settings.js';
import { nameWithin, SettingCounts } from '../../../src/shared/settings/run-names.js';
import { groupsByRows, type RowsGroup } from '../../../src/shared/settings/same-rows.js';
import { methods, singles, type ComparisonRow } from './comparison-rows.js';
import { resultsOf, tasksOf, type Results, type RowGroup } from './results.js';
import { sortRows } from './sort-rows.js';
import { verdictsOf, type GroupVerdict } from './verdicts.js';

/** All that the cards of the compare page show. */
export interface CompareModel extends Comparison {
  readonly differing: Differences;
  readonly tasks: readonly RunTask[];
  /** Whether some method has several seeds, so that they can be folded. */
  readonly canFold: boolean;
  readonly isFolded: boolean;
  /** The rows by the data that they are judged by, in each group in the order by which a person sorts them. */
  readonly groups: readonly RowGroup[];
  /** All rows, in the order of `groups`. */
  readonly rows: readonly ComparisonRow[];
  /** The rows whose lines are drawn, in the order of their colours. */
  readonly drawn: readonly ComparisonRow[];
  readonly results: Results;
  /** The results of single runs, for the seeds of a method that is opened. */
  readonly seedResults: Results;
  /** What can be told of each group's methods beside single-task. */
  readonly verdicts: readonly GroupVerdict[];
}

/** Works out what the page shows of a comparison with what a person has chosen. */
export function buildCompareModel(comparison: Comparison, choices: ComparePageState): CompareModel {
  const { runs } = comparison;
  const differing = differences(runs);
  const folded = methods(runs, differing);
  const canFold = folded.length < runs.length;
  const isFolded = canFold && (choices.folding ?? true);
  const single = singles(runs);
  const made = isFolded ? folded : single;
  const tasks = tasksOf(runs);
  const byRows = groupsByRows(runs);
  const all = grouped(folded, byRows);
  const own = isFolded ? all : grouped(single, byRows);
  const results = resultsOf(tasks, own, all, differing);
  const groups = own.map((group) => ({ ...group, rows: sortRows(group.rows, results, choices.sort) }));
  return {
    ...comparison,
    differing,
    tasks,
    canFold,
    isFolded,
    groups,
    rows: groups.flatMap(({ rows }) => rows),
    drawn: made.filter(({ key }) => !choices.hidden.includes(key)),
    results,
    seedResults: isFolded ? resultsOf(tasks, grouped(single, byRows), all, differing) : results,
    verdicts: verdictsOf(all, isFolded ? results : resultsOf(tasks, all, all, differing)),
  };
}

const grouped = (rows: readonly ComparisonRow[], byRows: readonly RowsGroup[]): RowGroup[] =>
  byRows.flatMap(({ label, folders }) => {
    const its = rows.filter(({ runs }) => folders.has(runs[0]!.folder));
    return its.length === 0 ? [] : [{ label, rows: its, names: namesWithin(its) }];
  });

/** Returns what each row is called in its group: what all of them have in common is said once, above them. */
function namesWithin(rows: readonly ComparisonRow[]): Map<string, string> {
  const counts = new SettingCounts(rows.flatMap(({ runs }) => runs.map(({ manifest }) => manifest)));
  const withoutSeed = rows.some(({ runs }) => runs.length > 1);
  const names = rows.map(({ runs }) => nameWithin(runs[0]!.manifest, counts, { withoutSeed }));
  const isClear = new Set(names).size === rows.length;
  return new Map(rows.map(({ key, label }, index) => [key, isClear ? names[index]! : label]));
}
