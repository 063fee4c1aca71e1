import * as v from 'valibot';
import { runStatuses } from '../run/run-manifest.js';
import { taskKinds } from '../task-kinds.js';

/** A value of a setting in the table of runs; null: no setting of this run, or not known. */
export const valueSchema = v.nullable(v.union([v.string(), v.number(), v.boolean()]));
export type TableValue = v.InferOutput<typeof valueSchema>;

export const comparisonSchema = v.nullable(v.object({ id: v.string(), name: v.string() }));
export const rowsSchema = v.nullable(
  v.object({ choice: v.string(), encoding: v.string(), fingerprint: v.string() }),
);

/** A run as the table of runs shows it. */
export const tableRunSchema = v.object({
  /** Names the run between page and host. */
  folder: v.string(),
  id: v.string(),
  /** What it is called among the runs. */
  name: v.string(),
  /** The status as the reader sees it: `interrupted` when its trainer is gone. */
  status: v.picklist(runStatuses),
  /** The epoch that is being trained; null: it does not train, or has not begun. */
  epoch: v.nullable(v.number()),
  epochs: v.nullable(v.number()),
  starred: v.boolean(),
  archived: v.boolean(),
  tags: v.array(v.string()),
  /** The experiment's name; null: not known. */
  experiment: v.nullable(v.string()),
  comparison: comparisonSchema,
  /** When it was made, in UTC. */
  created: v.string(),
  /** Of training. */
  seconds: v.number(),
  parameters: v.nullable(v.number()),
  /**
   * Stands for the rows that it is judged by: their choice, their encoding and what came of both; null: not
   * known yet.
   */
  rows: rowsSchema,
  /** In the order of the message's `paths`; null: no setting of this run, or not known. */
  settings: v.array(valueSchema),
  /** Each task's main metric at the epoch that is kept. */
  scores: v.record(
    v.string(),
    v.object({
      kind: v.picklist(taskKinds),
      validation: v.nullable(v.number()),
      test: v.nullable(v.number()),
    }),
  ),
});
export type TableRun = v.InferOutput<typeof tableRunSchema>;
