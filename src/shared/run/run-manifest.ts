import * as v from 'valibot';
import { taskKinds } from '../task-kinds.js';

/**
 * The manifest of a run (`run.json`, docs/formats.md) as types and checks. Every reader parses with these.
 */

/** A measured number. JSON has no NaN: a number that is not known yet, or is undefined, is null. */
export const measuredSchema = v.nullable(v.number());

export const runStatuses = ['queued', 'running', 'finished', 'stopped', 'failed', 'interrupted'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Metrics of one task over one set of rows; which are there depends on its kind (see metricNames). */
export const taskMetricsSchema = v.record(v.string(), measuredSchema);
/** Metrics by task name. */
export const metricsSchema = v.record(v.string(), taskMetricsSchema);
export type TaskMetrics = v.InferOutput<typeof taskMetricsSchema>;
export type Metrics = v.InferOutput<typeof metricsSchema>;

/** How many rows of each part have a task's label. */
export const labelCountsSchema = v.object({ train: v.number(), validation: v.number(), test: v.number() });
export type LabelCounts = v.InferOutput<typeof labelCountsSchema>;

/** The facts of a task that a run's reader needs to draw it. */
export const runTaskSchema = v.object({
  name: v.string(),
  kind: v.picklist(taskKinds),
  /** Share of positive training rows (binary). */
  positive: v.optional(v.number()),
  /** Class names in index order (binary: the negative one, then the one whose probability is predicted). */
  classes: v.optional(v.array(v.string())),
  /** Mean and standard deviation of the training labels (regression). */
  mean: v.optional(v.number()),
  sd: v.optional(v.number()),
  /** What predictions are limited to (regression); absent: nothing. */
  limits: v.optional(v.object({ low: v.number(), high: v.number() })),
  labels: v.optional(labelCountsSchema),
});
export type RunTask = v.InferOutput<typeof runTaskSchema>;

/** A numeric column with values outside the range of the training rows' ones. */
export const outsideColumnSchema = v.object({
  name: v.string(),
  /** The range of the training rows. */
  low: v.number(),
  high: v.number(),
  /** How many values are outside, and the least and the largest of them. */
  values: v.number(),
  least: v.number(),
  most: v.number(),
  /**
   * DuckDB's type of a column of dates or times, whose values are seconds since 1970 or since midnight; absent:
   * they are numbers, or an older version wrote it.
   */
  time: v.optional(v.string()),
});
export type OutsideColumn = v.InferOutput<typeof outsideColumnSchema>;

/** The same for the rows of a part. */
export const outsideOfPartSchema = v.object({
  part: v.picklist(['train', 'validation', 'test']),
  ...outsideColumnSchema.entries,
});
export type OutsideOfPart = v.InferOutput<typeof outsideOfPartSchema>;

/** A categorical column whose values do not all have a place of their own because the experiment says so. */
export const vocabularySchema = v.object({
  name: v.string(),
  /** The different values of the training rows. */
  values: v.number(),
  /** How many of them are kept (`maxValues`), and the share of the rows that have one of the others. */
  kept: v.optional(v.number()),
  rest: v.optional(v.number()),
  /** How many buckets they fall into (`hash`), and how many share theirs with another. */
  buckets: v.optional(v.number()),
  sharing: v.optional(v.number()),
});
export type VocabularyFacts = v.InferOutput<typeof vocabularySchema>;

/** A feature that alone predicts a task's label nearly perfectly, on a sample of the training rows. */
export const leakSchema = v.object({
  task: v.string(),
  /** The column. */
  feature: v.string(),
  metric: v.picklist(['auc', 'r2']),
  value: v.number(),
  /** There, if it does so by being missing: `side` is the label of the rows that miss it (binary). */
  missing: v.optional(v.object({ side: v.optional(v.string()) })),
});
export type Leak = v.InferOutput<typeof leakSchema>;

export const runErrorSchema = v.object({
  /** Stable, for programs: `data.label-constant`. */
  code: v.string(),
  /** Says what is wrong, where, and what to do. */
  message: v.string(),
  file: v.optional(v.string()),
  line: v.optional(v.number()),
  column: v.optional(v.number()),
});
export type RunError = v.InferOutput<typeof runErrorSchema>;

/** The experts' widths as `model.match` has chosen them. */
export const matchedSchema = v.object({
  variant: v.string(),
  /** True if parameters of gates count. */
  gates: v.boolean(),
  layers: v.array(v.number()),
  /** The parameters that count, of this network and of the one that was to be matched. */
  parameters: v.number(),
  target: v.number(),
});

export type Matched = v.InferOutput<typeof matchedSchema>;

/** A variant that a comparison goes without, because it cannot take the experiment's settings. */
const leftOutSchema = v.object({ variant: v.string(), why: v.string() });
export type LeftOut = v.InferOutput<typeof leftOutSchema>;

/** All that a comparison was to train, with which what is missing can be told and trained to the same bits. */
const plannedComparisonSchema = v.object({
  /** Every variant was to be trained with every seed: all of them with the first, then with the next. */
  variants: v.array(v.string()),
  seeds: v.array(v.number()),
  /** Of each run's engine. */
  threads: v.number(),
  /** Of the encoded rows. */
  fingerprint: v.string(),
});
export type PlannedComparison = v.InferOutput<typeof plannedComparisonSchema>;

const comparisonSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** Absent: none. */
  leftOut: v.optional(v.array(leftOutSchema)),
  /** Absent in comparisons of versions that could not go on with them. */
  planned: v.optional(plannedComparisonSchema),
  /** How long its runs were expected to take together, by a short look before they began; absent: not known. */
  estimatedSeconds: v.optional(v.number()),
  /** What people have written of it, the same in all its runs; absent: nothing. */
  notes: v.optional(v.string()),
  /** When these notes were last changed, later each time; absent: never. */
  notesChanged: v.optional(v.string()),
});

/** What a run has taken over from an earlier one, and what is new. */
export const startedFromSchema = v.object({
  /** Of the earlier run. */
  id: v.string(),
  name: v.string(),
  /** The epoch whose weights they are. */
  epoch: v.number(),
  /** Whether the optimiser's moments are kept, too. */
  moments: v.boolean(),
  kept: v.object({ columns: v.array(v.string()), tasks: v.array(v.string()) }),
  added: v.object({ columns: v.array(v.string()), tasks: v.array(v.string()) }),
  dropped: v.object({ columns: v.array(v.string()), tasks: v.array(v.string()) }),
  /** By column that is kept, how many values are new; those without any are left out. */
  values: v.record(v.string(), v.number()),
});
export type StartedFrom = v.InferOutput<typeof startedFromSchema>;

export const runManifestSchema = v.object({
  format: v.literal(1),
  id: v.string(),
  name: v.string(),
  status: v.picklist(runStatuses),
  /** The experiment as it was run, defaults filled in; null until the trainer has read it. */
  experiment: v.nullable(v.record(v.string(), v.unknown())),
  /** The settings of `experiment` that were chosen for the table, by path; absent: none. */
  chosen: v.optional(v.record(v.string(), v.unknown())),
  /**
   * Path of the experiment file relative to the folder that holds `.mmoe`, with forward slashes; null: none.
   */
  experimentFile: v.nullable(v.string()),
  data: v.nullable(
    v.object({
      source: v.string(),
      rows: v.object({ train: v.number(), validation: v.number(), test: v.number() }),
      /** Width of the encoded row. */
      inputs: v.number(),
      fingerprint: v.string(),
      /** There, if the rows were read from a file while it trained: its bytes, and the rows that were shuffled together. */
      stream: v.optional(v.object({ window: v.number(), bytes: v.number() })),
      /** Values of validation and test rows outside the training rows' range; absent in older run folders. */
      outside: v.optional(v.array(outsideOfPartSchema)),
      /** Features that alone predict a label nearly perfectly; absent: none are known. */
      leaks: v.optional(v.array(leakSchema)),
      /** Columns with `maxValues` or `hash`; absent: there are none. */
      vocabularies: v.optional(v.array(vocabularySchema)),
    }),
  ),
  tasks: v.array(runTaskSchema),
  /** The network's shape for readers: names of experts are their numbers, from 1. */
  network: v.nullable(
    v.object({
      variant: v.string(),
      matched: v.optional(matchedSchema),
      levels: v.array(
        v.object({
          experts: v.number(),
          /** Units in an expert's last layer. */
          width: v.number(),
          routes: v.picklist(['fixed', 'constants', 'gate', 'path']),
          streams: v.array(v.object({ name: v.string(), task: v.nullable(v.number()) })),
          /** Names for people, if experts are more than their numbers: whose it is, or which factor. */
          expertNames: v.optional(v.array(v.string())),
          /** For each expert the first one that has the same weights (itself, mostly). */
          sameWeights: v.optional(v.array(v.number())),
        }),
      ),
    }),
  ),
  engine: v.nullable(
    v.object({ name: v.string(), target: v.string(), threads: v.number(), why: v.string() }),
  ),
  seed: v.number(),
  /** Absent: it has started from nothing. */
  from: v.optional(startedFromSchema),
  parameters: v.nullable(v.number()),
  /**
   * The parameters by part: experts, gates, towers …; absent in run folders from before it was written.
   */
  parameterParts: v.optional(v.record(v.string(), v.number())),
  epochs: v.nullable(v.number()),
  stepsPerEpoch: v.nullable(v.number()),
  versions: v.record(v.string(), v.string()),
  git: v.nullable(
    v.object({
      commit: v.string(),
      branch: v.nullable(v.string()),
      /** Whether tracked files differed from the commit; absent where that was not looked at. */
      dirty: v.optional(v.boolean()),
    }),
  ),
  times: v.object({
    created: v.string(),
    started: v.nullable(v.string()),
    ended: v.nullable(v.string()),
    /** Seconds of training; a resume goes on counting. */
    seconds: v.number(),
    rowsPerSecond: measuredSchema,
  }),
  summary: v.nullable(
    v.object({
      bestEpoch: v.nullable(v.number()),
      /** For each task the epoch at which its own main metric was best on validation. */
      bestEpochs: v.record(v.string(), v.number()),
      /**
       * For each task the epoch whose weights are kept, where tasks share no weights and each has its own;
       * `bestEpoch` is then the last of them. Absent where one epoch serves all tasks.
       */
      keptEpochs: v.optional(v.record(v.string(), v.number())),
      /** Metrics at the best epoch, or of each task at its own. */
      validation: metricsSchema,
      /** Metrics of the best epoch's weights; null until the end, or without test rows. */
      test: v.nullable(metricsSchema),
      /** The test metrics of each member alone; absent where there is one, or until the end. */
      members: v.optional(v.array(metricsSchema)),
    }),
  ),
  error: v.nullable(runErrorSchema),
  /**
   * The same for all runs that one `mmoe compare` made; null: made on its own. Absent in run folders from
   * before there was one.
   */
  comparison: v.optional(v.nullable(comparisonSchema), null),
  tags: v.array(v.string()),
  notes: v.string(),
  /** When the notes were last changed, later each time; absent: never. */
  notesChanged: v.optional(v.string()),
  starred: v.boolean(),
  /** Out of sight unless somebody asks for it; absent: no. */
  archived: v.optional(v.boolean()),
});
export type RunManifest = v.InferOutput<typeof runManifestSchema>;
