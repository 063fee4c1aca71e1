import { didYouMean } from '../../experiment/near.js';
import type { Experiment } from '../../experiment/schema.js';
import { ExperimentError } from '../../experiment/experiment-error.js';
import { mostlyNumeric, textInNumbers, type ReadOptions } from '../read/csv.js';
import { countOf, type Database } from '../duckdb/database.js';
import { quoted } from '../../shared/sql.js';
import { listCodedTexts, listTexts, type Dictionary } from '../read/dictionary.js';
import { columnNamed, oneColumnHint } from '../read/expression.js';
import { isText, numberFacts, textFacts, type ColumnFacts } from './column-facts.js';
import { embeddingWidth, inferColumn, onehotLimit, type Inference } from './infer.js';
import { placeOfRow, rawName, rowNumber, type SourceColumn, type SourceTable } from '../read/source-table.js';

export type ScaleName = 'standard' | 'minmax' | 'log' | 'quantile' | 'none';

/** How a column will be used. */
export type PlannedColumn = SourceColumn & { readonly why: string } & (
    | { readonly use: 'numeric'; readonly scale: ScaleName }
    | {
        readonly use: 'categorical';
        /** Null: one-hot or embedding, as many values as the training rows turn out to have. */
        readonly encode: 'onehot' | { readonly embedding: number } | null;
        readonly minCount: number | null;
      }
    | { readonly use: 'ignored' | 'label' | 'weight' | 'split' }
  );

/** The columns that are no features, because something else is made of them. */
export interface UsedColumns {
  readonly label: ReadonlySet<string>;
  readonly weight: ReadonlySet<string>;
  readonly split: ReadonlySet<string>;
}

/**
 * Decides what each column is for. The texts that had to be listed on the way are returned, to be listed once
 * only.
 */
export async function planColumns(
  db: Database,
  table: SourceTable,
  experiment: Experiment,
  used: UsedColumns,
): Promise<{ columns: PlannedColumn[]; dictionaries: Map<string, Dictionary> }> {
  const read = experiment.data.read ?? {};
  const declared = declaredColumns(experiment, table);
  const synthetic = typeof experiment.data.source === 'object' && 'synthetic' in experiment.data.source;
  const open = table.columns.filter(
    (column) => !declared.has(column.name) && useOf(column.name, used) === null,
  );
  // Labels of synthetic data that no task names are still labels.
  const labels = new Set(
    synthetic ? open.filter((column) => /^y\d+$/.test(column.name)).map((column) => column.name) : [],
  );
  const facts = new Map<string, ColumnFacts>();
  for (const one of await numberFacts(
    db,
    table,
    open.filter((column) => !isText(column.type)),
  ))
    facts.set(one.name, one);
  const dictionaries = new Map<string, Dictionary>();
  for (const column of open.filter((candidate) => isText(candidate.type))) {
    const dictionary = await listColumn(db, table, column, read);
    dictionaries.set(column.name, dictionary);
    facts.set(column.name, await textFacts(db, table, column, dictionary));
  }
  for (const one of facts.values()) await checkMostlyNumeric(db, table, one, read);
  const columns = table.columns.map((column): PlannedColumn => {
    const settings = declared.get(column.name);
    if (settings !== undefined) return planDeclared(column, settings);
    const use = useOf(column.name, used);
    if (use !== null)
      return { ...column, use, why: `the ${use === 'split' ? 'split is' : `${use} is`} made of it` };
    if (labels.has(column.name)) return { ...column, use: 'ignored', why: 'a label that no task learns' };
    // What the paper draws from N(0, 1) stays as it is drawn.
    if (synthetic) return { ...column, use: 'numeric', scale: 'none', why: 'drawn from N(0, 1)' };
    return planInferred(column, inferColumn(facts.get(column.name)!));
  });
  return { columns, dictionaries };
}

/** Lists a column's texts, as they are in a table where it is of `type`. */
export const listColumn = (
  db: Database,
  table: SourceTable,
  column: SourceColumn,
  read: ReadOptions,
  type = column.type,
): Promise<Dictionary> => {
  const list = `${table.view}:${column.name}`;
  const coded = table.coded.get(column.name);
  if (coded !== undefined && type === 'VARCHAR')
    return listCodedTexts(db, { from: quoted(table.raw), column: column.name, coded, type: list }, read);
  const viewed = castToText(quoted(rawName(column)), column, type);
  // Not over the view: to take that apart, column by column, costs more than to list the texts.
  const own =
    coded === undefined
      ? { from: quoted(table.raw), sql: castToText(quoted(column.name), column, type) }
      : { from: quoted(table.view), sql: viewed };
  return listTexts(db, { ...own, viewed, type: list }, read);
};

const castToText = (sql: string, column: SourceColumn, type: string): string =>
  column.type === type || type === 'VARCHAR' ? `${sql}::varchar` : `try_cast(${sql} as ${type})::varchar`;

type Declared = Experiment['columns'][string];

function declaredColumns(experiment: Experiment, table: SourceTable): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  for (const [key, settings] of Object.entries(experiment.columns)) {
    const column = columnNamed(table.columns, key);
    if (column === undefined) {
      const names = table.columns.map((one) => one.name);
      const message = `${table.title} has no column "${key}"${oneColumnHint(table) || didYouMean(key, names)}`;
      throw new ExperimentError('data.no-column', message, ['columns', key]);
    }
    declared.set(column.name, settings);
  }
  return declared;
}

function useOf(column: string, used: UsedColumns): 'label' | 'weight' | 'split' | null {
  if (used.label.has(column)) return 'label';
  if (used.weight.has(column)) return 'weight';
  return used.split.has(column) ? 'split' : null;
}

function planDeclared(column: SourceColumn, settings: Declared): PlannedColumn {
  const why = 'as the experiment says';
  if (settings === 'ignore') return { ...column, use: 'ignored', why };
  if (settings.kind === 'numeric')
    return { ...column, use: 'numeric', scale: settings.scale ?? 'standard', why };
  return {
    ...column,
    use: 'categorical',
    encode: settings.encode ?? null,
    minCount: settings.minCount ?? null,
    why,
  };
}

function planInferred(column: SourceColumn, { kind, why }: Inference): PlannedColumn {
  if (kind === 'numeric') return { ...column, use: 'numeric', scale: 'standard', why };
  if (kind === 'categorical') return { ...column, use: 'categorical', encode: null, minCount: null, why };
  return { ...column, use: 'ignored', why };
}

/**
 * One-hot while that is narrow, else an embedding; rare values of an embedded column share the index of
 * unseen ones.
 */
export function encodingOf(values: number): 'onehot' | { embedding: number } {
  return values <= onehotLimit ? 'onehot' : { embedding: embeddingWidth(values) };
}

/** A text or two among numbers is a mistake in the data, not a category. */
async function checkMostlyNumeric(
  db: Database,
  table: SourceTable,
  facts: ColumnFacts,
  read: ReadOptions,
): Promise<void> {
  const values = facts.distinct ?? 0;
  const texts = values - facts.numericTexts;
  if (!isText(facts.type) || texts === 0 || facts.numericTexts < 10 || texts > mostlyNumeric * values) return;
  await failOnTexts(db, table, facts.name, read);
}

/**
 * Throws an InputError for the first text in a column that is meant to be numbers; returns where there is
 * none.
 */
export async function failOnTexts(
  db: Database,
  table: SourceTable,
  column: string,
  read: ReadOptions,
  where = 'true',
): Promise<void> {
  const value = quoted(column);
  const bad = `${value} is not null and try_cast(${value} as double) is null`;
  const found = await db.row(
    `select count(*) filter (where ${bad}) as wrong, min(${quoted(rowNumber)}) filter (where ${bad}) as first,
       arg_min(${value}, ${quoted(rowNumber)}) filter (where ${bad}) as value from ${quoted(table.view)} where ${where}`,
  );
  if (countOf(found['wrong']) === 0) return;
  const place = await placeOfRow(db, table, countOf(found['first']), column, read);
  throw textInNumbers(
    column,
    String(found['value']),
    place.row ?? 1,
    countOf(found['wrong']),
    place.file === undefined ? {} : { file: place.file },
  );
}
