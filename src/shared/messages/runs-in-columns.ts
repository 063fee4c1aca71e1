import * as v from 'valibot';
import { runStatuses } from '../run/run-manifest.js';
import { taskKinds } from '../task-kinds.js';
import {
  comparisonSchema,
  rowsSchema,
  valueSchema,
  type TableRun,
  type TableValue,
} from './table-run-schema.js';

/** What many runs have alike is said once: `of` is the place of each run's in `values`. */
const shared = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.object({ values: v.array(schema), of: v.array(v.number()) });

interface Shared<T> {
  readonly values: T[];
  readonly of: number[];
}

/**
 * Very many runs of the table, each field as a list with an entry for each of them. That is written, taken in and
 * checked in a fraction of the time that as many objects take.
 */
export const runsInColumnsSchema = v.object({
  folder: v.array(v.string()),
  id: v.array(v.string()),
  name: v.array(v.string()),
  status: v.array(v.picklist(runStatuses)),
  epoch: v.array(v.nullable(v.number())),
  epochs: v.array(v.nullable(v.number())),
  starred: v.array(v.boolean()),
  archived: v.array(v.boolean()),
  tags: shared(v.array(v.string())),
  experiment: shared(v.nullable(v.string())),
  comparison: shared(comparisonSchema),
  created: v.array(v.string()),
  seconds: v.array(v.number()),
  parameters: v.array(v.nullable(v.number())),
  rows: shared(rowsSchema),
  /** [paths] */
  settings: v.array(shared(valueSchema)),
  tasks: shared(v.array(v.object({ name: v.string(), kind: v.picklist(taskKinds) }))),
  /** The scores of all tasks of a run, validation and test, and then those of the next run. */
  scores: v.array(v.nullable(v.number())),
});
export type RunsInColumns = v.InferOutput<typeof runsInColumnsSchema>;

/** Puts runs into columns, one by one, so that whoever does it can rest between them. */
export class RunColumns {
  readonly columns: RunsInColumns;
  /** The places of the values of each column that has each value once, by their text. */
  private readonly places = new Map<object, Map<string, number>>();

  /** `paths`: how many settings each run has. */
  constructor(paths: number) {
    const none = <T>(): Shared<T> => ({ values: [], of: [] });
    this.columns = {
      ...{ folder: [], id: [], name: [], status: [], epoch: [], epochs: [], starred: [], archived: [] },
      ...{ tags: none(), experiment: none(), comparison: none(), rows: none(), tasks: none() },
      ...{ created: [], seconds: [], parameters: [], scores: [] },
      settings: Array.from({ length: paths }, none<TableValue>),
    };
  }

  add(run: TableRun): void {
    const { columns } = this;
    columns.folder.push(run.folder);
    columns.id.push(run.id);
    columns.name.push(run.name);
    columns.status.push(run.status);
    columns.epoch.push(run.epoch);
    columns.epochs.push(run.epochs);
    columns.starred.push(run.starred);
    columns.archived.push(run.archived);
    columns.created.push(run.created);
    columns.seconds.push(run.seconds);
    columns.parameters.push(run.parameters);
    this.share(columns.tags, run.tags);
    this.share(columns.experiment, run.experiment);
    this.share(columns.comparison, run.comparison);
    this.share(columns.rows, run.rows);
    for (const [path, column] of columns.settings.entries()) this.share(column, run.settings[path] ?? null);
    const scores = Object.entries(run.scores);
    this.share(
      columns.tasks,
      scores.map(([name, { kind }]) => ({ name, kind })),
    );
    for (const [, { validation, test }] of scores) columns.scores.push(validation, test);
  }

  private share<T>(column: Shared<T>, value: T): void {
    const places = this.places.get(column) ?? new Map<string, number>();
    this.places.set(column, places);
    const text = JSON.stringify(value);
    let place = places.get(text);
    if (place === undefined) {
      place = column.values.push(value) - 1;
      places.set(text, place);
    }
    column.of.push(place);
  }
}

/** Returns the runs that were put into columns. Throws where the columns are not equally long. */
export function runsOfColumns(columns: RunsInColumns): TableRun[] {
  const { folder, settings, scores } = columns;
  let score = 0;
  const runs = folder.map((_, at): TableRun => ({
    folder: entry(columns.folder, at),
    id: entry(columns.id, at),
    name: entry(columns.name, at),
    status: entry(columns.status, at),
    epoch: entry(columns.epoch, at),
    epochs: entry(columns.epochs, at),
    starred: entry(columns.starred, at),
    archived: entry(columns.archived, at),
    tags: sharedEntry(columns.tags, at),
    experiment: sharedEntry(columns.experiment, at),
    comparison: sharedEntry(columns.comparison, at),
    created: entry(columns.created, at),
    seconds: entry(columns.seconds, at),
    parameters: entry(columns.parameters, at),
    rows: sharedEntry(columns.rows, at),
    settings: settings.map((column) => sharedEntry(column, at)),
    scores: Object.fromEntries(
      sharedEntry(columns.tasks, at).map(({ name, kind }) => [
        name,
        { kind, validation: entry(scores, score++), test: entry(scores, score++) },
      ]),
    ),
  }));
  if (score !== scores.length) throw new Error('the columns of the runs have more scores than their tasks');
  return runs;
}

function entry<T>(column: readonly T[], at: number): T {
  const value = column[at];
  if (value === undefined) throw new Error('the columns of the runs are not equally long');
  return value;
}

const sharedEntry = <T>({ values, of }: Shared<T>, at: number): T => entry(values, entry(of, at));
