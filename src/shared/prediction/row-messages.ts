import * as v from 'valibot';
import { taskKinds } from '../task-kinds.js';

/**
 * What a process that predicts single rows is asked and answers, as lines of JSON on its standard input and
 * output. It answers in the order in which it is asked, and ends when its input does.
 */

/** A row as a person writes it: texts by column; null or a column that is left out: missing. */
const rowValuesSchema = v.record(v.string(), v.nullable(v.string()));
export type RowValues = v.InferOutput<typeof rowValuesSchema>;

export const rowRequestSchema = v.variant('ask', [
  v.object({
    ask: v.literal('predict'),
    id: v.number(),
    values: rowValuesSchema,
    /** The member whose routes are wanted, from 0. */
    member: v.number(),
  }),
  /** A row of the run's own table, from 0; null: a random one. */
  v.object({ ask: v.literal('row'), id: v.number(), row: v.nullable(v.number()) }),
]);
export type RowRequest = v.InferOutput<typeof rowRequestSchema>;

const rowColumnSchema = v.variant('kind', [
  v.object({
    kind: v.literal('numeric'),
    name: v.string(),
    /** DuckDB's type in the training table. */
    type: v.string(),
    /** The training rows' range; absent: not known. */
    low: v.optional(v.number()),
    high: v.optional(v.number()),
  }),
  v.object({
    kind: v.literal('categorical'),
    name: v.string(),
    type: v.string(),
    /** The values that the model has learned, at most some hundreds of them. */
    values: v.array(v.string()),
    /** How many there are. */
    count: v.number(),
  }),
]);
export type RowColumn = v.InferOutput<typeof rowColumnSchema>;

/** What the model makes of a value that is not as it was in training. */
const remarkSchema = v.object({
  column: v.string(),
  /** `invalid`: the row cannot be predicted until it is changed. */
  is: v.picklist(['missing', 'unseen', 'outside', 'invalid']),
});
export type RowRemark = v.InferOutput<typeof remarkSchema>;

const taskPredictionSchema = v.object({
  task: v.string(),
  kind: v.picklist(taskKinds),
  /**
   * The probability of the positive value, the value in the label's units, or the probability of each class;
   * `sd`: over the members, null where there is one.
   */
  values: v.array(v.object({ of: v.nullable(v.string()), value: v.number(), sd: v.nullable(v.number()) })),
});
export type TaskPrediction = v.InferOutput<typeof taskPredictionSchema>;

export const rowAnswerSchema = v.variant('is', [
  /** It listens. `values`: a row of means and of values that are known. */
  v.object({ is: v.literal('ready'), columns: v.array(rowColumnSchema), values: rowValuesSchema }),
  /** The run's own table was read: how many rows it has; null: it cannot be read, and why. */
  v.object({ is: v.literal('rows'), rows: v.nullable(v.number()), why: v.nullable(v.string()) }),
  v.object({
    is: v.literal('prediction'),
    id: v.number(),
    /** Null: a value is invalid. */
    tasks: v.nullable(v.array(taskPredictionSchema)),
    /** Per level [streams][experts]. */
    routes: v.array(v.array(v.array(v.number()))),
    remarks: v.array(remarkSchema),
  }),
  v.object({
    is: v.literal('row'),
    id: v.number(),
    row: v.number(),
    values: rowValuesSchema,
    /** By task, where the row has a label that is known. */
    labels: v.record(v.string(), v.string()),
  }),
  v.object({ is: v.literal('refused'), id: v.number(), why: v.string() }),
]);
export type RowAnswer = v.InferOutput<typeof rowAnswerSchema>;
