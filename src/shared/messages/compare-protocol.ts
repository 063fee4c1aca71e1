import * as v from 'valibot';
import { metricsSchema, runManifestSchema, runStatuses } from '../run/run-manifest.js';
import { pageMessages } from './page-messages.js';

/**
 * Messages between the host and the compare page. Both ends parse; a bad message is logged and dropped. The
 * page says `ready` and is given everything; a run that changes is given anew as a whole, so that a lost
 * message does no lasting harm.
 */

/** The subject of a comparison. The page keeps it, and hands it back when the window is reloaded. */
export const comparisonSubjectSchema = v.object({
  /** Run folders that were chosen; empty: those of the comparison only. */
  folders: v.array(v.string()),
  /** One `mmoe compare`, whose runs are shown as they come. */
  comparison: v.nullable(v.object({ id: v.string(), runsFolder: v.string() })),
  title: v.string(),
});
export type ComparisonSubject = v.InferOutput<typeof comparisonSubjectSchema>;

const comparedRunSchema = v.object({
  /** Names the run between page and host. */
  folder: v.string(),
  manifest: v.pick(runManifestSchema, [
    'id',
    'name',
    'experiment',
    'experimentFile',
    'data',
    'tasks',
    'seed',
    'parameters',
    'epochs',
    'stepsPerEpoch',
    'times',
    'summary',
    'error',
    'comparison',
  ]),
  /** The status as the reader sees it: `interrupted` when its trainer is gone. */
  status: v.picklist(runStatuses),
  /** Null unless the run trains and has a first event. */
  progress: v.nullable(v.object({ step: v.number(), steps: v.nullable(v.number()), seconds: v.number() })),
  /** Which rows the epochs' metrics are of: train where there is no validation. */
  split: v.picklist(['validation', 'train']),
  /**
   * In order, from 0 (before the first step); of very long runs not every one. `time`: seconds of training.
   */
  epochs: v.array(
    v.object({
      epoch: v.number(),
      time: v.number(),
      best: v.boolean(),
      bestTasks: v.optional(v.array(v.string())),
      metrics: metricsSchema,
    }),
  ),
});
export type ComparedRun = v.InferOutput<typeof comparedRunSchema>;

export const comparePageToHostSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  /** Ask every trainer to write a checkpoint and stop. */
  v.object({ type: v.literal('stopAll') }),
  /** Train what the comparison is missing. */
  v.object({ type: v.literal('resumeComparison') }),
  /** Show the run's own page. */
  v.object({ type: v.literal('open'), folder: v.string() }),
  ...pageMessages,
]);
export type ComparePageToHost = v.InferOutput<typeof comparePageToHostSchema>;

export const hostToComparePageSchema = v.variant('type', [
  /** Everything; the runs in the order in which they were made. */
  v.object({ type: v.literal('runs'), subject: comparisonSubjectSchema, runs: v.array(comparedRunSchema) }),
  /** Says what has changed since: new runs among them, each as a whole; and the folders that are gone. */
  v.object({
    type: v.literal('update'),
    subject: comparisonSubjectSchema,
    changed: v.array(comparedRunSchema),
    removed: v.array(v.string()),
  }),
]);
export type HostToComparePage = v.InferOutput<typeof hostToComparePageSchema>;
