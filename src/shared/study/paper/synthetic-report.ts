import { meanOf, quantileOf, standardDeviation } from '../../statistics/statistics.js';
import type { Combination } from '../summary.js';
import { syntheticClaims } from './claims.js';
import { givenAsFigure, type PaperReport, type PaperTable } from './paper-table.js';
import { correlations, meanCurve, methods, testLosses } from './synthetic-results.js';

/** Returns figures 3 to 5 as tables, and the claims of section 4.2, which are about all of them. */
export function syntheticReport(combinations: readonly Combination[]): PaperReport {
  const runs = Math.max(0, ...combinations.map(({ lines }) => lines.length));
  const ofRuns = `mean of ${runs} runs`;
  return {
    section: 'section 4.2',
    tables: [
      {
        ...{ figure: 'fig3', ...curveTable(combinations, ['shared-bottom']) },
        title: `Figure 3: loss of the shared bottom on the training rows by epoch, ${ofRuns}`,
      },
      {
        ...{ figure: 'fig4', ...curveTable(combinations, methods) },
        title: `Figure 4: loss on the training rows by epoch, ${ofRuns} each, with the learning rate that suits it best`,
      },
      {
        ...{ figure: 'fig5', ...spreadTable(combinations) },
        title: `Figure 5: the losses of ${runs} runs each on test rows, at their best epoch`,
      },
    ],
    claims: syntheticClaims(combinations).map((claim) => ({ ...claim, of: null })),
  };
}

type Content = Pick<PaperTable, 'table' | 'texts' | 'notes'>;

/** Mean curves at about ten epochs, a row for each method and correlation. */
function curveTable(combinations: readonly Combination[], of: readonly (typeof methods)[number][]): Content {
  const curves = correlations.flatMap((p) =>
    of.map((method) => ({ p, method, ...meanCurve(combinations, method, p) })),
  );
  const epochs = curves[0]?.epochs ?? [];
  const every = Math.max(1, Math.ceil(epochs.length / 10));
  const shown = epochs.flatMap((_, i) => (i % every === 0 || i === epochs.length - 1 ? [i] : []));
  return {
    table: {
      columns: ['p', 'method', 'rate', ...shown.map((i) => `epoch ${epochs[i]}`)],
      rows: curves.map(({ p, method, rate, losses }) => [
        ...[String(p), method, rate],
        ...shown.map((i) => losses[i] ?? null),
      ]),
    },
    texts: 2,
    notes: [givenAsFigure],
  };
}

/** How the losses of methods and correlations are distributed. */
function spreadTable(combinations: readonly Combination[]): Content {
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const rows = correlations.flatMap((p) =>
    methods.map((method) => {
      const losses = [...testLosses(combinations, method, p).values()].sort((a, b) => a - b);
      const isNone = losses.length === 0;
      return [
        ...[String(p), method, losses.length],
        ...[isNone ? null : meanOf(losses), standardDeviation(losses)],
        ...shares.map((share) => (isNone ? null : quantileOf(losses, share))),
      ];
    }),
  );
  return {
    table: {
      columns: ['p', 'method', 'runs', 'mean', 'SD', 'least', '25 %', 'median', '75 %', 'most'],
      rows,
    },
    texts: 2,
    notes: [givenAsFigure],
  };
}
