import type { RunTask } from '../../src/shared/run.js';
import type { Comparison } from './compare-feed.js';
import type { PageState } from './page-state.js';
import { resultsOf, tasksOf, type Results } from './results/results.js';
import { methods, singles, type Row } from './comparison-rows.js';
import { differences, type Differences } from './differences/compared-settings.js';
import { sortRows } from './results/sorting.js';

/** What all cards of the page show. */
export interface CompareModel extends Comparison {
  readonly differing: Differences;
  readonly tasks: readonly RunTask[];
  /** Whether some method has several seeds, so that they can be folded. */
  readonly canFold: boolean;
  readonly isFolded: boolean;
  /** As sorted. */
  readonly rows: readonly Row[];
  /** Those whose lines are drawn, in the order of their colours. */
  readonly drawn: readonly Row[];
  readonly results: Results;
  /** Of single runs, for the seeds of a method that is opened. */
  readonly seedResults: Results;
}

export function modelOf(comparison: Comparison, choices: PageState): CompareModel {
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
