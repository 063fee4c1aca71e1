import { ExperimentError } from '../../experiment/experiment-error.js';
import { didYouMean } from '../../experiment/near.js';
import type { Experiment } from '../../experiment/schema.js';
import { scaleParts, type ScaleParts } from '../../experiment/schema/columns.js';
import type { Database } from '../duckdb/database.js';
import { isFloat, isInteger, isList, isText } from '../duckdb/type-kind.js';
import { mostlyNumeric } from '../read/csv/csv-explaining.js';
import { asValues } from '../read/texts/clean-text.js';
import { listColumn, type Dictionary } from '../read/table/dictionary.js';
import { columnNamed, oneColumnHint } from '../read/table/expression.js';
import { failOnTexts } from '../read/fail-on-texts.js';
import { sourceKind } from '../read/source-kind.js';
import { isOutcome } from '../simulate/recommender-rows.js';
import { valuesOf, type SourceColumn, type SourceTable } from '../read/table/source-table.js';
import { quoted } from '../../shared/sql.js';
import { Texts } from '../texts/texts.js';
import { numberFacts, textFacts, type ColumnFacts } from './column-facts.js';
import { areCodes, identityOf, inferColumn, type Inference } from './infer.js';
import { notesOnSentinels } from './sentinels.js';
import { notesOnDays, notesOnTexts } from './text-notes.js';

/** The settings of a column in an experiment. */
type Declared = Experiment['columns'][string];
type DeclaredAs<Kind> = Extract<Declared, { kind: Kind }>;

/** How a column will be used. */
export type PlannedColumn = SourceColumn & { readonly why: string } & (
    | {
        readonly use: 'numeric';
        /** Null: as it is chosen for the number of training rows. */
        readonly scale: ScaleParts | null;
      }
    | {
        readonly use: 'categorical';
        /** Null: one-hot or embedding, depending on how many values the training rows turn out to have. */
        readonly encode: NonNullable<DeclaredAs<'categorical'>['encode']> | null;
        readonly minCount: number | null;
        /** Null: as many as there are. */
        readonly maxValues: number | null;
        /** The column whose embeddings it uses; null: it has its own. */
        readonly shares: string | null;
        /** What tells a field's several values apart; null: it has one. */
        readonly set: SetOfValues | null;
      }
    | { readonly use: 'ignored' | UsedFor }
  );

/** What tells the values of a field apart. */
export interface SetOfValues {
  /** The sign between values of a text; null: they are a list's. */
  readonly separator: string | null;
  /** The sign between a value and its weight; absent: all weigh 1. */
  readonly weights?: string;
  /** What becomes of them; absent: as it suits how they are encoded. */
  readonly pool?: 'mean' | 'sum';
}

/** A feature, as planned or as an encoder has it, with its name and type in the training table. */
export interface Feature extends SourceColumn {
  readonly use: 'numeric' | 'categorical';
  /** There, and not null, where a field has several values. */
  readonly set?: Pick<SetOfValues, 'separator'> | null | undefined;
}

const usesOfColumns = ['label', 'teacher', 'weight', 'split'] as const;
/** The other uses of a column, which is no feature then. */
type UsedFor = (typeof usesOfColumns)[number];

/** All uses of a column. */
export const columnUses = ['numeric', 'categorical', 'ignored', ...usesOfColumns] as const;

/** The columns that are no features, because something else is made of them. */
export type UsedColumns = Readonly<Record<UsedFor, ReadonlySet<string>>>;

/** Why a column is used or left out as the experiment says. */
export const declaredWhy = 'as the experiment says';

/** A table, and as much of it as says what its columns are. */
interface Tables {
  readonly table: SourceTable;
  readonly counted: SourceTable;
}

/**
 * Decides what each column is for. The texts that had to be listed on the way are returned, so that they are
 * listed only once.
 */
export async function planColumns(
  db: Database,
  { table, counted }: Tables,
  experiment: Experiment,
  used: UsedColumns,
): Promise<{ columns: PlannedColumn[]; dictionaries: Map<string, Dictionary>; notes: string[] }> {
  const declared = declaredColumns(experiment, table);
  const open = table.columns.filter(({ name }) => !declared.has(name) && useOf(name, used) === null);
  const { facts, dictionaries } = await lookAt(db, { table, counted }, open);
  for (const one of facts.values()) await checkMostlyNumeric(db, table, one);
  const newer = experiment.defaults === 2;
  const { scale } = experiment.data;
  const standard = scale === undefined && newer ? null : scaleParts(scale ?? 'standard');
  const { kind: source } = sourceKind(experiment.data.source);
  const columns = table.columns.map((column): PlannedColumn => {
    const settings = declared.get(column.name);
    if (settings !== undefined) return planDeclared(column, settings, standard);
    const use = useOf(column.name, used);
    if (use !== null) return { ...column, use, why: whyUsed[use] };
    if (source === 'synthetic') return planSynthetic(column);
    if (source === 'simulator' && isOutcome(column.name)) return planOutcome(column);
    return planInferred(column, inferColumn(facts.get(column.name)!, newer), standard);
  });
  const numbers = columns.filter(
    ({ name, use, type }) => use === 'numeric' && facts.has(name) && !isText(type),
  );
  const sentinels = await notesOnSentinels(
    db,
    table,
    source === 'files' || source === 'query' ? numbers : [],
  );
  const notes = [
    ...columns.flatMap((column) => notesOn(column, facts.get(column.name), dictionaries, newer)),
    ...sentinels.values(),
  ];
  return { columns, dictionaries, notes };
}

/** So many different texts of a column are looked at for notes. */
const textsForNotes = 2000;

/** Returns what should be known of a column about which the experiment says nothing. */
function notesOn(
  { name, use }: PlannedColumn,
  facts: ColumnFacts | undefined,
  dictionaries: ReadonlyMap<string, Dictionary>,
  newer: boolean,
): string[] {
  if (facts === undefined || (use === 'ignored' && !isText(facts.type))) return [];
  if (use === 'numeric' && areCodes(facts) && !newer)
    return [
      `column "${name}" has digits with zeros before them, as codes have, and counts as numbers; ` +
        'set it to categorical, or "defaults": 2 for the whole file',
    ];
  const identity = newer ? null : identityOf(facts);
  if (identity !== null)
    return [
      `column "${name}" is a feature, and seems to be ${identity}; ` +
        'set it to "ignore", or set "defaults" to 2, which leaves such columns out',
    ];
  if (use === 'categorical' && isFloat(facts.type))
    return [
      `column "${name}" is categorical: whole numbers, by its name codes, written with a fraction of 0`,
    ];
  if (use === 'numeric' && isInteger(facts.type)) return notesOnDays(facts);
  const texts = dictionaries.get(name)?.texts.first(textsForNotes) ?? [];
  return notesOnTexts(name, [...new Set(texts.filter((text) => text !== null))]);
}

export const whyUsed: Record<UsedFor, string> = {
  label: 'the label is made of it',
  teacher: 'a teacher is made of it',
  weight: 'the weight is made of it',
  split: 'the split is made of it',
};

const useOf = (column: string, used: UsedColumns): UsedFor | null =>
  usesOfColumns.find((use) => used[use].has(column)) ?? null;

/** Returns the different texts of a column, as `listColumn` lists them. */
async function textsOf(db: Database, table: SourceTable, column: SourceColumn): Promise<Dictionary['texts']> {
  const value = `${valuesOf(table, column)}::varchar as value`;
  const found = await db.rows(`select distinct ${value} from ${quoted(table.raw)}`);
  return asValues(Texts.from(found.map((row) => (typeof row['value'] === 'string' ? row['value'] : null))));
}

/** Looks at the columns about which the experiment says nothing. */
async function lookAt(
  db: Database,
  { table, counted }: Tables,
  columns: readonly SourceColumn[],
): Promise<{ facts: Map<string, ColumnFacts>; dictionaries: Map<string, Dictionary> }> {
  const numbers = columns.filter(({ type }) => !isText(type));
  const facts = new Map((await numberFacts(db, counted, numbers)).map((one) => [one.name, one]));
  const dictionaries = new Map<string, Dictionary>();
  for (const column of columns.filter(({ type }) => isText(type))) {
    const dictionary = await listColumn(db, table, column);
    dictionaries.set(column.name, dictionary);
    const texts = counted === table ? dictionary.texts : await textsOf(db, counted, column);
    facts.set(column.name, await textFacts(db, counted, column, texts));
  }
  return { facts, dictionaries };
}

function declaredColumns(experiment: Experiment, table: SourceTable): Map<string, Declared> {
  const declared = new Map<string, Declared>();
  for (const [key, settings] of Object.entries(experiment.columns)) {
    const column = columnNamed(table.columns, key);
    if (column === undefined) {
      const names = table.columns.map(({ name }) => name);
      const hint = oneColumnHint(table) || didYouMean(key, names);
      const message = `${table.title} has no column "${key}"${hint}`;
      throw new ExperimentError('data.no-column', message, ['columns', key]);
    }
    declared.set(column.name, settings);
  }
  return declared;
}

/** `standard`: the scale of numbers for which nothing is said; null: it is chosen later. */
export function planDeclared(
  column: SourceColumn,
  settings: Declared,
  standard: ScaleParts | null,
): PlannedColumn {
  const why = declaredWhy;
  if (settings === 'ignore') return { ...column, use: 'ignored', why };
  switch (settings.kind) {
    case 'numeric':
      return {
        ...column,
        use: 'numeric',
        scale: settings.scale === undefined ? standard : scaleParts(settings.scale),
        why,
      };
    case 'categorical': {
      const { encode = null, minCount = null, maxValues = null, shares = null } = settings;
      return { ...column, use: 'categorical', encode, minCount, maxValues, shares, set: null, why };
    }
    case 'set':
      return planSet(column, settings);
  }
}

/** Decides how a field of several values is read. Throws an ExperimentError where it cannot be. */
function planSet(column: SourceColumn, settings: DeclaredAs<'set'>): PlannedColumn {
  const { encode = null, minCount = null, maxValues = null, shares = null } = settings;
  const { separator = null, weights, pool } = settings;
  const { name, type } = column;
  const path = ['columns', name, 'separator'];
  if (isList(type) && separator !== null)
    throw new ExperimentError(
      'data.set',
      `"${name}" is a list, whose values no sign separates; leave this out`,
      path,
    );
  if (!isList(type) && !isText(type))
    throw new ExperimentError('data.set', `"${name}" is ${type}: no list, and no text`, ['columns', name]);
  if (!isList(type) && separator === null) {
    const message = `"${name}" is a text; say what stands between its values: "separator": "|"`;
    throw new ExperimentError('data.set', message, ['columns', name]);
  }
  const set: SetOfValues = {
    separator,
    ...(weights !== undefined && { weights }),
    ...(pool !== undefined && { pool }),
  };
  return { ...column, use: 'categorical', encode, minCount, maxValues, shares, set, why: declaredWhy };
}

/** Why a label of drawn rows is left out. */
const unlearned = 'a label that no task learns';

/** Decides what a label of a simulated log is that no task names. */
export const planOutcome = (column: SourceColumn): PlannedColumn => ({
  ...column,
  use: 'ignored',
  why: unlearned,
});

/** Decides what a column of the paper's synthetic data is, which the experiment says nothing about. */
export function planSynthetic(column: SourceColumn): PlannedColumn {
  // Labels of synthetic data that no task names are still labels.
  if (/^y\d+$/.test(column.name)) return { ...column, use: 'ignored', why: unlearned };
  // Inputs that the paper draws from N(0, 1) stay as they are drawn.
  return { ...column, use: 'numeric', scale: scaleParts('none'), why: 'drawn from N(0, 1)' };
}

export function planInferred(
  column: SourceColumn,
  { kind, why }: Inference,
  standard: ScaleParts | null,
): PlannedColumn {
  switch (kind) {
    case 'numeric':
      return { ...column, use: 'numeric', scale: standard, why };
    case 'categorical':
      return {
        ...column,
        use: 'categorical',
        encode: null,
        minCount: null,
        maxValues: null,
        shares: null,
        set: null,
        why,
      };
    case 'ignored':
      return { ...column, use: 'ignored', why };
  }
}

/** Throws an InputError for a text or two among numbers, which are a mistake in the data, not categories. */
async function checkMostlyNumeric(db: Database, table: SourceTable, facts: ColumnFacts): Promise<void> {
  const values = facts.distinct ?? 0;
  const texts = values - facts.numericTexts;
  if (!isText(facts.type) || texts === 0 || facts.numericTexts < 10 || texts > mostlyNumeric * values) return;
  await failOnTexts(db, table, facts.name, null);
}
