import type { Experiment } from '../../experiment/schema.js';
import type { Database } from '../duckdb/database.js';
import type { Dictionary } from '../read/table/dictionary.js';
import type { Expression } from '../read/table/expression.js';
import type { SourceTable } from '../read/table/source-table.js';
import { heldOutParts, type Selections } from '../read/table/selection.js';
import { planColumns, type Feature, type PlannedColumn } from './plan-columns.js';
import { planLabel, type PlannedLabel } from './plan-label.js';
import { planTeacher, type PlannedTeacher } from './plan-teacher.js';
import { planWeights } from './plan-weights.js';

/** What has been decided about an experiment's data, as far as its rows are encoded by it. */
export interface Decided extends Pick<Selections, 'ownSelection'> {
  readonly selections: readonly { readonly table: Pick<SourceTable, 'title' | 'notes'> }[];
  readonly columns: readonly PlannedColumn[];
  readonly labels: readonly Pick<PlannedLabel, 'name' | 'path' | 'kind' | 'classes'>[];
  readonly teachers: readonly (Pick<PlannedTeacher, 'weight'> | null)[];
  readonly unweighted: number;
  readonly notes: readonly string[];
}

/** An experiment's data, read into DuckDB and decided upon. */
export interface DataPlan extends Selections, Decided {
  readonly selections: Selections['selections'];
  /** All columns, each with its use. */
  readonly columns: readonly PlannedColumn[];
  /** The columns that are features, in order. */
  readonly features: readonly (PlannedColumn & Feature)[];
  /** The texts of the first selection's table, by column. */
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
  readonly labels: readonly PlannedLabel[];
  /** By task: what another model predicts for the first selection's rows; null: there is none. */
  readonly teachers: readonly (PlannedTeacher | null)[];
  /** The rows' weights by selection; null: all 1. */
  readonly weights: readonly Expression[] | null;
  /** How many rows are left out because their weight is 0. */
  readonly unweighted: number;
  /** What was found out about columns, for people. */
  readonly notes: readonly string[];
}

/** Decides what labels, weights and columns are. Throws InputErrors. */
export async function planData(db: Database, loaded: Selections, experiment: Experiment): Promise<DataPlan> {
  const planned = await planWeights(db, loaded.selections, experiment);
  const { weights, selections, unweighted, counted } = planned;
  const labels: PlannedLabel[] = [];
  const teachers: (PlannedTeacher | null)[] = [];
  for (const [index, task] of experiment.tasks.entries()) {
    const label = await planLabel(db, selections, task, index);
    labels.push(label);
    teachers.push(await planTeacher(db, selections[0]!, task, label, index));
  }
  const { conditions } = loaded;
  const { columns, dictionaries, notes } = await planColumns(
    db,
    { table: selections[0]!.table, counted },
    experiment,
    {
      label: new Set(labels.flatMap((label) => label.columns)),
      teacher: new Set(teachers.flatMap((teacher) => teacher?.columns ?? [])),
      weight: new Set(weights?.[0]?.columns ?? []),
      split: new Set(heldOutParts.flatMap((part) => conditions[part]?.columns ?? [])),
    },
  );
  const features = columns.filter(isFeature);
  return {
    ...loaded,
    selections,
    columns,
    features,
    dictionaries,
    labels,
    teachers,
    weights,
    unweighted,
    notes: [...labels.flatMap((label) => label.notes), ...notes],
  };
}

const isFeature = (column: PlannedColumn): column is PlannedColumn & Feature =>
  column.use === 'numeric' || column.use === 'categorical';
