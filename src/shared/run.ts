import * as v from 'valibot';

/**
 * The run folder's two files as types and checks (docs/formats.md). Every reader parses
 * with these.
 */

/** A number; JSON has no NaN, so what is not known yet or undefined is null. */
const metric = v.nullable(v.number());

export const runStatuses = ['queued', 'running', 'finished', 'stopped', 'failed', 'interrupted'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Metrics of one task over one set of rows; which are there depends on its kind (see metricNames). */
export const taskMetricsSchema = v.record(v.string(), metric);
/** By task name. */
export const metricsSchema = v.record(v.string(), taskMetricsSchema);
export type TaskMetrics = v.InferOutput<typeof taskMetricsSchema>;
export type Metrics = v.InferOutput<typeof metricsSchema>;

export const taskKinds = ['binary', 'multiclass', 'regression'] as const;

/** What a run's reader must know of a task to draw it. */
export const runTaskSchema = v.object({
  name: v.string(),
  kind: v.picklist(taskKinds),
  /** Share of positive training rows (binary). */
  positive: v.optional(v.number()),
  /** Class names in index order (multiclass). */
  classes: v.optional(v.array(v.string())),
  /** Mean and standard deviation of the training labels (regression). */
  mean: v.optional(v.number()),
  sd: v.optional(v.number()),
});
export type RunTask = v.InferOutput<typeof runTaskSchema>;

export const runErrorSchema = v.object({
  /** Stable, for programs: `data.label-constant`. */
  code: v.string(),
  /** What is wrong, where, what to do. */
  message: v.string(),
  file: v.optional(v.string()),
  line: v.optional(v.number()),
  column: v.optional(v.number()),
});
export type RunError = v.InferOutput<typeof runErrorSchema>;

/** How `model.match` has chosen the experts' widths. */
export const matchedSchema = v.object({
  variant: v.string(),
  /** Whether parameters of gates count. */
  gates: v.boolean(),
  layers: v.array(v.number()),
  /** What counts, of this network and of the one that was to be matched. */
  parameters: v.number(),
  target: v.number(),
});

/** A variant that a comparison goes without, because it cannot take the experiment's settings. */
const leftOutSchema = v.object({ variant: v.string(), why: v.string() });
export type LeftOut = v.InferOutput<typeof leftOutSchema>;

const comparisonSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** Absent: none. */
  leftOut: v.optional(v.array(leftOutSchema)),
});

export const runManifestSchema = v.object({
  format: v.literal(1),
  id: v.string(),
  name: v.string(),
  status: v.picklist(runStatuses),
  /** The experiment as it was run, defaults filled in; null until the trainer has read it. */
  experiment: v.nullable(v.record(v.string(), v.unknown())),
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
          /** For people, where experts are more than their numbers: whose it is, or which factor. */
          expertNames: v.optional(v.array(v.string())),
          /** By expert: the first one that has the same weights (itself, mostly). */
          sameWeights: v.optional(v.array(v.number())),
        }),
      ),
    }),
  ),
  engine: v.nullable(
    v.object({ name: v.string(), target: v.string(), threads: v.number(), why: v.string() }),
  ),
  seed: v.number(),
  parameters: v.nullable(v.number()),
  /**
   * How many of them are where: experts, gates, towers …; absent in run folders from before it was written.
   */
  parameterParts: v.optional(v.record(v.string(), v.number())),
  epochs: v.nullable(v.number()),
  stepsPerEpoch: v.nullable(v.number()),
  versions: v.record(v.string(), v.string()),
  git: v.nullable(v.object({ commit: v.string(), branch: v.nullable(v.string()), dirty: v.boolean() })),
  times: v.object({
    created: v.string(),
    started: v.nullable(v.string()),
    ended: v.nullable(v.string()),
    /** Seconds of training; a resume goes on counting. */
    seconds: v.number(),
    rowsPerSecond: metric,
  }),
  summary: v.nullable(
    v.object({
      bestEpoch: v.nullable(v.number()),
      /** By task: the epoch at which its own main metric was best on validation. */
      bestEpochs: v.record(v.string(), v.number()),
      /** At the best epoch. */
      validation: metricsSchema,
      /** From the best epoch's weights; null until the end, or without test rows. */
      test: v.nullable(metricsSchema),
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
});
export type RunManifest = v.InferOutput<typeof runManifestSchema>;

const common = {
  seq: v.number(),
  /** Seconds of training since its start. */
  time: v.number(),
  /** Optimiser steps done. */
  step: v.number(),
};

/** One route (a stream of a level) over one group of validation rows; arrays have one entry per expert. */
const routeStatsSchema = v.object({
  mean: v.array(v.number()),
  sd: v.array(v.number()),
  /** Per expert: counts of rows in equal bins over 0 … 1; absent where routes do not depend on the row. */
  histogram: v.optional(v.array(v.array(v.number()))),
  /**
   * Per expert: share of rows for which its weight is not 0; absent unless the gate leaves an expert that it
   * sees out for some row.
   */
  load: v.optional(v.array(v.number())),
});

export const runEventSchema = v.variant('type', [
  v.object({ ...common, type: v.literal('start'), epochs: v.number(), stepsPerEpoch: v.number() }),
  /** Mean losses by task since the last such event; sampled, at most a few thousand a run. */
  v.object({ ...common, type: v.literal('step'), epoch: v.number(), losses: v.record(v.string(), metric) }),
  v.object({
    ...common,
    type: v.literal('epoch'),
    /** Epochs done, from 1; 0 is before the first step. */
    epoch: v.number(),
    train: metricsSchema,
    validation: v.nullable(metricsSchema),
    rowsPerSecond: metric,
    best: v.boolean(),
    /** Factors of the tasks' losses, where the loss weighting changes them. */
    lossWeights: v.optional(v.record(v.string(), v.number())),
  }),
  v.object({
    ...common,
    type: v.literal('routes'),
    epoch: v.number(),
    level: v.number(),
    /**
     * Groups of validation rows; the first is all of them. Long runs write the others, and histograms, at
     * some epochs only (every best one, and the last).
     */
    groups: v.array(
      v.object({
        /** null: all rows; else those whose label of that task is that value. */
        where: v.nullable(v.object({ task: v.string(), label: v.string() })),
        rows: v.number(),
        /** In the order of the level's streams. */
        streams: v.array(routeStatsSchema),
      }),
    ),
  }),
  v.object({
    ...common,
    type: v.literal('experts'),
    epoch: v.number(),
    level: v.number(),
    experts: v.array(
      v.object({
        /** Units that are not zero on every validation row looked at; of `units`. */
        alive: v.number(),
        units: v.number(),
        /** Mean L2 norm of the output over rows. */
        norm: v.number(),
        /** The most alike other expert (0-based) and how alike: linear CKA, 0 … 1. */
        nearest: v.nullable(v.object({ expert: v.number(), similarity: v.number() })),
      }),
    ),
  }),
  v.object({ ...common, type: v.literal('checkpoint'), epoch: v.number(), file: v.string() }),
  /** Training goes on from `step`: events before this line with a larger step no longer count. */
  v.object({ ...common, type: v.literal('resume'), epoch: v.number() }),
  v.object({
    ...common,
    type: v.literal('finding'),
    level: v.picklist(['good', 'info', 'warning', 'bad']),
    text: v.string(),
  }),
  v.object({
    ...common,
    type: v.literal('end'),
    status: v.picklist(['finished', 'stopped', 'failed']),
    reason: v.string(),
  }),
]);
export type RunEvent = v.InferOutput<typeof runEventSchema>;
export type EventOf<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** The metric that a task is judged by, and whether more is better. */
export function mainMetric(kind: RunTask['kind']): 'auc' | 'accuracy' | 'r2' {
  return kind === 'binary' ? 'auc' : kind === 'multiclass' ? 'accuracy' : 'r2';
}

/** Metrics by kind, the main one first: `loss` is what training minimises. */
export const metricNames = {
  binary: ['auc', 'loss', 'logLoss', 'accuracy'],
  multiclass: ['accuracy', 'auc', 'loss', 'logLoss'],
  regression: ['r2', 'loss', 'mse'],
} as const satisfies Record<RunTask['kind'], readonly string[]>;

/** For people. */
export const metricLabels: Record<string, string> = {
  auc: 'AUC',
  accuracy: 'accuracy',
  loss: 'loss',
  logLoss: 'log-loss',
  mse: 'MSE',
  r2: 'R²',
};

export const biggerIsBetter = (metricName: string): boolean =>
  !['loss', 'logLoss', 'mse'].includes(metricName);
