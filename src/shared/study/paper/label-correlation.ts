import { gainOver } from '../../comparison.js';
import { formatFixed } from '../../numbers.js';
import { meanOf, standardDeviation } from '../../statistics/statistics.js';
import type { Combination } from '../summary.js';
import { together } from './claims.js';
import { givenAsFigure, type PaperReport } from './paper-table.js';

/** The setting that figure 2 varies. */
export const correlationPath = 'data.source.synthetic.correlation';

/** How labels correlate at a correlation p of the tasks' weights, over trials. */
export interface LabelPoint {
  readonly p: number;
  readonly bySeed: ReadonlyMap<number, number>;
  readonly mean: number;
  /** Sample standard deviation (n − 1); null with one trial. */
  readonly sd: number | null;
}

/** Returns the points of figure 2, by p; none where the study is another. */
export function labelPoints(combinations: readonly Combination[]): LabelPoint[] {
  return combinations
    .flatMap(({ settings, lines }) => {
      const bySeed = new Map(
        lines.flatMap(({ seed, labelCorrelation: found }) =>
          found === undefined ? [] : [[seed, found] as const],
        ),
      );
      const p = settings[correlationPath];
      if (typeof p !== 'number' || bySeed.size === 0) return [];
      const values = [...bySeed.values()];
      return [{ p, bySeed, mean: meanOf(values), sd: standardDeviation(values) }];
    })
    .sort((one, other) => one.p - other.p);
}

/** Returns figure 2 as a table, and what the paper says of it. */
export function labelReport(combinations: readonly Combination[]): PaperReport {
  const points = labelPoints(combinations);
  const trials = Math.max(0, ...points.map(({ bySeed }) => bySeed.size));
  const steps = points.slice(1).map(({ bySeed }, i) => gainOver(points[i]!.bySeed, bySeed, 'correlation'));
  return {
    section: 'section 3.2',
    tables: [
      {
        figure: 'fig2',
        title: `Figure 2: correlation of the labels against that of the tasks’ weights, ${trials} trials each`,
        table: {
          columns: ['p', 'mean', '− 2 SD', '+ 2 SD', 'trials'],
          rows: points.map(({ p, mean, sd, bySeed }) => [
            ...[String(p), mean],
            ...[-2, 2].map((of) => (sd === null ? null : mean + of * sd)),
            bySeed.size,
          ]),
        },
        texts: 1,
        notes: [givenAsFigure],
      },
    ],
    claims: [
      {
        of: 'fig2',
        text: 'the labels are more correlated the more the weights are',
        verdict: steps.length === 0 ? 'cannot tell' : together(steps),
        found: points
          .filter(({ p }, i) => i === 0 || i === points.length - 1 || p === 0.5)
          .map(({ p, mean }) => `p = ${p}: ${formatFixed(mean, 3)}`)
          .join(', '),
      },
    ],
  };
}
