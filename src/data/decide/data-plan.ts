import type { Experiment, Source } from '../../experiment/schema.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import { InputError } from '../../shared/errors.js';
import { planColumns, type PlannedColumn } from './columns.js';
import { countOf, type Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import type { Dictionary } from '../read/dictionary.js';
import type { Layouts } from '../read/csv.js';
import { columnNamed, noSuchColumn, readExpression, type Expression } from '../read/expression.js';
import { isNumber, isText } from './column-facts.js';
import type { Folders } from '../read/source-files.js';
import { planLabel, type PlannedLabel, type Selection } from './plan-label.js';
import { loadSource, lookAhead, type Reading, type SourceTable } from '../read/source-table.js';

/**
 * An experiment's data, read into DuckDB and decided upon: what each column is for, and where each part's
 * rows come from.
 */
export interface DataPlan {
  /** The experiment's source first, then those of the splits that have their own. */
  readonly selections: readonly Selection[];
  /** Index of the selection that a split brings; null: its rows come from the experiment's source. */
  readonly ownSelection: { readonly validation: number | null; readonly test: number | null };
  /** Conditions of the splits that have one on the experiment's source. */
  readonly conditions: { readonly validation: Expression | null; readonly test: Expression | null };
  readonly columns: readonly PlannedColumn[];
  /** Of the first selection's table, by column. */
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
  readonly labels: readonly PlannedLabel[];
  /** By selection. */
  readonly weights: readonly Expression[] | null;
}

/** Reads the sources and decides. Throws InputErrors. */
export async function planData(
  db: Database,
  experiment: Experiment,
  folders: Folders,
  onProgress: (text: string) => void,
): Promise<DataPlan> {
  const { data } = experiment;
  const read = data.read ?? {};
  onProgress('Reading the data');
  const layouts: Layouts = new Map();
  // Beside the first source, as this keeps one thread busy only.
  const ahead = lookAtSplits(db, experiment, { folders, read, layouts });
  const table = await loadAt(
    db,
    'data',
    data.source,
    { folders, read, layouts, types: wantedTypes(experiment) },
    ['data', 'source'],
  ).finally(() => ahead);
  for (const column of Object.keys(read.types ?? {})) {
    if (columnNamed(table.columns, column) === undefined)
      throw noSuchColumn(column, table, ['data', 'read', 'types', column], 'data.read.types');
  }
  const selections: Selection[] = [
    { table, where: await condition(db, table, data.where, ['data', 'where']) },
  ];
  const conditions: { validation: Expression | null; test: Expression | null } = {
    validation: null,
    test: null,
  };
  const ownSelection: { validation: number | null; test: number | null } = { validation: null, test: null };
  for (const part of ['validation', 'test'] as const) {
    const split = data[part];
    if (typeof split !== 'object') continue;
    if ('source' in split) {
      ownSelection[part] = selections.length;
      selections.push(await splitSelection(db, experiment, part, split, table, { folders, read, layouts }));
    } else if ('where' in split)
      conditions[part] = await truthExpression(db, table, split.where, ['data', part, 'where']);
  }
  for (const [i, selection] of selections.entries()) {
    await failOnNoRows(
      db,
      selection,
      i === 0 ? ['data', 'where'] : ['data', ownSelection.test === i ? 'test' : 'validation'],
    );
  }
  onProgress('Looking at the columns');
  const labels: PlannedLabel[] = [];
  for (const [index, task] of experiment.tasks.entries())
    labels.push(await planLabel(db, selections, task, index, read));
  const weights = data.weight === undefined ? null : await weightExpressions(db, selections, data.weight);
  const splitColumns = [conditions.validation, conditions.test].flatMap((one) => one?.columns ?? []);
  const used = {
    label: new Set(labels.flatMap((label) => label.columns)),
    weight: new Set(weights?.[0]?.columns ?? []),
    split: new Set(splitColumns),
  };
  const planned = await planColumns(db, table, experiment, used);
  return { selections, ownSelection, conditions, labels, weights, ...planned };
}

/** Reads a source; what is wrong with a query, and not with a file, is wrong in the experiment. */
async function loadAt(
  db: Database,
  table: string,
  source: Source,
  reading: Reading,
  path: JsonPath,
): Promise<SourceTable> {
  return loadSource(db, table, source, reading).catch((error: unknown) => {
    if (!(error instanceof InputError) || error instanceof ExperimentError || error.place.file !== undefined)
      throw error;
    const at = typeof source === 'object' && 'sql' in source ? [...path, 'sql'] : path;
    throw new ExperimentError(error.code, error.message, at, error.place);
  });
}

/** DuckDB types that the experiment asks for: its own, and texts for categories, so that 012 stays 012. */
function wantedTypes(experiment: Experiment): Map<string, string> {
  const types = new Map<string, string>();
  for (const [column, settings] of Object.entries(experiment.columns)) {
    if (settings !== 'ignore' && settings.kind === 'categorical') types.set(column.toLowerCase(), 'VARCHAR');
  }
  for (const [column, type] of Object.entries(experiment.data.read?.types ?? {}))
    types.set(column.toLowerCase(), type);
  return types;
}

async function lookAtSplits(
  db: Database,
  { data }: Experiment,
  reading: Required<Omit<Reading, 'types'>>,
): Promise<void> {
  for (const split of [data.validation, data.test])
    if (typeof split === 'object' && 'source' in split)
      await lookAhead(await db.beside(), split.source, reading);
}

/**
 * A split's own source: read with the types of the experiment's source, so that the same text means the same.
 */
async function splitSelection(
  db: Database,
  experiment: Experiment,
  part: 'validation' | 'test',
  split: { readonly source: Source; readonly where?: string | undefined },
  main: SourceTable,
  common: Omit<Reading, 'types'>,
): Promise<Selection> {
  const types = new Map(main.columns.map((column) => [column.name.toLowerCase(), column.type]));
  const table = await loadAt(db, part, split.source, { ...common, types }, ['data', part, 'source']);
  const own = await condition(db, table, split.where, ['data', part, 'where']);
  const shared = await condition(db, table, experiment.data.where, ['data', 'where']);
  const both = [own, shared].filter((one) => one !== null);
  return { table, where: both.length === 0 ? null : both.join(' and ') };
}

async function condition(
  db: Database,
  table: SourceTable,
  written: string | undefined,
  path: JsonPath,
): Promise<string | null> {
  return written === undefined ? null : (await truthExpression(db, table, written, path)).sql;
}

async function truthExpression(
  db: Database,
  table: SourceTable,
  written: string,
  path: JsonPath,
): Promise<Expression> {
  const expression = await readExpression(db, table, written, path, 'condition');
  if (expression.type === 'BOOLEAN') return expression;
  const message = `condition "${written}" is ${expression.type.toLowerCase()}, not true or false; compare it with something`;
  throw new ExperimentError('data.condition', message, path);
}

async function failOnNoRows(db: Database, { table, where }: Selection, path: JsonPath): Promise<void> {
  if (where === null) return;
  const found = await db
    .row(`select count(*) as n from ${quoted(table.view)} where ${where}`)
    .catch((error: unknown) => {
      throw new ExperimentError(
        'data.condition',
        `the condition cannot be computed: ${error instanceof Error ? error.message.split('\n')[0]! : ''}`,
        path,
      );
    });
  if (countOf(found['n']) > 0) return;
  throw new ExperimentError(
    'data.no-matching-rows',
    `no row of ${table.title} meets this condition; loosen it`,
    path,
  );
}

async function weightExpressions(
  db: Database,
  selections: readonly Selection[],
  written: string,
): Promise<Expression[]> {
  const path = ['data', 'weight'];
  const expressions: Expression[] = [];
  for (const { table } of selections) {
    const expression = await readExpression(db, table, written, path, 'weight');
    if (!isNumber(expression.type) && expression.type !== 'BOOLEAN') {
      const hint = isText(expression.type) ? 'a text' : expression.type.toLowerCase();
      throw new ExperimentError('data.weight', `weight "${written}" is ${hint}; it must be a number`, path);
    }
    expressions.push(expression);
  }
  return expressions;
}

/** A column of another table by the name it has in the first; throws where it is absent. */
export function sameColumn(table: SourceTable, column: string): SourceTable['columns'][number] {
  const found = columnNamed(table.columns, column);
  if (found !== undefined) return found;
  const file = table.files[0];
  const message = `${table.title} has no column "${column}", which the model needs; columns are matched by name`;
  throw new InputError('data.no-column', message, file === undefined ? {} : { file });
}
