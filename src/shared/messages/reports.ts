import * as v from 'valibot';
import {
  leakSchema,
  matchedSchema,
  outsideOfPartSchema,
  runTaskSchema,
  vocabularySchema,
} from '../run/run-manifest.js';
import { taskKinds } from '../task-kinds.js';

/**
 * The reports that `mmoe describe --json` and `mmoe check --json` print: all that the editor knows of tables,
 * it knows from here.
 */

const columnKindSchema = v.picklist(['numeric', 'categorical', 'ignored']);

export const columnReportSchema = v.object({
  name: v.string(),
  /** The type that DuckDB gives it. */
  type: v.string(),
  /** The kind that it would be encoded as. */
  kind: columnKindSchema,
  /** Says why, for people: "integer with 2 values". */
  why: v.string(),
  distinct: v.number(),
  missing: v.number(),
  min: v.nullable(v.string()),
  max: v.nullable(v.string()),
  mean: v.nullable(v.number()),
  /** The most frequent values with their counts, at most 20. */
  top: v.array(v.object({ value: v.string(), count: v.number() })),
  /** The kind of label that it could be; null: none (constant, or unique per row). */
  labelKind: v.nullable(v.picklist(taskKinds)),
  /** There, where a field has several values: the sign between those of a text, null for lists. */
  several: v.optional(v.object({ separator: v.nullable(v.string()) })),
  /** Likely a label, from name and position. */
  looksLikeLabel: v.boolean(),
});
export type ColumnReport = v.InferOutput<typeof columnReportSchema>;

/** Whether a new experiment leaves a column out, unless a person wants it; several values are a feature. */
export const isLeftOut = ({ kind, several }: ColumnReport): boolean =>
  kind === 'ignored' && several === undefined;

export const describeReportSchema = v.object({
  source: v.string(),
  files: v.number(),
  rows: v.number(),
  columns: v.array(columnReportSchema),
  /** What should be known of how the table was read; left out where there is nothing. */
  notes: v.optional(v.array(v.string())),
  /** The `data.read` that says what was found out about the table; left out where nothing needs to be said. */
  read: v.optional(v.record(v.string(), v.union([v.string(), v.array(v.string())]))),
});
export type DescribeReport = v.InferOutput<typeof describeReportSchema>;

export const problemSchema = v.object({
  severity: v.picklist(['error', 'warning']),
  code: v.string(),
  message: v.string(),
  file: v.nullable(v.string()),
  /** Lines and columns count from 1. */
  line: v.nullable(v.number()),
  column: v.nullable(v.number()),
  endLine: v.nullable(v.number()),
  endColumn: v.nullable(v.number()),
});
export type Problem = v.InferOutput<typeof problemSchema>;

export const checkReportSchema = v.object({
  ok: v.boolean(),
  problems: v.array(problemSchema),
  /** Null if there are errors. */
  model: v.nullable(
    v.object({
      variant: v.string(),
      inputs: v.number(),
      parameters: v.number(),
      /** Parameters by part: experts, gates, towers, embeddings. */
      parts: v.record(v.string(), v.number()),
      /** The experts' widths as `model.match` has chosen them; null: it has not. */
      matched: v.nullable(matchedSchema),
      /** How many networks are trained, all of whose parameters count; absent: one. */
      members: v.optional(v.number()),
      memoryBytes: v.number(),
      /** The settings that were chosen for the table, by path. */
      chosen: v.optional(v.record(v.string(), v.unknown())),
      /** The numbers whose scale says `"beside": "nonlinear"` and that no label bends along; absent: none. */
      alone: v.optional(v.array(v.string())),
    }),
  ),
  /** Values of validation and test rows outside the training rows' range; absent where there are none. */
  outside: v.optional(v.array(outsideOfPartSchema)),
  /** Whether `"defaults": 2` is worth an offer; absent: the file has it, or says what it wants. */
  newerDefaults: v.optional(v.boolean()),
  /**
   * The tasks, as run.json would have them, and the rows of each part; null if there are errors, or if the rows would
   * have been written to the disk unasked.
   */
  data: v.nullable(
    v.object({
      tasks: v.array(runTaskSchema),
      rows: v.object({ train: v.number(), validation: v.number(), test: v.number() }),
      /** Features that alone predict a label nearly perfectly; absent: none are known. */
      leaks: v.optional(v.array(leakSchema)),
      /** Columns with `maxValues` or `hash`; absent: there are none. */
      vocabularies: v.optional(v.array(vocabularySchema)),
      /** The file that the encoded rows stay in; its path is null where it is not kept. Absent: they are in memory. */
      stream: v.optional(v.object({ bytes: v.number(), path: v.nullable(v.string()) })),
    }),
  ),
  columns: v.array(
    v.object({
      name: v.string(),
      /** The type that DuckDB gives it. */
      type: v.string(),
      /** The kind that it is encoded as; ignored: it is no feature. */
      kind: columnKindSchema,
      /** Says what it is used for, and why, for people: "label: the label is made of it". */
      use: v.string(),
    }),
  ),
});
export type CheckReport = v.InferOutput<typeof checkReportSchema>;

/** What `mmoe compare --estimate --json` prints. */
export const estimateReportSchema = v.object({
  runs: v.number(),
  /** How many are trained at once, and the threads of each. */
  parallel: v.number(),
  threads: v.number(),
  /** Seconds until the last one has ended. */
  seconds: v.number(),
  /** Whether runs may end before their last epoch, so that it is less. */
  atMost: v.boolean(),
  /** Seconds of one run, by variant. */
  each: v.record(v.string(), v.number()),
});
export type EstimateReport = v.InferOutput<typeof estimateReportSchema>;
