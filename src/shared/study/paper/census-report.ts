import { gainOver } from '../../comparison.js';
import { formatDifference, formatEstimate } from '../../numbers.js';
import { meanOf } from '../../statistics/statistics.js';
import type { Combination } from '../summary.js';
import { censusClaims } from './census-claims.js';
import {
  censusGroups,
  censusMethods,
  censusRuns,
  paperScores,
  type AucBySeed,
  type CensusTable,
} from './census-results.js';
import { figureName, type PaperReport } from './paper-table.js';

/** Returns table 1 or 2 with the paper's numbers beside ours, and the claims of section 5 about it. */
export function censusReport(
  figure: CensusTable,
  combinations: readonly Combination[],
  own: readonly Combination[],
): PaperReport {
  const { main, auxiliary } = censusGroups[figure];
  const runs = censusRuns(figure, combinations, own);
  const single = runs.get('single-task')!;
  const rows = censusMethods.map((method) => {
    const of = runs.get(method)!;
    const paper = paperScores[figure][method];
    // As in the paper, the best run is the best on the task that was tuned for.
    const bestSeed = seedOfBest(method === 'single-task' ? of.auxiliary : of.main);
    const isSingle = method === 'single-task';
    return [
      method,
      ...[of.main.get(seedOfBest(of.main) ?? NaN) ?? null, paper.main.best],
      ...[meanAuc(of.main), paper.main.mean, isSingle ? '' : against(single.main, of.main)],
      ...[of.auxiliary.get(bestSeed ?? NaN) ?? null, paper.auxiliary.best],
      ...[meanAuc(of.auxiliary), paper.auxiliary.mean],
      isSingle ? '' : against(single.auxiliary, of.auxiliary),
    ];
  });
  const seeds = Math.max(0, ...[...runs.values()].map((of) => of.main.size));
  const columns = [main, auxiliary].flatMap((task) => [
    ...[`${task}: best`, 'paper', `mean of ${seeds}`, 'paper', 'vs single-task'],
  ]);
  return {
    section: 'section 5',
    tables: [
      {
        figure,
        title: `${figureName(figure)}: AUC of ${main} and ${auxiliary} on test rows of Census-Income`,
        table: { columns: ['method', ...columns], rows },
        texts: 1,
        notes: [
          `best: of the run with the best AUC of ${main}. vs single-task: the mean difference seed by seed, and its 95 % interval.`,
          `paper: best and mean of 400 runs, as its ${figureName(figure)} has them; they were not held against its text again, so check before you cite them.`,
          ...(single.auxiliary.size > 0
            ? []
            : [
                `single-task has a model of its own for ${auxiliary}: a study of its own, “paper ${figure} auxiliary”; ` +
                  `mmoe paper ${figure} has both.`,
              ]),
        ],
      },
    ],
    claims: censusClaims(runs).map((claim) => ({ ...claim, of: figure })),
  };
}

function seedOfBest(values: AucBySeed): number | null {
  const sorted = [...values].sort(([, one], [, other]) => other - one);
  return sorted[0]?.[0] ?? null;
}

const meanAuc = (values: AucBySeed): number | null =>
  values.size === 0 ? null : meanOf([...values.values()]);

function against(baseline: AucBySeed, values: AucBySeed): string {
  const gain = gainOver(baseline, values, 'auc');
  if (gain === null) return '';
  const { mean, interval } = gain;
  if (interval === null) return formatDifference(mean);
  const estimate = formatEstimate(mean, interval);
  return `${estimate.mean} ${estimate.interval}`;
}
