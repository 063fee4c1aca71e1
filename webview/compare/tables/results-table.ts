import { mainMetric, metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import type { TableData } from '../../../src/shared/figures/table-data.js';
import { verdictWord } from '../../ui/verdict-text.js';
import type { CompareModel } from '../model/compare-model.js';

/** Returns all that is known of the results, for the clipboard and the CSV file. */
export function resultsTable({ rows, groups, tasks, results, isFolded }: CompareModel): TableData {
  const hasGroups = groups.length > 1;
  const parts = ['mean', 'sd', 'bestOf', 'spread'] as const;
  const columns = tasks.flatMap((task) => {
    const metric = `${task.name} ${metricLabel(mainMetric(task.kind))}`;
    return [
      `${metric} ${s('split')}`,
      `${metric} ${s('seeds')}`,
      ...parts.map((part) => `${metric} ${s(part)}`),
      ...(results.hasGains
        ? [
            `${metric} ${s('againstAlone')}`,
            `${metric} ${s('againstAlone')} ${s('standardError')}`,
            `${metric} ${s('againstAlone')} p`,
            `${metric} ${s('isBetter')}`,
          ]
        : []),
    ];
  });
  return {
    columns: [s(isFolded ? 'method' : 'run'), ...(hasGroups ? [s('dataGroup')] : []), ...columns],
    rows: rows.map(({ key, label }) => [
      label,
      ...(hasGroups ? [groups.find((group) => group.rows.some((row) => row.key === key))!.label] : []),
      ...(results.cells.get(key) ?? []).flatMap(({ split, count, mean, sd, best, spread, gain }) => [
        split,
        count,
        mean,
        sd,
        best,
        spread,
        ...(results.hasGains
          ? [
              gain?.mean ?? null,
              gain?.standardError ?? null,
              gain?.p ?? null,
              gain === null ? null : verdictWord(gain),
            ]
          : []),
      ]),
    ]),
  };
}
