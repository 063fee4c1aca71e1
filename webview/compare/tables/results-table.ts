import { mainMetric, metricLabel } from '../../../src/shared/task-kinds.js';
import { s } from '../../strings.js';
import type { TableData } from '../../ui/table-data.js';
import type { CompareModel } from '../model/compare-model.js';

/** Returns all that is known of the results, for the clipboard and the CSV file. */
export function resultsTable({ rows, tasks, results, isFolded }: CompareModel): TableData {
  const parts = ['mean', 'sd', 'bestOf', 'spread'] as const;
  const columns = tasks.flatMap((task) => {
    const metric = `${task.name} ${metricLabel(mainMetric(task.kind))}`;
    return [
      `${metric} ${s('split')}`,
      `${metric} ${s('seeds')}`,
      ...parts.map((part) => `${metric} ${s(part)}`),
      ...(results.hasGains
        ? [`${metric} ${s('againstAlone')}`, `${metric} ${s('againstAlone')} ${s('standardError')}`]
        : []),
    ];
  });
  return {
    columns: [s(isFolded ? 'method' : 'run'), ...columns],
    rows: rows.map(({ key, label }) => [
      label,
      ...(results.cells.get(key) ?? []).flatMap(({ split, count, mean, sd, best, spread, gain }) => [
        split,
        count,
        mean,
        sd,
        best,
        spread,
        ...(results.hasGains ? [gain?.value ?? null, gain?.error ?? null] : []),
      ]),
    ]),
  };
}
