import { foundTexts } from '../../shared/prediction/found-text.js';
import type { ColumnScores, PredictionReport, TaskScores } from '../../shared/prediction/report.js';
import { sliceText } from '../../shared/prediction/slice-text.js';
import { formatCount, formatMetric } from '../../shared/numbers.js';
import { mainMetric, metricLabel } from '../../shared/task-kinds.js';
import { formatTable } from '../terminal/table.js';
import { displayWidth } from '../terminal/text-width.js';

/** Columns that are told of; the rest is counted. */
const mostColumns = 12;

/** Returns what the model knows nothing of in a table, those columns first that most rows are of. */
export function foundLines({ found, rows }: PredictionReport): string[] {
  const concerned = (one: PredictionReport['found'][number]): number =>
    Math.max(one.missing, one.unseen, one.outside?.values ?? 0);
  const sorted = [...found].sort((one, other) => concerned(other) - concerned(one));
  const lines = sorted.slice(0, mostColumns).flatMap((column) => foundTexts(column, rows));
  const rest = sorted.length - mostColumns;
  return rest > 0 ? [...lines, `and ${formatCount(rest)} more columns`] : lines;
}

/** Returns how good the predictions are, beside the runs' own metrics on their test rows. */
export function scoreLines(report: PredictionReport): string[] {
  const { scores, test, runs, trainedOn, unweighted, condition } = report;
  const several = runs.length > 1;
  const lines = [
    ...(several ? scoreTable(report) : scores.filter(isScored).map((one) => scoreLine(one, report))),
    ...scores.filter((one) => !isScored(one)).map(({ task, why }) => `${task}: not scored: ${why}`),
  ];
  if (several && test !== null && test.why !== null)
    lines.push(`the mean has no metrics on test rows: ${test.why}`);
  if (condition !== undefined && scores.length > 0) lines.push(...conditionLines(condition));
  if (scores.some(isScored)) {
    if (trainedOn) lines.push('the run was trained on rows of this table, so this says nothing of new ones');
    if (unweighted !== null) lines.push(`all rows count alike: ${unweighted}`);
  }
  return lines;
}

function conditionLines({
  where,
  leftOut,
  why,
}: NonNullable<PredictionReport['condition']>): readonly string[] {
  if (why !== null)
    return [`all rows count, though training has only rows of its condition, ${where}: ${why}`];
  if (leftOut === 0) return [];
  const rows = leftOut === 1 ? '1 row does' : `${formatCount(leftOut)} rows do`;
  return [`${rows} not meet the experiment's condition, ${where}, and count in no metric`];
}

const isScored = ({ metrics }: TaskScores): boolean => metrics !== null;

function scoreLine({ task, kind, rows, metrics }: TaskScores, { test }: PredictionReport): string {
  const metric = mainMetric(kind);
  const own = test?.tasks.find((one) => one.task === task)?.metrics?.[metric] ?? null;
  return (
    `${task}: ${metricLabel(metric)} ${formatMetric(metrics?.[metric])} on ` +
    `${formatCount(rows)} ${rows === 1 ? 'row that has' : 'rows that have'} its label` +
    (own === null ? '' : `; ${formatMetric(own)} on the run's test rows`)
  );
}

/**
 * Returns a table for each column by whose values the predictions were scored, and what its means are. `width`: that
 * of the terminal, in columns; a table that is wider becomes one for each task.
 */
export function sliceLines({ by = [], scores }: PredictionReport, width: number): string[] {
  const scored = scores.filter(isScored);
  if (scored.length === 0 || by.length === 0) return [];
  return [
    ...by.flatMap((one) => {
      const whole = sliceTable(one, scored);
      const fits = whole.every((line) => displayWidth(line) <= width);
      const tables = fits ? [whole] : scored.map((task) => sliceTable(one, [task]));
      return tables.flatMap((lines) => ['', ...lines]);
    }),
    ...(scored.some(({ kind }) => kind !== 'multiclass') ? ['', meansNote] : []),
  ];
}

const meansNote =
  'is, predicted: the means of labels and of predictions, which differ where these are too high or too low.';

/** A table of the slices by some of the tasks; of a single one it says how many rows have its label. */
function sliceTable({ column, slices }: ColumnScores, shown: readonly TaskScores[]): string[] {
  const alone = shown.length === 1;
  return formatTable(
    [
      ...[column, 'rows'],
      ...shown.flatMap(({ task, kind }) => [
        ...(alone ? ['with label'] : []),
        `${task} ${metricLabel(mainMetric(kind))}`,
        ...(kind === 'multiclass' ? [] : ['is', 'predicted']),
      ]),
    ],
    slices.map((slice) => [
      ...[sliceText(slice.of), formatCount(slice.rows)],
      ...shown.flatMap(({ task, kind }) => {
        const { rows, metrics, label, predicted } = slice.tasks.find((one) => one.task === task)!;
        return [
          ...(alone ? [formatCount(rows)] : []),
          formatMetric(metrics?.[mainMetric(kind)]),
          ...(kind === 'multiclass' ? [] : [formatMetric(label), formatMetric(predicted)]),
        ];
      }),
    ]),
  );
}

function scoreTable({ scores, test, runs }: PredictionReport): string[] {
  const row = (task: string, kind: TaskScores['kind'], of: string, all: readonly TaskScores['metrics'][]) => {
    const metric = mainMetric(kind);
    return [`${task} ${metricLabel(metric)}, ${of}`, ...all.map((one) => formatMetric(one?.[metric]))];
  };
  const own = (test?.tasks ?? []).filter(({ runs: all }) => all.some((one) => one !== null));
  const rows = [
    ...scores
      .filter(isScored)
      .map(({ task, kind, metrics, runs: alone = [] }) => row(task, kind, 'these rows', [metrics, ...alone])),
    ...own.map(({ task, kind, metrics, runs: alone }) => row(task, kind, 'test rows', [metrics, ...alone])),
  ];
  return rows.length === 0
    ? []
    : formatTable(['metric', 'their mean', ...runs.map(({ name }) => name)], rows);
}
