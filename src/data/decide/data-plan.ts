import { ExperimentError } from '../../experiment/experiment-error.js';
import type { Experiment } from '../../experiment/schema.js';
import type { Database } from '../duckdb/database.js';
import { isNumber, isText } from '../duckdb/type-kind.js';
import type { Dictionary } from '../read/dictionary.js';
import { readExpression, type Expression } from '../read/expression.js';
import { heldOutParts, type Selection, type Selections } from '../read/selection.js';
import { planColumns, type Feature, type PlannedColumn } from './plan-columns.js';
import { planLabel, type PlannedLabel } from './plan-label.js';

/** An experiment's data, read into DuckDB and decided upon. */
export interface DataPlan extends Selections {
  /** All columns, each with its use. */
  readonly columns: readonly PlannedColumn[];
  /** The columns that are features, in order. */
  readonly features: readonly (PlannedColumn & Feature)[];
  /** The texts of the first selection's table, by column. */
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
  readonly labels: readonly PlannedLabel[];
  /** The rows' weights by selection; null: all 1. */
  readonly weights: readonly Expression[] | null;
}

/** Decides what labels, weights and columns are. Throws InputErrors. */
export async function planData(db: Database, loaded: Selections, experiment: Experiment): Promise<DataPlan> {
  const { selections, conditions } = loaded;
  const labels: PlannedLabel[] = [];
  for (const [index, task] of experiment.tasks.entries())
    labels.push(await planLabel(db, selections, task, index));
  const { weight } = experiment.data;
  const weights = weight === undefined ? null : await weightExpressions(db, selections, weight);
  const { columns, dictionaries } = await planColumns(db, selections[0]!.table, experiment, {
    label: new Set(labels.flatMap((label) => label.columns)),
    weight: new Set(weights?.[0]?.columns ?? []),
    split: new Set(heldOutParts.flatMap((part) => conditions[part]?.columns ?? [])),
  });
  return { ...loaded, columns, features: columns.filter(isFeature), dictionaries, labels, weights };
}

const isFeature = (column: PlannedColumn): column is PlannedColumn & Feature =>
  column.use === 'numeric' || column.use === 'categorical';

async function weightExpressions(
  db: Database,
  selections: readonly Selection[],
  written: string,
): Promise<Expression[]> {
  const path = ['data', 'weight'];
  const expressions: Expression[] = [];
  for (const { table } of selections) {
    const expression = await readExpression(db, table, written, path, 'weight');
    const { type } = expression;
    if (!isNumber(type) && type !== 'BOOLEAN') {
      const found = isText(type) ? 'a text' : type.toLowerCase();
      throw new ExperimentError('data.weight', `weight "${written}" is ${found}; it must be a number`, path);
    }
    expressions.push(expression);
  }
  return expressions;
}
