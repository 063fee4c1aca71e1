import { ExperimentError } from '../../experiment/experiment-error.js';
import type { JsonPath } from '../../experiment/place.js';
import type { Experiment, Source } from '../../experiment/schema.js';
import { InputError } from '../../shared/errors.js';
import { quoted } from '../../shared/sql.js';
import { countOf, type Database } from '../duckdb/database.js';
import { saidOfSql } from '../duckdb/refusal.js';
import { checkTypes } from './check-types.js';
import type { CsvLayouts } from './csv/csv-layout.js';
import { columnNamed, noSuchColumn, readCondition, type Expression } from './table/expression.js';
import { loadSource, lookAhead, type Reading } from './load-source.js';
import { heldOutParts, type HeldOutPart, type Selection, type Selections } from './table/selection.js';
import type { Folders } from './files/source-files.js';
import { sourceKind, splitKind } from './source-kind.js';
import { valuesOf, type SourceColumn, type SourceTable } from './table/source-table.js';
import type { TextType } from './texts/text-types.js';

/** Reads an experiment's sources into the database. Throws InputErrors. */
export async function loadSelections(
  db: Database,
  experiment: Experiment,
  folders: Folders,
): Promise<Selections> {
  const { data } = experiment;
  await checkTypes(db, data.read ?? {});
  const layouts: CsvLayouts = new Map();
  const common = { folders, read: data.read ?? {}, layouts };
  // Beside the first source, because to look at a layout keeps one thread busy only.
  const ahead = lookAtSplits(db, experiment, common);
  const reading = { ...common, types: wantedTypes(experiment) };
  const table = await loadAt(db, 'data', data.source, reading, ['data', 'source']).finally(() => ahead);
  for (const column of Object.keys(table.read.types ?? {})) {
    if (columnNamed(table.columns, column) === undefined)
      throw noSuchColumn(column, table, ['data', 'read', 'types', column], 'data.read.types');
  }
  const selections = [{ table, where: await sqlOfCondition(db, table, data.where, ['data', 'where']) }];
  const conditions: Record<HeldOutPart, Expression | null> = { validation: null, test: null };
  const ownSelection: Record<HeldOutPart, number | null> = { validation: null, test: null };
  for (const part of heldOutParts) {
    const split = splitKind(data[part]);
    if (split.kind === 'condition')
      conditions[part] = await readCondition(db, table, split.where, ['data', part, 'where']);
    if (split.kind !== 'source') continue;
    ownSelection[part] = selections.length;
    selections.push(await loadSplit(db, experiment, part, split, table, common));
  }
  const pathOf = (index: number): JsonPath =>
    index === 0 ? ['data', 'where'] : ['data', ownSelection.test === index ? 'test' : 'validation'];
  for (const [index, selection] of selections.entries()) await failOnNoRows(db, selection, pathOf(index));
  return { selections, ownSelection, conditions };
}

/** Reads a source; a mistake in a query, and not in a file, is a mistake in the experiment. */
async function loadAt(
  db: Database,
  name: string,
  source: Source,
  reading: Reading,
  path: JsonPath,
): Promise<SourceTable> {
  return loadSource(db, name, source, reading).catch((error: unknown) => {
    if (!(error instanceof InputError) || error instanceof ExperimentError || error.place.file !== undefined)
      throw error;
    const at = sourceKind(source).kind === 'query' ? [...path, 'sql'] : path;
    throw new ExperimentError(error.code, error.message, at, error.place, error.cause);
  });
}

/**
 * Returns the DuckDB types that the experiment asks for, and texts for its categories, so that 012 stays 012.
 */
function wantedTypes(experiment: Experiment): Map<string, TextType> {
  const types = new Map<string, TextType>();
  for (const [column, settings] of Object.entries(experiment.columns)) {
    if (settings === 'ignore') continue;
    const isText =
      settings.kind === 'categorical' || (settings.kind === 'set' && settings.separator !== undefined);
    if (isText) types.set(column.toLowerCase(), { type: 'VARCHAR' });
  }
  for (const [column, type] of Object.entries(experiment.data.read?.types ?? {}))
    types.set(column.toLowerCase(), { type });
  return types;
}

async function lookAtSplits(
  db: Database,
  { data }: Experiment,
  reading: Required<Omit<Reading, 'types' | 'mayDiffer'>>,
): Promise<void> {
  for (const part of heldOutParts) {
    const split = splitKind(data[part]);
    if (split.kind === 'source') await lookAhead(await db.beside(), split.source, reading);
  }
}

/**
 * Reads a split's own source with the types of the experiment's source, so that the same text means the same.
 * Other texts are only refused in columns of which that source says something, and that are in use.
 */
async function loadSplit(
  db: Database,
  experiment: Experiment,
  part: HeldOutPart,
  split: { readonly source: Source; readonly where: string | undefined },
  main: SourceTable,
  common: Omit<Reading, 'types'>,
): Promise<Selection> {
  const given = new Map(
    Object.entries(experiment.data.read?.types ?? {}).map(([name, type]) => [name.toLowerCase(), { type }]),
  );
  const columns = new Map(main.columns.map((column) => [column.name.toLowerCase(), column]));
  const types = new Map<string, TextType>([...columns, ...given]);
  const ignored = namesIn(experiment.columns, (settings) => settings === 'ignore');
  const mayDiffer = async (name: string): Promise<boolean> => {
    const column = columns.get(name.toLowerCase());
    if (column === undefined || given.has(name.toLowerCase())) return false;
    return ignored.has(name.toLowerCase()) || !(await hasValues(db, main, column));
  };
  const reading = { ...common, types, mayDiffer };
  const table = await loadAt(db, part, split.source, reading, ['data', part, 'source']);
  const conditions = [
    await sqlOfCondition(db, table, split.where, ['data', part, 'where']),
    await sqlOfCondition(db, table, experiment.data.where, ['data', 'where']),
  ].filter((one) => one !== null);
  return { table, where: conditions.length === 0 ? null : conditions.join(' and ') };
}

/** Returns the names of columns for which something is written, in lower case. */
function namesIn<T>(
  columns: Readonly<Record<string, T>>,
  which: (one: T) => boolean = () => true,
): Set<string> {
  const found = Object.entries(columns).filter(([, one]) => which(one));
  return new Set(found.map(([name]) => name.toLowerCase()));
}

async function hasValues(db: Database, table: SourceTable, column: SourceColumn): Promise<boolean> {
  const present = `${valuesOf(table, column)} is not null`;
  const found = await db.rows(`select 1 from ${quoted(table.raw)} where ${present} limit 1`);
  return found.length > 0;
}

const sqlOfCondition = async (
  db: Database,
  table: SourceTable,
  written: string | undefined,
  path: JsonPath,
): Promise<string | null> =>
  written === undefined ? null : (await readCondition(db, table, written, path)).sql;

async function failOnNoRows(db: Database, { table, where }: Selection, path: JsonPath): Promise<void> {
  if (where === null) return;
  const found = await db
    .row(`select count(*) as n from ${quoted(table.view)} where ${where}`)
    .catch((error: unknown) => {
      const message = `the condition cannot be computed: ${saidOfSql(error)}`;
      throw new ExperimentError('data.condition', message, path);
    });
  if (countOf(found['n']) > 0) return;
  const message = `no row of ${table.title} meets this condition; loosen it`;
  throw new ExperimentError('data.no-matching-rows', message, path);
}
