import * as v from 'valibot';
import { stateChooser } from '../../ui/page/page-events.js';
import { commonChoices, nameList, restoreFields } from '../../ui/page/page-state.js';

/** What the charts below the table show. */
export const chartKinds = ['setting', 'distribution', 'tasks', 'parallel'] as const;
export type ChartKind = (typeof chartKinds)[number];

/** What a person has chosen in the table of runs; it survives hiding, reloading and closing. */
const tableStateSchema = v.object({
  query: v.fallback(v.string(), ''),
  /** Ids of the columns, in their order; null: those that tell these runs apart. */
  columns: v.fallback(v.nullable(v.array(v.string())), null),
  /** The first counts most; empty: the newest run first. */
  sort: v.fallback(v.array(v.object({ column: v.string(), descending: v.boolean() })), []),
  /** The id of the column whose values the runs are grouped by; empty: they are not. */
  group: v.fallback(v.string(), ''),
  /** Keys of the groups that are closed. */
  closed: nameList,
  /** The folder of the run that differences are to; null: none is pinned. */
  baseline: v.fallback(v.nullable(v.string()), null),
  /** Whether the charts are shown, and which. */
  charts: v.fallback(v.boolean(), false),
  chart: v.fallback(v.picklist(chartKinds), 'setting'),
  /** What they show, by name; null: what is usual. */
  chartTask: v.fallback(v.nullable(v.string()), null),
  chartMetric: v.fallback(v.nullable(v.string()), null),
  chartSetting: v.fallback(v.nullable(v.string()), null),
  across: v.fallback(v.nullable(v.string()), null),
  up: v.fallback(v.nullable(v.string()), null),
  /** The rows whose runs they show, by their label; null: those of the most runs. */
  chartRows: v.fallback(v.nullable(v.string()), null),
  /** What runs are left out by, as shares of axes. */
  brushes: v.fallback(v.array(v.object({ axis: v.string(), from: v.number(), to: v.number() })), []),
  ...commonChoices,
});
export type TableState = v.InferOutput<typeof tableStateSchema>;

/** Reads the state that the host has kept, whatever it is. */
export const restoreTableState = (saved: unknown): TableState => restoreFields(tableStateSchema, saved);

/** Asks the page, from one of its parts, to remember what a person has chosen there. */
export const chooseInTable = stateChooser<TableState>();
