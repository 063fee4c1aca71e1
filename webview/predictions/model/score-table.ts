import type { TableData } from '../../../src/shared/figures/table-data.js';
import type { Predictions } from '../../../src/shared/messages/predictions-protocol.js';
import type { TaskMetrics } from '../../../src/shared/run/run-manifest.js';
import { metricLabel, metricNames } from '../../../src/shared/task-kinds.js';

/** The metrics of the predictions, and of the runs on their test rows. */
export interface ScoreTable {
  /** Whose metrics they are: of the predictions first, then of each run where there are several. */
  readonly of: readonly string[];
  readonly groups: readonly { readonly rows: 'new' | 'test'; readonly at: number }[];
  readonly lines: readonly {
    readonly task: string;
    readonly metric: string;
    /** Whether the task is judged by it. */
    readonly isMain: boolean;
    /** As `groups` and, within each, as `of`. */
    readonly values: readonly (number | null)[];
  }[];
}

/** Returns the metrics as a table; null: there are none at all. `mean`: what the mean of several runs is called. */
export function scoreTable(
  { report, runNames }: Pick<Predictions, 'report' | 'runNames'>,
  mean: string,
): ScoreTable | null {
  const { scores, test } = report;
  const several = runNames.length > 1;
  const of = several ? [mean, ...runNames] : runNames;
  const isScored = scores.some(({ metrics }) => metrics !== null);
  const hasTest = test?.tasks.some(({ runs }) => runs.some((one) => one !== null)) === true;
  if (!isScored && !hasTest) return null;
  const tasks = test?.tasks ?? scores;
  const lines = tasks.flatMap(({ task, kind }) =>
    metricNames[kind].map((metric, at) => {
      const score = scores.find((one) => one.task === task);
      const own = test?.tasks.find((one) => one.task === task);
      const valuesOf = (metrics: TaskMetrics | null, runs: readonly (TaskMetrics | null)[]) =>
        [metrics, ...(several ? runNames.map((_, run) => runs[run] ?? null) : [])].map(
          (one) => one?.[metric] ?? null,
        );
      return {
        ...{ task, metric, isMain: at === 0 },
        values: [
          ...(isScored ? valuesOf(score?.metrics ?? null, score?.runs ?? []) : []),
          ...(hasTest ? valuesOf(own?.metrics ?? null, own?.runs ?? []) : []),
        ],
      };
    }),
  );
  const known = new Set(
    lines.filter(({ values }) => values.some((value) => value !== null)).map(({ task }) => task),
  );
  const kinds = [...(isScored ? ['new' as const] : []), ...(hasTest ? ['test' as const] : [])];
  return {
    of,
    lines: lines.filter(({ task }) => known.has(task)),
    groups: kinds.map((rows, at) => ({ rows, at: at * of.length })),
  };
}

/** Returns the same for the clipboard and CSV files; `names`: of the groups. */
export function scoreTableData(
  { of, groups, lines }: ScoreTable,
  names: Readonly<Record<'new' | 'test', string>>,
): TableData {
  return {
    columns: ['task', 'metric', ...groups.flatMap(({ rows }) => of.map((one) => `${names[rows]}: ${one}`))],
    rows: lines.map(({ task, metric, values }) => [task, metricLabel(metric), ...values]),
  };
}
