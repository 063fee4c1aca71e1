import * as v from 'valibot';
import { outsideColumnSchema, taskMetricsSchema } from '../run/run-manifest.js';
import { taskKinds } from '../task-kinds.js';

/**
 * What `mmoe predict --json` prints: the rows that were predicted (with `--check`: that would be), what the
 * model knows nothing of in them, and how good the predictions are where the rows have labels.
 */

const { name: _name, ...outside } = outsideColumnSchema.entries;

const foundColumnSchema = v.object({
  name: v.string(),
  /** Rows without a value. */
  missing: v.number(),
  /** Rows with a value that training did not see, or too rarely to learn it. */
  unseen: v.number(),
  /** The most frequent of these values, at most three. */
  examples: v.array(v.string()),
  /** Numbers outside the training rows' range; absent: none. */
  outside: v.optional(v.object(outside)),
});
export type FoundColumn = v.InferOutput<typeof foundColumnSchema>;

const taskScoresSchema = v.object({
  task: v.string(),
  kind: v.picklist(taskKinds),
  /** Rows that have a label and count. */
  rows: v.number(),
  /** Why there are no metrics; null: there are. */
  why: v.nullable(v.string()),
  /** Of what is predicted, the mean of several runs among it; null: there are none. */
  metrics: v.nullable(taskMetricsSchema),
  /** Of each run alone, in order; absent where there is one. */
  runs: v.optional(v.array(taskMetricsSchema)),
});
export type TaskScores = v.InferOutput<typeof taskScoresSchema>;

const sliceOfSchema = v.variant('kind', [
  v.object({ kind: v.literal('value'), value: v.union([v.string(), v.number()]) }),
  /** Both bounds are values of the column, and belong to it. */
  v.object({ kind: v.literal('range'), low: v.number(), high: v.number() }),
  /** All other values; so many different ones, or more. */
  v.object({ kind: v.literal('others'), values: v.number() }),
  v.object({ kind: v.literal('missing') }),
]);
export type SliceOf = v.InferOutput<typeof sliceOfSchema>;

const taskSliceSchema = v.object({
  task: v.string(),
  kind: v.picklist(taskKinds),
  /** Rows of the slice that have a label and count. */
  rows: v.number(),
  /** Of what is predicted; null: no row has a label. */
  metrics: v.nullable(taskMetricsSchema),
  /**
   * Means, weighted as metrics are: of the labels and of what is predicted (binary: of 0 and 1, and of the
   * probability; regression: in the label's units); null for tasks of several classes, and for no rows.
   */
  label: v.nullable(v.number()),
  predicted: v.nullable(v.number()),
});
export type TaskSlice = v.InferOutput<typeof taskSliceSchema>;

const columnScoresSchema = v.object({
  column: v.string(),
  /** Those that have rows, in the order of ranges and numbers, or the most frequent first. */
  slices: v.array(v.object({ of: sliceOfSchema, rows: v.number(), tasks: v.array(taskSliceSchema) })),
});
export type ColumnScores = v.InferOutput<typeof columnScoresSchema>;

/** The metrics of the test rows: what the runs' own metrics were taken of. */
const testScoresSchema = v.object({
  /** Why the mean of the runs has none; null: it has, or there is one run. */
  why: v.nullable(v.string()),
  tasks: v.array(
    v.object({
      task: v.string(),
      kind: v.picklist(taskKinds),
      /** Of what is predicted; null: not known. */
      metrics: v.nullable(taskMetricsSchema),
      /** Of each run alone; null: it has none. */
      runs: v.array(v.nullable(taskMetricsSchema)),
    }),
  ),
});
export type TestScores = v.InferOutput<typeof testScoresSchema>;

const cellSchema = v.nullable(v.union([v.string(), v.number()]));

export const predictionReportSchema = v.object({
  /** The table for people. */
  source: v.string(),
  rows: v.number(),
  runs: v.array(
    v.object({
      id: v.string(),
      name: v.string(),
      epoch: v.number(),
      members: v.optional(v.number()),
    }),
  ),
  /** The table's own columns with DuckDB's types. */
  columns: v.array(v.object({ name: v.string(), type: v.string() })),
  /** Columns of which the model knows something not. */
  found: v.array(foundColumnSchema),
  /** The tasks whose labels the table has. */
  labelled: v.array(v.string()),
  /** The file that was written; null: none, rows were counted only. */
  out: v.nullable(v.string()),
  /** How good predictions are on these rows; empty where nothing was predicted, or the rows are the run's own. */
  scores: v.array(taskScoresSchema),
  /** The same for rows that have the same value of a column, for each column that was asked for (`--by`). */
  by: v.optional(v.array(columnScoresSchema)),
  /** Why the rows count alike, though the experiment weighs them; null: they are weighed as it says. */
  unweighted: v.nullable(v.string()),
  /** Of an experiment with a condition (`data.where`) whose rows these are to be like; absent: there is none. */
  condition: v.optional(
    v.object({
      where: v.string(),
      /** Rows that do not meet it, and are not scored. */
      leftOut: v.number(),
      /** Why that cannot be told, so that all rows are scored; null: it can. */
      why: v.nullable(v.string()),
    }),
  ),
  /** Whether the rows of training are among them, so that `scores` say nothing of new ones. */
  trainedOn: v.boolean(),
  /** The same on the runs' own test rows; null: nothing was predicted. */
  test: v.nullable(testScoresSchema),
  /** The first rows that were written. */
  preview: v.nullable(v.object({ columns: v.array(v.string()), rows: v.array(v.array(cellSchema)) })),
});
export type PredictionReport = v.InferOutput<typeof predictionReportSchema>;
export type PreviewCell = v.InferOutput<typeof cellSchema>;
