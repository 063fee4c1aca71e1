import * as v from 'valibot';
import { metricsSchema } from '../run/run-manifest.js';
import { pageMessages } from './page-messages.js';
import { runsInColumnsSchema } from './runs-in-columns.js';
import { tableRunSchema } from './table-run-schema.js';

/**
 * Messages between the host and the table of runs. Both ends parse; a bad message is logged and dropped. The
 * page says `ready` and is given everything; a run that changes is given anew as a whole. The page keeps no
 * run's files: what it searches, the host finds.
 */

/** All metrics of a run at the epoch that is kept, by task. */
const runMetricsSchema = v.object({ validation: metricsSchema, test: v.nullable(metricsSchema) });
export type RunMetrics = v.InferOutput<typeof runMetricsSchema>;

/** The rows that some of the runs are judged by: these can be ranked among each other, and with no others. */
const rowsSetSchema = v.object({
  /** Says how these rows differ from those of the other sets. */
  label: v.string(),
  /** What stands for them in runs, each as one text. */
  keys: v.array(v.string()),
});
export type RowsSet = v.InferOutput<typeof rowsSetSchema>;

/** What can be done with the chosen runs. */
export const tableActions = [
  'compare',
  'rename',
  'star',
  'unstar',
  'tag',
  'archive',
  'unarchive',
  'delete',
] as const;
export type TableAction = (typeof tableActions)[number];

export const runsTableToHostSchema = v.variant('type', [
  v.object({ type: v.literal('ready'), query: v.string() }),
  /** Look for runs by a query, as the tree does. */
  v.object({ type: v.literal('find'), query: v.string() }),
  /** Tell all metrics of these runs, for charts. */
  v.object({ type: v.literal('measure'), folders: v.array(v.string()) }),
  /** Keep this for the next time that the table is opened. */
  v.object({ type: v.literal('keep'), state: v.record(v.string(), v.unknown()) }),
  v.object({ type: v.literal('open'), folder: v.string() }),
  v.object({ type: v.literal('act'), action: v.picklist(tableActions), folders: v.array(v.string()) }),
  ...pageMessages,
]);
export type RunsTableToHost = v.InferOutput<typeof runsTableToHostSchema>;

export const hostToRunsTableSchema = v.variant('type', [
  /** Everything, the newest run first. */
  v.object({
    type: v.literal('runs'),
    /** The settings in which runs differ. */
    paths: v.array(v.string()),
    runs: runsInColumnsSchema,
    /** What was kept when the table was last open; null: nothing. */
    kept: v.nullable(v.record(v.string(), v.unknown())),
    /**
     * These are the newest only, for a table that begins with them: of so many runs that are found, and so many that
     * there are. All follow in a message of their own. Absent: these are all.
     */
    newestOf: v.optional(v.object({ found: v.number(), all: v.number() })),
  }),
  /** Says what has changed since: new runs among them, each as a whole; and the folders that are gone. */
  v.object({ type: v.literal('update'), changed: v.array(tableRunSchema), removed: v.array(v.string()) }),
  /** All metrics of runs that were asked for; runs without any are left out. */
  v.object({
    type: v.literal('measured'),
    runs: v.array(v.object({ folder: v.string(), metrics: runMetricsSchema })),
  }),
  /** The runs that a query asks for. */
  v.object({
    type: v.literal('found'),
    query: v.string(),
    folders: v.array(v.string()),
    /** By which rows these were judged, the newest first. */
    rowSets: v.array(rowsSetSchema),
    /** Why the query cannot be understood; all runs are found then. */
    problem: v.nullable(v.object({ at: v.number(), message: v.string() })),
    /** How the query may go on, and what it would then be. */
    completions: v.array(v.object({ label: v.string(), text: v.string() })),
  }),
]);
export type HostToRunsTable = v.InferOutput<typeof hostToRunsTableSchema>;
