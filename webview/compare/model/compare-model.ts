import type { RunTask } from '../../../src/shared/run/run-manifest.js';
import type { Comparison } from './compare-feed.js';
import type { ComparePageState } from './compare-page-state.js';
import { differences, type Differences } from './compared-settings.js';
import { methods, singles, type ComparisonRow } from './comparison-rows.js';
import { resultsOf, tasksOf, type Results } from './results.js';
import { sortRows } from './sort-rows.js';

/** All that the cards of the compare page show. */
export interface CompareModel extends Comparison {
  readonly differing: Differences;
  readonly tasks: readonly RunTask[];
  /** Whether some method has several seeds, so that they can be folded. */
  readonly canFold: boolean;
  readonly isFolded: boolean;
  /** The rows in the order by which a person sorts them. */
  readonly rows: readonly ComparisonRow[];
  /** The rows whose lines are drawn, in the order of their colours. */
  readonly drawn: readonly ComparisonRow[];
  readonly results: Results;
  /** The results of single runs, for the seeds of a method that is opened. */
  readonly seedResults: Results;
}

/** Works out what the page shows of a comparison with what a person has chosen. */
export function buildCompareModel(comparison: Comparison, choices: ComparePageState): CompareModel {
  const { runs } = comparison;
  const differing = differences(runs);
  const folded = methods(runs, differing);
  const canFold = folded.length < runs.length;
  const isFolded = canFold && (choices.folding ?? true);
  const single = singles(runs, differing);
  const made = isFolded ? folded : single;
  const results = resultsOf(made, folded, differing);
  return {
    ...comparison,
    differing,
    tasks: tasksOf(runs),
    canFold,
    isFolded,
    rows: sortRows(made, results, choices.sort),
    drawn: made.filter(({ key }) => !choices.hidden.includes(key)),
    results,
    seedResults: isFolded ? resultsOf(single, folded, differing) : results,
  };
}
