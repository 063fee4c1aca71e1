import type { TableData } from '../figures/table-data.js';
import { lastOf, shownValue } from './settings.js';
import type { StudyScore } from './summary.js';

/** Returns the table of a study's scores with all its numbers, a row for each task and combination. */
export function resultsTable(scores: readonly StudyScore[]): TableData {
  const paths = Object.keys(scores[0]?.settings ?? {});
  const hasGains = scores.some(({ gain }) => gain !== null);
  return {
    columns: [
      'task',
      ...paths.map(lastOf),
      ...['metric', 'rows', 'runs', 'diverged', 'mean', 'SD', 'best'],
      ...(hasGains ? ['difference', 'from', 'to', 'p', 'p (Holm)', 'within', 'verdict'] : []),
    ],
    rows: scores.map(({ task, settings, metric, split, seeds, diverged, mean, sd, best, gain }) => [
      task,
      ...paths.map((path) => shownValue(settings[path])),
      ...[metric, split, seeds, diverged, mean, sd, best],
      ...(hasGains
        ? [
            gain?.mean ?? null,
            gain?.interval?.[0] ?? null,
            gain?.interval?.[1] ?? null,
            gain?.p ?? null,
            gain?.holm ?? null,
            gain?.within ?? null,
            gain?.verdict ?? null,
          ]
        : []),
    ]),
  };
}
