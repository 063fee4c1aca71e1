import * as v from 'valibot';
import { runManifestSchema, runStatuses } from '../run/run-manifest.js';
import { meanWeightsSchema } from '../run/mean-weights.js';
import { packedEventsSchema } from '../run/packed-events.js';
import { runEventSchema } from '../run/run-events.js';
import { pageMessages } from './page-messages.js';

/**
 * Messages between the host and the run page. Both ends parse; a bad message is logged and dropped. The page
 * says `ready` with the last seq that it holds and the host answers with everything after it: hidden,
 * reloaded and late pages take the same path.
 */

export const runActions = [
  'stop',
  'resume',
  'runAgain',
  'predict',
  'tryRow',
  'compare',
  'rename',
  'star',
  'editNotes',
  'delete',
  'openExperiment',
  'openLog',
  'openFolder',
  'compareSettings',
] as const;
export type RunAction = (typeof runActions)[number];

export const runPageToHostSchema = v.variant('type', [
  v.object({ type: v.literal('ready'), seq: v.number() }),
  v.object({ type: v.literal('action'), action: v.picklist(runActions) }),
  ...pageMessages,
]);
export type RunPageToHost = v.InferOutput<typeof runPageToHostSchema>;

const runContextSchema = v.object({
  /** What the run is called among others. */
  name: v.string(),
  /** Each task beside single-task runs with the same settings and data; empty: there is none. */
  standing: v.array(
    v.object({
      task: v.string(),
      /** The rows that the values are of. */
      split: v.picklist(['test', 'validation']),
      /** How many runs of the method there are. */
      seeds: v.number(),
      /** Of the task's main metric; more than 0 is better than single-task. */
      mean: v.number(),
      /** How likely it is by chance; null: there are too few seeds to tell. */
      p: v.nullable(v.number()),
      verdict: v.picklist(['better', 'worse', 'cannot tell', 'one seed']),
      /** About how many seeds would tell; null: it is told, or there is no telling. */
      seedsToTell: v.nullable(v.number()),
    }),
  ),
  /** The run whose settings are held against this one's; null: none was chosen. */
  other: v.nullable(
    v.object({ name: v.string(), ...v.pick(runManifestSchema, ['experiment', 'experimentFile']).entries }),
  ),
});
export type RunContext = v.InferOutput<typeof runContextSchema>;

export const hostToRunPageSchema = v.variant('type', [
  /** The run, and its events after the seq that `ready` named (`from`); `from` 0: the page starts afresh. */
  v.object({
    type: v.literal('run'),
    from: v.number(),
    manifest: runManifestSchema,
    /**
     * The status as the reader sees it: `interrupted` when the manifest says running and its trainer is gone.
     */
    status: v.picklist(runStatuses),
    /** False in an untrusted workspace: look, do not train. */
    canTrain: v.boolean(),
    events: v.array(runEventSchema),
    /** Events before those, of a long log; absent: none. */
    packed: v.optional(packedEventsSchema),
    /**
     * The mean weights of the routes of each level, of those too that are not among the events; what a resume has undone
     * is left out. Absent: the events have all routes.
     */
    means: v.optional(v.array(meanWeightsSchema)),
  }),
  /** Says what has changed since; events continue after the last ones sent. */
  v.object({
    type: v.literal('update'),
    manifest: v.optional(runManifestSchema),
    status: v.picklist(runStatuses),
    canTrain: v.boolean(),
    events: v.array(runEventSchema),
  }),
  v.object({ type: v.literal('gone'), reason: v.string() }),
  /** What the run is among others: sent after `run`, and when it changes. */
  v.object({ type: v.literal('context'), context: runContextSchema }),
]);
export type HostToRunPage = v.InferOutput<typeof hostToRunPageSchema>;
